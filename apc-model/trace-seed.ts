import type { ApcTable } from './apc-table.ts';
import { Kind, type ApcId, type EventIndex, type ThreadIndex } from './event.ts';
import type { EventTable } from './event-table.ts';
import type { KeptRows } from './kept-rows.ts';
import type { DepthAt, QueueDepths } from './queue-depths.ts';
import type { SessionState } from './session-state.ts';
import type { SpanTable, ThreadSpansAt } from './span-table.ts';

/** All that a trace needs to go on at a later event as if it had taken in what came before. */
export interface TraceSeed {
  /** A whole number of chunks. */
  first: EventIndex;
  /** The largest time before `first`. */
  startNs: number;
  /** What began before `first` and is still open or queued then. */
  rows: KeptRows;
  /** The APCs among them: those that wait or run. */
  apcs: ReadonlySet<ApcId>;
  state: SessionState;
  spans: ReadonlyMap<ThreadIndex, ThreadSpansAt>;
  depths: ReadonlyMap<ThreadIndex, DepthAt>;
}

/** @param state a checkpoint at a whole number of chunks, of which everything is still in memory */
export function makeSeed(
  table: EventTable,
  apcTable: ApcTable,
  spanTable: SpanTable,
  depthTable: QueueDepths,
  state: SessionState,
): TraceSeed {
  const first = state.count;
  const spans = spanTable.openAt(first);
  const events = new Set<EventIndex>();
  const apcs = new Set<ApcId>();
  for (const { milestones, life, suspended } of spans.values())
    for (const event of [...milestones, ...life, ...suspended]) {
      events.add(event);
      if (table.kind(event) === Kind.apcBegan) apcs.add(table.subject(event));
    }
  for (const entry of state.queued()) apcs.add(table.subject(entry));
  for (const apc of apcs)
    for (const event of [apcTable.arrival(apc), apcTable.answer(apc)])
      if (event !== undefined && event < first) events.add(event);
  return {
    first,
    startNs: table.timeBeforeChunkNs(first),
    rows: table.keep(events),
    apcs,
    state: state.clone(),
    spans,
    depths: depthTable.atCount(first),
  };
}

/** About how much memory a seed takes. */
export const seedBytes = ({ rows, state }: TraceSeed): number => rows.bytes + state.bytes;
