import type { EventIndex } from '../apc-model/event.ts';
import type { Axis } from './time-axis.ts';

/**
 * What part of the axis is seen, as plain data; every function returns a new one.
 *
 *     position   start                                   start + span
 *     xCss       0                                       widthCss
 *
 * Start and span are doubles in the axis' unit (nanoseconds or steps). Zooming keeps the position under the pointer, and
 * `minSpan` of the axis keeps a pixel wider than the doubles' own step, so that nothing wobbles, days from the start.
 */
export interface Viewport {
  readonly axis: Axis;
  readonly start: number;
  readonly span: number;
  readonly widthCss: number;
}

/** Empty room kept at both ends when everything is fitted, as a share of the width. */
const FIT_MARGIN = 0.02;
/** Room to the right of now while following. */
const FOLLOW_MARGIN = 0.06;
/** However far it is panned, this share of the view shows some of the session. */
const KEEP_VISIBLE = 0.1;
/** However far it is zoomed out, the session fills at least this share of the view (or the view spans a second). */
const MIN_FILL = 0.05;
const EMPTY_SPAN_NS = 1e9;

export const xOfPosition = (view: Viewport, position: number): number =>
  ((position - view.start) / view.span) * view.widthCss;
export const positionAt = (view: Viewport, xCss: number): number =>
  view.start + (xCss / view.widthCss) * view.span;

/** Where an instant is drawn. */
export const xCss = (view: Viewport, timeNs: number): number => xOfPosition(view, view.axis.ofTime(timeNs));
/** The instant at a pixel: the inverse of `xCss`. */
export const timeNs = (view: Viewport, x: number): number => view.axis.timeAt(positionAt(view, x));
/** Where an event is drawn. On the event axis two events of the same instant lie apart, so events have their own way. */
export const xOfEvent = (view: Viewport, event: EventIndex, eventNs: number): number =>
  xOfPosition(view, view.axis.ofEvent(event, eventNs));

/** The times at both edges. */
export const visibleRange = (view: Viewport): { startNs: number; endNs: number } => ({
  startNs: timeNs(view, 0),
  endNs: timeNs(view, view.widthCss),
});

/** The whole session, from 0 to `endNs`, with a little room at both ends. */
export function fitAll(axis: Axis, widthCss: number, endNs: number): Viewport {
  const end = axis.ofTime(endNs);
  const length = Math.max(end, axis.minSpan(end));
  return { axis, widthCss, start: -length * FIT_MARGIN, span: length * (1 + 2 * FIT_MARGIN) };
}

/** This range and nothing else. */
export function fitRange(view: Viewport, startNs: number, endNs: number): Viewport {
  const start = view.axis.ofTime(Math.min(startNs, endNs));
  const span = view.axis.ofTime(Math.max(startNs, endNs)) - start;
  const least = view.axis.minSpan(start);
  return span >= least
    ? { ...view, start, span }
    : { ...view, start: start - (least - span) / 2, span: least };
}

/**
 * Zooms so that what lies under the pointer stays there.
 * @param factor above 1 shows more detail
 */
export function zoomAt(view: Viewport, x: number, factor: number, endNs: number): Viewport {
  const anchor = positionAt(view, x);
  const span = clampSpan(view.axis, anchor, view.span / factor, endNs);
  return clampStart({ ...view, span, start: anchor - (x / view.widthCss) * span }, endNs);
}

/** Moves the picture by so many pixels: a drag to the right (positive) shows earlier times. */
export const panBy = (view: Viewport, dxCss: number, endNs: number): Viewport =>
  clampStart({ ...view, start: view.start - (dxCss / view.widthCss) * view.span }, endNs);

/** The same start and scale in a window of another width. */
export const resize = (view: Viewport, widthCss: number): Viewport =>
  view.widthCss <= 0 || widthCss <= 0
    ? { ...view, widthCss }
    : { ...view, widthCss, span: view.span * (widthCss / view.widthCss) };

/** The same range of time on another axis. */
export function onAxis(view: Viewport, axis: Axis): Viewport {
  if (view.axis === axis) return view;
  const { startNs, endNs } = visibleRange(view);
  return fitRange({ ...view, axis }, startNs, endNs);
}

/** Keeps the scale and puts now near the right edge; before the view is full it stands at the session's start. */
export function followLive(view: Viewport, nowNs: number): Viewport {
  const now = view.axis.ofTime(nowNs);
  return { ...view, start: Math.max(-view.span * FIT_MARGIN, now - view.span * (1 - FOLLOW_MARGIN)) };
}

/** Brings any view within the limits of a session that ends (or now is) at `endNs`. */
export function clamp(view: Viewport, endNs: number): Viewport {
  const centre = view.start + view.span / 2;
  const span = clampSpan(view.axis, centre, view.span, endNs);
  return clampStart({ ...view, span, start: centre - span / 2 }, endNs);
}

function clampSpan(axis: Axis, position: number, span: number, endNs: number): number {
  const most = Math.max(axis.ofTime(endNs) / MIN_FILL, axis.ofTime(EMPTY_SPAN_NS));
  return Math.min(Math.max(span, axis.minSpan(position)), most);
}

function clampStart(view: Viewport, endNs: number): Viewport {
  const least = view.span * (KEEP_VISIBLE - 1);
  const most = view.axis.ofTime(endNs) - view.span * KEEP_VISIBLE;
  return { ...view, start: Math.max(least, Math.min(view.start, Math.max(most, 0))) };
}
