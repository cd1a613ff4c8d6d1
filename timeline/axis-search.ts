import type { SpanTrack } from '../apc-model/span-table.ts';
import type { EventTable } from '../apc-model/event-table.ts';
import type { EventList } from './lane-marks.ts';
import type { Axis } from './time-axis.ts';

/** The first index whose value is at or beyond `key`, in a rising column. */
export function lowerBound(column: ArrayLike<number>, length: number, key: number, from = 0): number {
  let low = from;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first span of a track that starts at or beyond the axis' sort key (see Axis.keyAt). */
export const firstSpanFrom = (axis: Axis, track: SpanTrack, key: number, from = 0): number =>
  lowerBound(axis.kind === 'events' ? track.began : track.startNs, track.length, key, from);

/** The first place in a list of events at or beyond the axis' sort key. */
export function firstEventFrom(axis: Axis, table: EventTable, list: EventList, key: number): number {
  if (axis.kind === 'events') return lowerBound(list.events, list.length, key);
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (table.timeNs(list.events[middle]!) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
