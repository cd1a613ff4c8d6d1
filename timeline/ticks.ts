import { durationText } from '../apc-model/call-text.ts';
import { EventAxis } from './event-axis.ts';
import { textWidth } from './text-width.ts';
import { timeText } from './time-text.ts';
import { positionAt, visibleRange, xOfPosition, type Viewport } from './viewport.ts';

/** A line of the axis; minor ones have no label. */
export interface Tick {
  xCss: number;
  timeNs: number;
  label: string;
}

/** On the event axis: a pause drawn much shorter than it was, with its true length. */
export interface Pause {
  fromCss: number;
  toCss: number;
  label: string;
}

export interface AxisTicks {
  major: Tick[];
  /** Fine lines between them (time axis only). */
  minorCss: number[];
  pauses: Pause[];
  /** Time between two major ticks; undefined on the event axis, which has no scale. */
  stepNs: number | undefined;
}

const LABEL_PX = 11;
const LABEL_GAP = 28;
const EVENT_TICK_PX = 104;
/** A pause longer than this gets its length written where there is room. */
const PAUSE_NS = 1e6;
const PAUSE_ROOM_PX = 36;
const MAX_STEPS = 600;
const MAX_TICKS = 200;

const SECOND = 1e9;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Steps longer than a second, and into how many parts each is divided. */
const LONG_STEPS: readonly (readonly [number, number])[] = [
  [1 * SECOND, 5],
  [2 * SECOND, 4],
  [5 * SECOND, 5],
  [10 * SECOND, 5],
  [15 * SECOND, 3],
  [30 * SECOND, 3],
  [1 * MINUTE, 4],
  [2 * MINUTE, 4],
  [5 * MINUTE, 5],
  [10 * MINUTE, 5],
  [15 * MINUTE, 3],
  [30 * MINUTE, 3],
  [1 * HOUR, 4],
  [2 * HOUR, 4],
  [3 * HOUR, 3],
  [6 * HOUR, 6],
  [12 * HOUR, 4],
];

/** The smallest step of round length that is at least `leastNs`, and its number of parts. */
export function niceStep(leastNs: number): { stepNs: number; parts: number } {
  if (leastNs > 0.5 * SECOND) {
    const long = LONG_STEPS.find(([step]) => step >= leastNs);
    if (long !== undefined) return { stepNs: long[0], parts: long[1] };
    return decimalStep(leastNs, DAY);
  }
  return decimalStep(leastNs, 1);
}

function decimalStep(least: number, unit: number): { stepNs: number; parts: number } {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, Number.MIN_VALUE) / unit));
  for (const [multiple, parts] of [
    [1, 5],
    [2, 4],
    [5, 5],
  ] as const) {
    if (multiple * power * unit >= least * (1 - 1e-12)) return { stepNs: multiple * power * unit, parts };
  }
  return { stepNs: 10 * power * unit, parts: 5 };
}

/** The lines and labels of the axis for what is in view. */
export function axisTicks(view: Viewport): AxisTicks {
  if (view.widthCss <= 0) return { major: [], minorCss: [], pauses: [], stepNs: undefined };
  return view.axis instanceof EventAxis ? eventTicks(view, view.axis) : timeTicks(view);
}

function timeTicks(view: Viewport): AxisTicks {
  const { startNs, endNs } = visibleRange(view);
  const nsPerPx = view.span / view.widthCss;
  const largest = Math.max(Math.abs(startNs), Math.abs(endNs));
  // The label's width depends on the step, and the step on the label's width: the second try settles it.
  let { stepNs, parts } = niceStep(nsPerPx * 60);
  for (let attempt = 0; attempt < 2; attempt++) {
    const widest = textWidth(timeText(endNs, largest, stepNs), LABEL_PX);
    ({ stepNs, parts } = niceStep(nsPerPx * (widest + LABEL_GAP)));
  }
  const major: Tick[] = [];
  const minorCss: number[] = [];
  const first = Math.floor(startNs / stepNs);
  for (let at = first; at <= first + MAX_TICKS && at * stepNs <= endNs; at++) {
    const timeNs = at * stepNs;
    if (timeNs < 0) continue;
    if (timeNs >= startNs) {
      major.push({ xCss: xOfPosition(view, timeNs), timeNs, label: timeText(timeNs, largest, stepNs) });
    }
    for (let part = 1; part < parts; part++) {
      const x = xOfPosition(view, timeNs + (stepNs * part) / parts);
      if (x >= 0 && x <= view.widthCss) minorCss.push(x);
    }
  }
  return { major, minorCss, pauses: [], stepNs };
}

/**
 * One tick in each cell of a grid that is fixed to the axis (so that panning doesn't shift the choice), at the first event
 * of the cell. Each label has the digits that tell it from its neighbours.
 */
function eventTicks(view: Viewport, axis: EventAxis): AxisTicks {
  const perCell = Math.max(2, 2 ** Math.ceil(Math.log2((EVENT_TICK_PX / view.widthCss) * view.span)));
  const chosen: { xCss: number; timeNs: number }[] = [];
  const firstCell = Math.max(0, Math.floor(view.start / perCell));
  for (
    let cell = firstCell;
    cell <= firstCell + MAX_TICKS && cell * perCell <= view.start + view.span;
    cell++
  ) {
    const [step] = axis.steps(cell * perCell, (cell + 1) * perCell, 1);
    const xCss = step === undefined ? -1 : xOfPosition(view, step.position);
    const last = chosen.at(-1)?.xCss ?? Number.NEGATIVE_INFINITY;
    if (step !== undefined && xCss >= 0 && xCss <= view.widthCss && xCss - last >= EVENT_TICK_PX * 0.75) {
      chosen.push({ xCss, timeNs: step.timeNs });
    }
  }
  const major = chosen.map(({ xCss, timeNs }, at) => {
    const apart = [chosen[at - 1], chosen[at + 1]].map((other) =>
      other === undefined ? Number.POSITIVE_INFINITY : Math.abs(other.timeNs - timeNs),
    );
    const nearest = Math.max(1, Math.min(...apart));
    return {
      xCss,
      timeNs,
      label: timeText(timeNs, timeNs, Number.isFinite(nearest) ? nearest / 3 : timeNs / 100),
    };
  });
  return { major, minorCss: [], pauses: pauses(view, axis), stepNs: undefined };
}

function pauses(view: Viewport, axis: EventAxis): Pause[] {
  const steps = axis.steps(positionAt(view, 0) - 12, positionAt(view, view.widthCss) + 12, MAX_STEPS);
  const found: Pause[] = [];
  for (let at = 1; at < steps.length && steps.length < MAX_STEPS; at++) {
    const before = steps[at - 1]!;
    const after = steps[at]!;
    const fromCss = Math.max(0, xOfPosition(view, before.position));
    const toCss = Math.min(view.widthCss, xOfPosition(view, after.position));
    if (after.timeNs - before.timeNs >= PAUSE_NS && toCss - fromCss >= PAUSE_ROOM_PX) {
      found.push({ fromCss, toCss, label: durationText(after.timeNs - before.timeNs) });
    }
  }
  return found;
}
