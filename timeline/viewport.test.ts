import { describe, expect, test } from 'vitest';
import { TraceBuilder } from '../apc-model/trace-builder.ts';
import { EventAxis } from './event-axis.ts';
import { seedTrace } from './seed-trace.ts';
import { timeAxis, type Axis } from './time-axis.ts';
import {
  clamp,
  fitAll,
  fitRange,
  followLive,
  onAxis,
  panBy,
  resize,
  timeNs,
  visibleRange,
  xCss,
  zoomAt,
  type Viewport,
} from './viewport.ts';

const SECOND = 1e9;
const DAY = 86_400 * SECOND;

/** The same numbers in every run. */
function* random(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

test('fitting all shows the session with a little room at both ends', () => {
  const view = fitAll(timeAxis, 1000, 10 * SECOND);
  expect(xCss(view, 0)).toBeCloseTo(1000 * (0.02 / 1.04), 6);
  expect(xCss(view, 10 * SECOND)).toBeCloseTo(1000 * (1.02 / 1.04), 6);
});

test('an empty session can be fitted', () => {
  const view = fitAll(timeAxis, 1000, 0);
  expect(view.span).toBeGreaterThan(0);
  expect(Number.isFinite(xCss(view, 0))).toBe(true);
});

test('fitting a range puts its ends at the edges, either way round', () => {
  const view = fitRange(fitAll(timeAxis, 800, SECOND), 7e6, 3e6);
  expect(visibleRange(view)).toEqual({ startNs: 3e6, endNs: 7e6 });
});

test('what lies under the pointer stays there when zooming', () => {
  let view = fitAll(timeAxis, 1280, 60 * SECOND);
  const under = timeNs(view, 333);
  for (let step = 0; step < 40; step++) view = zoomAt(view, 333, 1.2, 60 * SECOND);
  expect(Math.abs(timeNs(view, 333) - under)).toBeLessThan(view.span / 1280);
});

describe.each([
  ['a microsecond', 1e3],
  ['a second', SECOND],
  ['a day', DAY],
  ['a hundred days', 100 * DAY],
])('over %s', (_, endNs) => {
  test('zooming in and out again returns to the same view', () => {
    const numbers = random(endNs % 1e9);
    for (let round = 0; round < 50; round++) {
      const first = fitAll(timeAxis, 1500, endNs);
      const x = numbers.next().value! * 1500;
      let view = first;
      const steps = 1 + Math.floor(numbers.next().value! * 20);
      for (let step = 0; step < steps; step++) view = zoomAt(view, x, 1.4, endNs);
      const factor = first.span / view.span;
      view = zoomAt(view, x, 1 / factor, endNs);
      expect(Math.abs(view.start - first.start)).toBeLessThan(first.span * 1e-9);
      expect(Math.abs(view.span - first.span)).toBeLessThan(first.span * 1e-9);
    }
  });

  test('nothing wobbles at the deepest zoom: equal steps of the mouse move the picture by equal pixels', () => {
    let view = fitAll(timeAxis, 1500, endNs);
    for (let step = 0; step < 200; step++) view = zoomAt(view, 1200, 1.5, endNs);
    const landmark = timeNs(view, 700);
    for (let step = 1; step <= 30; step++) {
      const moved = panBy(view, step, endNs);
      expect(Math.abs(xCss(moved, landmark) - (xCss(view, landmark) + step))).toBeLessThan(0.5);
    }
  });
});

test('zoom and pan stop at their limits', () => {
  const endNs = 10 * SECOND;
  let view = fitAll(timeAxis, 1000, endNs);
  for (let step = 0; step < 100; step++) view = zoomAt(view, 500, 0.5, endNs);
  expect(view.span).toBeLessThanOrEqual(endNs * 20);
  view = fitAll(timeAxis, 1000, endNs);
  for (let step = 0; step < 100; step++) view = panBy(view, 900, endNs);
  expect(xCss(view, 0)).toBeLessThanOrEqual(901);
  for (let step = 0; step < 400; step++) view = panBy(view, -900, endNs);
  expect(xCss(view, endNs)).toBeGreaterThanOrEqual(99);
  expect(clamp({ ...view, span: 1e-6 }, endNs).span).toBeGreaterThanOrEqual(20);
});

test('a resized window keeps start and scale', () => {
  const view = fitAll(timeAxis, 1000, SECOND);
  const wide = resize(view, 1700);
  expect(xCss(wide, 0.5 * SECOND)).toBeCloseTo(xCss(view, 0.5 * SECOND), 9);
});

test('following shows now near the right edge, and the start while the session is young', () => {
  const view: Viewport = { axis: timeAxis, widthCss: 1000, start: 0, span: 10 * SECOND };
  expect(xCss(followLive(view, 100 * SECOND), 100 * SECOND)).toBeCloseTo(940, 6);
  expect(xCss(followLive(view, 2 * SECOND), 0)).toBeCloseTo(20, 6);
});

describe.each<[string, () => Axis]>([
  ['time', () => timeAxis],
  ['events', () => new EventAxis(seedTrace().table)],
])('on the %s axis', (_, make) => {
  const axis = make();
  const endNs = seedTrace().table.endNs;

  test('x of the time at x is x', () => {
    const numbers = random(11);
    const view = zoomAt(fitAll(axis, 1400, endNs), 600, 3, endNs);
    for (let round = 0; round < 500; round++) {
      const x = numbers.next().value! * 1400;
      // A double holds 5 s to a nanosecond's millionth: on the event axis a step of 700 ns is 30 pixels wide.
      expect(Math.abs(xCss(view, timeNs(view, x)) - x)).toBeLessThan(0.01);
    }
  });

  test('a later time never lies further left', () => {
    const view = fitAll(axis, 1400, endNs);
    let last = Number.NEGATIVE_INFINITY;
    for (let at = -1e6; at < endNs * 1.2; at += endNs / 997) {
      const x = xCss(view, at);
      expect(x).toBeGreaterThanOrEqual(last);
      last = x;
    }
  });

  test('changing to the other axis and back keeps the times in view', () => {
    const view = fitRange(fitAll(axis, 1400, endNs), 1 * SECOND, 4 * SECOND);
    const other = axis.kind === 'time' ? new EventAxis(seedTrace().table) : timeAxis;
    const { startNs, endNs: lastNs } = visibleRange(onAxis(onAxis(view, other), axis));
    expect(startNs).toBeCloseTo(1 * SECOND, -2);
    expect(lastNs).toBeCloseTo(4 * SECOND, -2);
  });
});

describe('the event axis', () => {
  test('gives each event of the seed its own place, at least a step apart', () => {
    const { table } = seedTrace();
    const axis = new EventAxis(table);
    const steps = axis.steps(0, Number.POSITIVE_INFINITY, 1000);
    expect(steps.length).toBeGreaterThan(25);
    for (let at = 1; at < steps.length; at++) {
      expect(steps[at]!.position - steps[at - 1]!.position).toBeGreaterThanOrEqual(1);
      expect(axis.ofEvent(steps[at]!.event)).toBe(steps[at]!.position);
      expect(axis.keyAt(steps[at]!.position)).toBe(steps[at]!.event);
    }
  });

  test('makes five seconds some steps long, not five million', () => {
    const { table } = seedTrace();
    const axis = new EventAxis(table);
    expect(axis.ofTime(5.0001 * SECOND) - axis.ofTime(0.2 * SECOND)).toBeLessThan(12);
  });

  test('never moves an event when more are appended', () => {
    const trace = seedTrace();
    const axis = new EventAxis(trace.table);
    const before = Array.from({ length: trace.table.length }, (_, event) => axis.ofEvent(event));
    const more = new TraceBuilder().at(9 * SECOND);
    for (let id = 0; id < 500; id++) more.at(9 * SECOND + id * 1000).log(2, 0, 1n);
    trace.appendRows(more.rows);
    axis.follow();
    expect(before.map((_, event) => axis.ofEvent(event))).toEqual(before);
  });

  test('keeps two events of the same instant apart', () => {
    const trace = new TraceBuilder().created(2).started(2).at(5000).log(2, 0).log(2, 1).log(2, 2).build();
    const axis = new EventAxis(trace.table);
    expect(axis.ofEvent(4) - axis.ofEvent(3)).toBe(1);
  });
});
