import { durationText } from '../apc-model/call-text.ts';
import type { SessionAt } from '../apc-model/thread-state.ts';
import type { Trace } from '../apc-model/trace.ts';
import { grouped } from './build-folds.ts';
import type { AxisTicks } from './ticks.ts';
import { instantText } from './time-text.ts';
import { visibleRange, type Viewport } from './viewport.ts';

/** The line under the title: what made the picture, when, how much it holds, and what it lacks. */
export function pictureFacts(trace: Trace, atEnd: SessionAt, lanes: number, view: Viewport): string[] {
  const { engineLabel, os, startedUnixMs } = trace.meta;
  const { startNs, endNs } = visibleRange(view);
  const isPart = startNs > 0 && endNs < trace.table.endNs;
  return [
    engineLabel,
    os,
    startedUnixMs > 0 ? dateText(startedUnixMs) : '',
    `${lanes} thread${lanes === 1 ? '' : 's'}`,
    isPart
      ? `${instantText(startNs)} to ${instantText(endNs)}, of ${durationText(trace.table.endNs)}`
      : `lasted ${durationText(trace.table.endNs)}`,
    `${grouped(trace.table.length)} events`,
    `${grouped(atEnd.lostEvents)} events lost`,
    atEnd.mismatches > 0 ? `${grouped(atEnd.mismatches)} out of the expected order` : '',
  ].filter((fact) => fact !== '');
}

/** `2026-11-22 21:41 UTC` */
const dateText = (unixMs: number): string =>
  `${new Date(unixMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What the axis shows, above it. */
export const axisTitle = (kind: Viewport['axis']['kind']): string =>
  kind === 'events' ? 'one step an event, not to scale' : 'session time';

/** How to read the axis, at the foot. */
export function scaleText(view: Viewport, ticks: AxisTicks): string {
  if (view.axis.kind === 'events') {
    return 'Axis: one step an event, not to scale. Times are written on it; between arrows stands the true length of a pause.';
  }
  const perPixel = view.span / view.widthCss;
  const tick = ticks.stepNs === undefined ? '' : `one tick is ${durationText(ticks.stepNs)}, `;
  return `Axis: true time, to scale; ${tick}one pixel ${durationText(perPixel)}.`;
}
