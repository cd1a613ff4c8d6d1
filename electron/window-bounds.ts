import { z } from 'zod';

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const MINIMUM = { width: 960, height: 600 };
const FIRST = { width: 1280, height: 800 };
/** So much of a title bar must be on some screen for a hand to find the window, in device-independent pixels. */
const GRIP = { width: 100, height: 40 };

const integer = z.number().int().min(-100_000).max(100_000);
export const windowStateSchema = z.object({
  bounds: z.object({ x: integer, y: integer, width: integer, height: integer }).nullable(),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;
export const FIRST_STATE: WindowState = { bounds: null, maximized: false };

/**
 * Where to open the window: where it was, unless that screen is gone; never larger than the screen it is on nor smaller
 * than the page can be read in.
 */
export function openingBounds(
  remembered: Rectangle | null,
  workAreas: readonly Rectangle[],
): Partial<Rectangle> & typeof FIRST {
  if (remembered === null) return FIRST;
  const screen = workAreas.find((area) => {
    const shared = overlap(area, remembered);
    return shared.width >= GRIP.width && shared.height >= GRIP.height;
  });
  const size = {
    width: Math.max(MINIMUM.width, Math.min(remembered.width, screen?.width ?? FIRST.width)),
    height: Math.max(MINIMUM.height, Math.min(remembered.height, screen?.height ?? FIRST.height)),
  };
  return screen === undefined ? size : { x: remembered.x, y: Math.max(remembered.y, screen.y), ...size };
}

function overlap(a: Rectangle, b: Rectangle): { width: number; height: number } {
  return {
    width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
    height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
  };
}
