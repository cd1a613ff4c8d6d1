import type { ThreadIndex } from '../../apc-model/event.ts';
import type { Trace } from '../../apc-model/trace.ts';
import { marksOf } from '../../timeline/lane-marks.ts';
import { MOST_CHIPS, chipOf, type ChipView } from './chip-view.ts';

/** What stood in the queues when the thread ended. It ends once, so this is looked up once. */
const lostOf = new WeakMap<Trace, Map<ThreadIndex, ChipView[]>>();

export function lostChips(trace: Trace, thread: ThreadIndex): ChipView[] {
  let known = lostOf.get(trace);
  if (known === undefined) lostOf.set(trace, (known = new Map<ThreadIndex, ChipView[]>()));
  let lost = known.get(thread);
  if (lost === undefined) known.set(thread, (lost = findLost(trace, thread)));
  return lost;
}

/** An engine tells each loss before or after the thread's end: they are what it told by then, and what still stood. */
function findLost(trace: Trace, thread: ThreadIndex): ChipView[] {
  const { ended, lostApcs } = marksOf(trace, thread);
  if (ended === undefined) return [];
  const told = lostApcs.slice(lostApcs.first, lostApcs.lowerBound(ended));
  const before = trace.history.atCount(ended).threads.find((one) => one.index === thread);
  const still = [...(before?.specialQueue ?? []), ...(before?.userQueue ?? [])].map(({ apc }) => apc);
  const apcs = [...told.map((event) => trace.table.subject(event)), ...still];
  return apcs
    .slice(0, MOST_CHIPS)
    .map((apc) => chipOf(trace, apc, 'lost'))
    .filter((chip) => chip !== undefined);
}
