import { describe, expect, test } from 'vitest';
import { EventAxis } from './event-axis.ts';
import { seedTrace } from './seed-trace.ts';
import { axisTicks, niceStep } from './ticks.ts';
import { textWidth } from './text-width.ts';
import { timeAxis } from './time-axis.ts';
import { instantText, timeText } from './time-text.ts';
import { fitAll, fitRange } from './viewport.ts';

const labels = (startNs: number, endNs: number, widthCss = 500): string[] =>
  axisTicks(fitRange(fitAll(timeAxis, widthCss, endNs), startNs, endNs)).major.map(({ label }) =>
    label.replaceAll('\u2009', '_'),
  );

describe('labels of true time', () => {
  test.each([
    [0, 100, ['0 ns', '20 ns', '40 ns', '60 ns', '80 ns', '100 ns']],
    [0, 4500, ['0 µs', '1 µs', '2 µs', '3 µs', '4 µs']],
    [0, 9e9, ['0 s', '1 s', '2 s', '3 s', '4 s', '5 s', '6 s', '7 s', '8 s', '9 s']],
    [0, 300e9, ['0:00', '1:00', '2:00', '3:00', '4:00', '5:00']],
    [0, 4 * 3600e9, ['0:00', '1:00:00', '2:00:00', '3:00:00', '4:00:00']],
    [
      5.0004e9,
      5.00041e9,
      ['5.000_400 s', '5.000_402 s', '5.000_404 s', '5.000_406 s', '5.000_408 s', '5.000_410 s'],
    ],
  ])('from %d to %d ns', (startNs, endNs, expected) => {
    expect(labels(startNs, endNs)).toEqual(expected);
  });

  test('never overlap, at any zoom', () => {
    for (let span = 30; span < 1e15; span *= 1.7) {
      const ticks = axisTicks(fitRange(fitAll(timeAxis, 900, 1e15), 1e12, 1e12 + span));
      expect(ticks.major.length).toBeGreaterThan(0);
      for (let at = 1; at < ticks.major.length; at++) {
        const [left, right] = [ticks.major[at - 1]!, ticks.major[at]!];
        const halves = (textWidth(left.label, 11) + textWidth(right.label, 11)) / 2;
        expect(right.xCss - left.xCss).toBeGreaterThan(halves + 4);
        expect(right.label).not.toBe(left.label);
      }
    }
  });
});

test.each([
  [1, 1],
  [3, 5],
  [0.2e9, 0.2e9],
  [0.7e9, 1e9],
  [11e9, 15e9],
  [31e9, 60e9],
  [13 * 3600e9, 86_400e9],
  [3 * 86_400e9, 5 * 86_400e9],
])('the round step for at least %d ns is %d ns', (least, step) => {
  expect(niceStep(least).stepNs).toBeCloseTo(step, 6);
});

describe('on the event axis', () => {
  const { table } = seedTrace();
  const axis = new EventAxis(table);
  const ticks = axisTicks(fitAll(axis, 1200, table.endNs));

  test('labels rise, differ and keep apart', () => {
    expect(ticks.major.length).toBeGreaterThan(4);
    for (let at = 1; at < ticks.major.length; at++) {
      expect(ticks.major[at]!.timeNs).toBeGreaterThan(ticks.major[at - 1]!.timeNs);
      expect(ticks.major[at]!.label).not.toBe(ticks.major[at - 1]!.label);
      expect(ticks.major[at]!.xCss - ticks.major[at - 1]!.xCss).toBeGreaterThan(75);
    }
  });

  test('the pause that is drawn short says how long it was', () => {
    expect(ticks.pauses.map(({ label }) => label)).toEqual(['5 s']);
    expect(ticks.stepNs).toBeUndefined();
  });
});

test('an instant has as many digits as it is worth', () => {
  expect(instantText(12_402_318_000).replaceAll('\u2009', '_')).toBe('12.402_318 s');
  expect(timeText(-1500, 1e6, 1000)).toBe('-0.002 ms');
  expect(timeText(3_725.5e9, 3_725.5e9, 0.1e9)).toBe('1:02:05.5');
});
