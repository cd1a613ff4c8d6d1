import { durationText } from '../apc-model/call-text.ts';
import type { SessionAt } from '../apc-model/thread-state.ts';
import type { Trace } from '../apc-model/trace.ts';
import { grouped } from './build-folds.ts';
import type { AxisTicks } from './ticks.ts';
import { instantText } from './time-text.ts';
import type { Viewport } from './viewport.ts';

/** The line under the title: what made the picture, when, how much it holds, and what it lacks. */
export function pictureFacts(
  trace: Trace,
  atEnd: SessionAt,
  lanes: number,
  range: { startNs: number; endNs: number } | null,
): string[] {
  const { engineLabel, os, startedUnixMs } = trace.meta;
  return [
    engineLabel,
    os,
    startedUnixMs > 0 ? dateText(startedUnixMs) : '',
    `${lanes} thread${lanes === 1 ? '' : 's'}`,
    range === null
      ? `lasted ${durationText(trace.table.endNs)}`
      : `${instantText(range.startNs)} to ${instantText(range.endNs)}, of ${durationText(trace.table.endNs)}`,
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

/** How to read the axis, at the foot; the best of what fits. */
export function scaleTexts(view: Viewport, ticks: AxisTicks): string[] {
  if (view.axis.kind === 'events') {
    const short = 'Axis: one step an event, not to scale.';
    return [
      `${short} Times are written on it; between arrows stands the true length of a pause.`,
      `${short} Between arrows: true length of a pause.`,
      short,
    ];
  }
  const perPixel = durationText(view.span / view.widthCss);
  const tick = ticks.stepNs === undefined ? '' : `one tick is ${durationText(ticks.stepNs)}, `;
  return [
    `Axis: true time, to scale; ${tick}one pixel ${perPixel}.`,
    `Axis: true time, one pixel is ${perPixel}.`,
  ];
}
