import type { Trace } from '../../apc-model/trace.ts';
import { EventAxis } from '../../timeline/event-axis.ts';
import { timeAxis, type Axis } from '../../timeline/time-axis.ts';
import { fitAll, followLive, type Viewport } from '../../timeline/viewport.ts';
import type { AxisMode, View } from '../store.ts';

const eventAxes = new WeakMap<Trace, EventAxis>();

/** The axis that was chosen, brought up to the trace's end. */
export function axisOf(trace: Trace, mode: AxisMode): Axis {
  const axis = eventAxisOf(trace);
  return mode === 'time' ? timeAxis : axis;
}

/** Kept from the first look on, whatever axis is shown: it can't be made out later of events that are forgotten. */
export function eventAxisOf(trace: Trace): EventAxis {
  let axis = eventAxes.get(trace);
  if (axis === undefined) {
    const made = (axis = new EventAxis(trace.table));
    trace.beforeForgetting(() => made.follow());
    eventAxes.set(trace, axis);
  }
  axis.follow();
  return axis;
}

/** While a run is young its picture grows from this on, so that it doesn't start by racing. */
const LEAST_LIVE_NS = 500e6;

/** What the user's choice of view means now. */
export function viewportOf(
  view: View,
  axis: Axis,
  widthCss: number,
  liveNs: number,
  isMoving: boolean,
): Viewport {
  switch (view.mode) {
    case 'fit':
      return fitAll(
        axis,
        widthCss,
        isMoving && axis.kind === 'time' ? Math.max(liveNs, LEAST_LIVE_NS) : liveNs,
      );
    case 'follow':
      return followLive({ axis, widthCss, start: 0, span: view.span }, liveNs);
    case 'fixed':
      return { axis, widthCss, start: view.start, span: view.span };
  }
}

/**
 * The choice that keeps a viewport which the user has just made by zooming or panning. As long as the live end stays in
 * sight at the right, the view goes on following it.
 */
export function choiceOf(viewport: Viewport, liveNs: number, follows: boolean, panned: boolean): View {
  const livePosition = viewport.axis.ofTime(liveNs);
  const isInSight = livePosition >= viewport.start && livePosition <= viewport.start + viewport.span;
  if (follows && isInSight && !panned) return { mode: 'follow', span: viewport.span };
  return { mode: 'fixed', start: viewport.start, span: viewport.span };
}
