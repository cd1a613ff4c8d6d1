import { durationText, resultText, win32Name } from '../../apc-model/call-text.ts';
import { Call, isWait, type ApcId, type EventIndex, type ThreadIndex } from '../../apc-model/event.ts';
import { SpanType, type SpanTrack } from '../../apc-model/span-table.ts';
import { describeActivity } from '../../apc-model/explain.ts';
import type { ApcFrame, QueuedApc, ThreadAt } from '../../apc-model/thread-state.ts';
import type { Trace } from '../../apc-model/trace.ts';
import { marksOf } from '../../timeline/lane-marks.ts';
import type { BoardRow } from '../snapshot.ts';
import { NOT_YET } from '../texts.ts';

/** One APC as a chip. */
export interface ChipView {
  apc: ApcId;
  routine: string;
  origin: string;
  source: string;
  argument: bigint;
  state: 'pending' | 'in-flight' | 'due' | 'running' | 'lost' | 'ran';
  special: boolean;
}

/** What the last wait came to. */
export interface Outcome {
  call: string;
  /** undefined where the function returns nothing. */
  result: string | undefined;
  afterText: string;
  byApc: boolean;
}

/** Everything that a row shows, apart from its lane, in the words that it shows. */
export interface RowView {
  thread: ThreadAt;
  /** At the live end. */
  live: ThreadAt;
  words: string;
  isGateOpen: boolean;
  user: readonly ChipView[];
  special: readonly ChipView[];
  /** Innermost last. */
  running: readonly ChipView[];
  /** Known once the thread has ended. */
  lost: readonly ChipView[];
  /** The APC that ran last, while none runs. */
  lastRan: ChipView | undefined;
  outcome: Outcome | undefined;
}

/** A row makes at most this many chips of a queue; the rest is a count. */
export const MOST_CHIPS = 12;

export function rowView(
  trace: Trace,
  { thread, isToCome, live }: BoardRow,
  count: number,
  nowNs: number,
): RowView {
  const running = thread.frames
    .filter((frame) => frame.type === 'apc')
    .map((frame) => runningChip(trace, frame));
  return {
    thread,
    live,
    words: isToCome ? NOT_YET : describeActivity(trace.table, thread, nowNs),
    isGateOpen: isGateOpen(trace, thread),
    user: chips(trace, thread.userQueue),
    special: chips(trace, thread.specialQueue),
    running,
    lost: thread.activity === 'ended' && thread.counts.lost > 0 ? lostChips(trace, thread.index) : [],
    lastRan: running.length > 0 ? undefined : lastRan(trace, thread.index, count),
    outcome: lastOutcome(trace, thread.index, count),
  };
}

/**
 * Would the thread take a regular APC from its queue now, or right after the one that it runs? Yes in an alertable wait
 * and all through its drain; no while it is suspended, whatever it waits in (fact 106).
 */
export function isGateOpen(trace: Trace, thread: ThreadAt): boolean {
  if (thread.activity === 'alertableWait') return true;
  if (thread.activity !== 'runningApc') return false;
  const place = thread.frames.findLastIndex((frame) => frame.type === 'apc');
  const apc = thread.frames[place];
  const around = thread.frames[place - 1];
  if (around?.type === 'call' && isWait(around.call)) return around.alertable;
  // Outside any wait only two things run an APC: the thread's start, which drains the queue, and a special one.
  return apc?.type === 'apc' && trace.apc(apc.apc)?.special !== true;
}

function chips(trace: Trace, queue: readonly QueuedApc[]): ChipView[] {
  return queue.slice(0, MOST_CHIPS).map((entry) => ({
    apc: entry.apc,
    routine: trace.table.routineName(entry.routine),
    origin: win32Name(entry.origin),
    source: trace.table.threadName(entry.source),
    argument: entry.argument,
    state: entry.state === 'pending' ? 'pending' : 'in-flight',
    special: entry.special,
  }));
}

function runningChip(trace: Trace, frame: ApcFrame): ChipView {
  return (
    chipOf(trace, frame.apc, 'running') ?? {
      ...UNKNOWN,
      apc: frame.apc,
      routine: trace.table.routineName(frame.routine),
    }
  );
}

const UNKNOWN: Omit<ChipView, 'apc' | 'routine'> = {
  origin: 'not recorded',
  source: 'not recorded',
  argument: 0n,
  state: 'running',
  special: false,
};

