import { Kind } from '../apc-model/event.ts';
import type { EventTable } from '../apc-model/event-table.ts';

export type StepBy = 'event' | 'apc';

/** Names and counts are not something that happened to anybody. */
const isShown = (kind: number): boolean =>
  kind !== Kind.defined && kind !== Kind.lost && kind !== Kind.resync;

const APC_KINDS: ReadonlySet<number> = new Set([
  Kind.apcQueued,
  Kind.apcQueueFailed,
  Kind.apcBegan,
  Kind.apcEnded,
  Kind.apcCancelled,
  Kind.apcLost,
]);

/**
 * Where a step from the instant after `count` events leads: to the instant right after the next, or the last earlier,
 * event of the sort. Without one: to the end, or to the start.
 */
export function stepFrom(table: EventTable, count: number, direction: 1 | -1, by: StepBy): number {
  const counts = (kind: number): boolean => (by === 'apc' ? APC_KINDS.has(kind) : isShown(kind));
  if (direction === 1) {
    for (let index = Math.max(count, table.firstIndex); index < table.length; index++)
      if (counts(table.kind(index))) return index + 1;
    return table.length;
  }
  for (let index = Math.min(count, table.length) - 2; index >= table.firstIndex; index--)
    if (counts(table.kind(index))) return index + 1;
  return table.firstIndex;
}

/** The time that the readout shows for the instant after `count` events. */
export const instantNs = (table: EventTable, count: number): number =>
  count <= table.firstIndex ? table.timeBeforeChunkNs(count) : table.timeNs(count - 1);
