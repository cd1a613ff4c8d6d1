import { expect, test } from 'vitest';
import { TraceBuilder } from '../apc-model/trace-builder.ts';
import { buildDrawList } from './draw-list.ts';
import { EventAxis } from './event-axis.ts';
import { paintAxis } from './paint-axis.ts';
import { paintDrawList } from './paint.ts';
import { hatch } from './paint-patterns.ts';
import { PALETTES } from './palette.ts';
import { RecordingCanvas } from './recording-canvas.ts';
import { FIRST, SECOND, seedTrace } from './seed-trace.ts';
import { timeAxis } from './time-axis.ts';
import { fitAll } from './viewport.ts';

const palette = PALETTES.dark;
const options = { palette, pixelRatio: 1, gridTopCss: 0, gridBottomCss: 260 };

function paintedSeed(axis: 'time' | 'events', heightCss: number): RecordingCanvas {
  const trace = seedTrace();
  const boxes = [FIRST, SECOND].map((thread, at) => ({ thread, topCss: at * heightCss, heightCss }));
  const view = fitAll(axis === 'time' ? timeAxis : new EventAxis(trace.table), 1200, trace.table.endNs);
  const list = buildDrawList(trace, view, boxes, { nowNs: trace.table.endNs });
  const canvas = new RecordingCanvas();
  paintDrawList(canvas, list, options);
  paintAxis(canvas, list.ticks, 1200, 0, 34, options);
  return canvas;
}

test('the seed is painted in this order: grid, queue arrow, states, waiting, bracket, ends, delivery, words, pills, marks', () => {
  const { calls } = paintedSeed('events', 130);
  const first = (line: string): number => calls.findIndex((call) => call.startsWith(line));
  const order = [
    `stroke ${palette.grid}`,
    `fill ${palette.runningFill}`,
    `fill ${palette.waitFill}`,
    `fill ${palette.alertableFill}`,
    `stroke ${palette.alertableHatch}`,
    `fill ${palette.apcFill}`,
    `fill ${palette.queuedFill}`,
    `text ${palette.runningText} 400 12 running`,
    `fill ${palette.drainPillFill}`,
    `text ${palette.drainPillText} 600 11 SleepEx(9999999) → WAIT_IO_COMPLETION`,
    `stroke ${palette.lost}`,
    `text ${palette.lostText} 600 11 APC 1 lost`,
    `text ${palette.text} 600 11 5 s`,
  ].map(first);
  expect(order).not.toContain(-1);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

test('the context is left as it was found', () => {
  expect(paintedSeed('events', 130).open).toBe(0);
});

test.each([20, 30, 44, 60, 80, 100, 140, 200])(
  'a lane %d px high paints nothing outside finite coordinates',
  (height) => {
    for (const axis of ['time', 'events'] as const)
      expect(paintedSeed(axis, height).calls.length).toBeGreaterThan(10);
  },
);

test('suspension is crossed, a pause for the next step dashed, a gap in its own colours', () => {
  const build = new TraceBuilder()
    .createdByHand(2)
    .started(2)
    .at(2e6)
    .suspended(2, 1, 0)
    .at(5e6)
    .suspended(2, 0, 1);
  const trace = build.at(7e6).lostEvents(2, 99).at(9e6).mailbox(2, 0).build();
  const view = fitAll(timeAxis, 900, 9e6);
  const canvas = new RecordingCanvas();
  const list = buildDrawList(trace, view, [{ thread: 2, topCss: 0, heightCss: 120 }], { nowNs: 9e6 });
  paintDrawList(canvas, list, options);
  expect(canvas.calls).toContain('dash 4 3');
  expect(canvas.calls).toContain(`stroke ${palette.suspendedHatch}`);
  expect(canvas.calls).toContain(`fill ${palette.gapFill}`);
  expect(canvas.calls).toContain(`text ${palette.gapText} 600 11 99 events lost`);
});

test('hatching stays inside its box, wherever it begins', () => {
  for (const origin of [0, 3, -1e6, 12.5]) {
    const points: [number, number][] = [];
    const canvas = new RecordingCanvas();
    canvas.moveTo = (x, y) => void points.push([x, y]);
    canvas.lineTo = (x, y) => void points.push([x, y]);
    hatch(canvas, { xCss: 10, yCss: 20, widthCss: 57, heightCss: 24 }, origin, '#000000', true);
    expect(points.length).toBeGreaterThan(10);
    for (const [x, y] of points) {
      expect(x).toBeGreaterThanOrEqual(10);
      expect(x).toBeLessThanOrEqual(67);
      expect(y).toBeGreaterThanOrEqual(20 - 1e-6);
      expect(y).toBeLessThanOrEqual(44 + 1e-6);
    }
  }
});