function chipOf(trace: Trace, apc: ApcId, state: ChipView['state']): ChipView | undefined {
  const life = trace.apc(apc);
  if (life === undefined) return undefined;
  return {
    apc,
    routine: trace.table.routineName(life.routine),
    origin: win32Name(life.origin),
    source: trace.table.threadName(life.source),
    argument: trace.table.argument(life.queueing, 0) ?? 0n,
    state,
    special: life.special,
  };
}

/** What stood in the queues when the thread ended. It ends once, so this is looked up once. */
const lostOf = new WeakMap<Trace, Map<ThreadIndex, ChipView[]>>();

function lostChips(trace: Trace, thread: ThreadIndex): ChipView[] {
  let known = lostOf.get(trace);
  if (known === undefined) lostOf.set(trace, (known = new Map<ThreadIndex, ChipView[]>()));
  let lost = known.get(thread);
  if (lost === undefined) known.set(thread, (lost = findLost(trace, thread)));
  return lost;
}

/** An engine tells each loss before or after the thread's end: they are what it told by then, and what still stood. */
function findLost(trace: Trace, thread: ThreadIndex): ChipView[] {
  const spans = trace.spans.threads.get(thread);
  const ended = spans === undefined ? undefined : endOf(spans.life);
  if (ended === undefined) return [];
  const { lostApcs } = marksOf(trace, thread);
  const told = [...lostApcs.events.subarray(0, lostApcs.length)].filter((event) => event < ended);
  const before = trace.history.atCount(ended).threads.find((one) => one.index === thread);
  const still = [...(before?.specialQueue ?? []), ...(before?.userQueue ?? [])].map(({ apc }) => apc);
  const apcs = [...told.map((event) => trace.table.subject(event)), ...still];
  return apcs
    .slice(0, MOST_CHIPS)
    .map((apc) => chipOf(trace, apc, 'lost'))
    .filter((chip) => chip !== undefined);
}

/** The event that closed the thread's whole life. */
function endOf(life: SpanTrack): EventIndex | undefined {
  for (let at = life.length - 1; at >= 0; at--) if (life.parent[at] === -1) return life.get(at).ended;
  return undefined;
}

/** How many of a thread's spans the first `count` events began. */
function begunBefore(life: SpanTrack, count: number): number {
  let low = 0;
  let high = life.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (life.began[middle]! < count) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How far back a row looks for what happened last. */
const LOOK_BACK_SPANS = 256;

function lastRan(trace: Trace, thread: ThreadIndex, count: number): ChipView | undefined {
  const life = trace.spans.threads.get(thread)?.life;
  if (life === undefined) return undefined;
  let latest: { apc: ApcId; ended: number } | undefined;
  const last = begunBefore(life, count) - 1;
  for (let at = last; at >= 0 && at > last - LOOK_BACK_SPANS; at--) {
    const ended = life.ended[at]!;
    if (life.type[at] !== SpanType.apc || ended >= count) continue;
    if (latest === undefined || ended > latest.ended) latest = { apc: life.apc[at]!, ended };
    else break;
  }
  return latest === undefined ? undefined : chipOf(trace, latest.apc, 'ran');
}

function lastOutcome(trace: Trace, thread: ThreadIndex, count: number): Outcome | undefined {
  const life = trace.spans.threads.get(thread)?.life;
  if (life === undefined) return undefined;
  const last = begunBefore(life, count) - 1;
  for (let at = last; at >= 0 && at > last - LOOK_BACK_SPANS; at--) {
    const type = life.type[at];
    const ended = life.ended[at]!;
    if ((type !== SpanType.wait && type !== SpanType.alertableWait) || ended >= count) continue;
    // A thread's end closes its wait too, but that wait returned nothing.
    if (trace.table.call(ended) !== life.call[at]) continue;
    const result = trace.table.valueLow(ended);
    return {
      call: win32Name(life.call[at]!),
      result:
        life.call[at] === Call.sleep
          ? undefined
          : resultText(life.call[at]!, result).replace(/ \(0x.*\)$/, ''),
      afterText: durationText(life.endNs[at]! - life.startNs[at]!),
      byApc: result === 0xc0,
    };
  }
  return undefined;
}
