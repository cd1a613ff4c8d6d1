import type { SpanTrack } from '../apc-model/span-track.ts';
import type { EventTable } from '../apc-model/event-table.ts';
import type { Uint32Column } from '../apc-model/uint32-column.ts';
import type { Axis } from './time-axis.ts';

/** The first span of a track that starts at or beyond the axis' sort key (see Axis.keyAt). */
export const firstSpanFrom = (axis: Axis, track: SpanTrack, key: number, from = 0): number =>
  axis.kind === 'events' ? track.firstBegunFrom(key, from) : track.firstStartingFrom(key, from);

/** The first place in a list of events at or beyond the axis' sort key. */
export function firstEventFrom(
  axis: Axis,
  table: EventTable,
  list: Uint32Column,
  key: number,
  from = list.first,
): number {
  if (axis.kind === 'events') return list.lowerBound(key, from);
  let low = from;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (table.timeNs(list.at(middle)) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
