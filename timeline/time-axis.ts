import type { EventIndex } from '../apc-model/event.ts';

/**
 * What stands on the horizontal axis. An axis is a monotone map between session time and *position*; viewports, draw lists
 * and paint speak positions only, so that every picture can be drawn on any axis.
 *
 *     time axis     position = nanoseconds
 *     event axis    position = steps: see event-axis.ts
 */
export type AxisKind = 'time' | 'events';

export interface Axis {
  readonly kind: AxisKind;
  /** Where an instant lies. Rises with time. */
  ofTime(timeNs: number): number;
  /** The inverse of `ofTime`. */
  timeAt(position: number): number;
  /** Where an event lies; `timeNs` is the event's own time, which most callers have at hand. */
  ofEvent(event: EventIndex, timeNs: number): number;
  /**
   * The smallest sort key at or beyond a position: a time on the time axis, an event's index on the event axis. Lists of
   * events are sorted by both, so that one binary search finds where a pixel begins (see axis-search.ts).
   */
  keyAt(position: number): number;
  /** The least that a view around this position may span: below it doubles would wobble, or nothing is left to see. */
  minSpan(position: number): number;
}

const MIN_SPAN_NS = 20;
/** A view never spans fewer than this many representable steps of the clock's double. */
const STABLE_FRACTION = 2 ** -40;

/** True time: a position is a session time in nanoseconds. */
export const timeAxis: Axis = {
  kind: 'time',
  ofTime: (timeNs) => timeNs,
  timeAt: (position) => position,
  ofEvent: (_event, timeNs) => timeNs,
  keyAt: (position) => position,
  minSpan: (position) => Math.max(MIN_SPAN_NS, Math.abs(position) * STABLE_FRACTION),
};
