import { expect, test } from 'vitest';
import { CHIP_CSS, NARROW_CHIP_CSS, fitChips } from './fit-chips.ts';
import { MOST_CHIPS } from './chip-view.ts';

const WIDTH_CSS = 172;

test('three wide chips fit, a fourth makes them narrow', () => {
  expect(fitChips(3, 3, WIDTH_CSS)).toMatchObject({ visible: 3, isNarrow: false });
  expect(fitChips(4, 4, WIDTH_CSS)).toMatchObject({ visible: 4, isNarrow: true });
});

test('up to a dozen all stand there, overlapping where they must, and never beyond the width', () => {
  for (let total = 0; total <= MOST_CHIPS; total++) {
    const { visible, pitchCss, isNarrow } = fitChips(total, total, WIDTH_CSS);
    expect(visible).toBe(total);
    const widthCss = total === 0 ? 0 : pitchCss * (total - 1) + (isNarrow ? NARROW_CHIP_CSS : CHIP_CSS);
    expect(widthCss).toBeLessThanOrEqual(WIDTH_CSS);
  }
});

test('more than a dozen fold into a count, and the numbers that stand stay legible', () => {
  const { visible, pitchCss } = fitChips(10_000, MOST_CHIPS, WIDTH_CSS);
  expect(visible).toBeGreaterThan(3);
  expect(visible).toBeLessThan(MOST_CHIPS);
  expect(pitchCss).toBeGreaterThanOrEqual(15);
});
