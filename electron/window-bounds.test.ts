import { expect, test } from 'vitest';
import { MINIMUM, openingBounds } from './window-bounds.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1040 };
const second = { x: 1920, y: -200, width: 1280, height: 1024 };

test('the first window has its first size, and the system places it', () => {
  expect(openingBounds(null, [screen])).toEqual({ width: 1280, height: 800 });
});

test('it opens where it was, also on a second screen', () => {
  for (const bounds of [
    { x: 100, y: 50, width: 1000, height: 700 },
    { x: 2000, y: -100, width: 1000, height: 700 },
  ]) {
    expect(openingBounds(bounds, [screen, second])).toEqual(bounds);
  }
});

test('on a screen that is gone it keeps its size only', () => {
  expect(openingBounds({ x: 2000, y: -100, width: 1100, height: 700 }, [screen])).toEqual({
    width: 1100,
    height: 700,
  });
  expect(openingBounds({ x: 1900, y: 0, width: 1100, height: 700 }, [screen])).toEqual({
    width: 1100,
    height: 700,
  });
});

test('it is never larger than its screen, smaller than the page needs, or with its title above the edge', () => {
  expect(openingBounds({ x: 0, y: 0, width: 9000, height: 9000 }, [screen])).toEqual({ ...screen });
  expect(openingBounds({ x: 0, y: 0, width: 10, height: 10 }, [screen])).toEqual({
    width: MINIMUM.width,
    height: MINIMUM.height,
  });
  expect(openingBounds({ x: 0, y: -300, width: 1000, height: 700 }, [screen])).toMatchObject({ y: 0 });
});
