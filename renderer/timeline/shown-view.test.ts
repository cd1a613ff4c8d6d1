import { expect, test } from 'vitest';
import { xCss, zoomAt } from '../../timeline/viewport.ts';
import { timeAxis } from '../../timeline/time-axis.ts';
import { seedTrace } from '../../timeline/seed-trace.ts';
import { axisOf, choiceOf, viewportOf } from './shown-view.ts';

const WIDTH_CSS = 500;

test('fit shows everything on either axis', () => {
  const trace = seedTrace();
  const { endNs } = trace.table;
  for (const mode of ['time', 'events'] as const) {
    const view = viewportOf({ mode: 'fit' }, axisOf(trace, mode), WIDTH_CSS, endNs, false);
    expect(xCss(view, 0)).toBeGreaterThanOrEqual(0);
    expect(xCss(view, endNs)).toBeLessThanOrEqual(WIDTH_CSS);
  }
});

test('a zoom in a moving picture goes on following; after a drag or off the live end it stays', () => {
  const fitted = viewportOf({ mode: 'fit' }, timeAxis, WIDTH_CSS, 1e9, true);
  const zoomed = zoomAt(fitted, WIDTH_CSS, 2, 1e9);
  const following = choiceOf(zoomed, 1e9, true, false);
  expect(following).toEqual({ mode: 'follow', span: zoomed.span });
  expect(xCss(viewportOf(following, timeAxis, WIDTH_CSS, 9e9, true), 9e9)).toBeLessThan(WIDTH_CSS);
  expect(choiceOf(zoomed, 1e9, true, true).mode).toBe('fixed');
  expect(choiceOf(zoomed, 1e9, false, false)).toEqual({
    mode: 'fixed',
    start: zoomed.start,
    span: zoomed.span,
  });
  // The live end is out of sight: there is nothing to follow.
  expect(choiceOf({ ...zoomed, start: -5e9 }, 1e9, true, false).mode).toBe('fixed');
});
