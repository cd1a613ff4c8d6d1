import type { Canvas2D } from './canvas.ts';
import type { Box } from './draw-list.ts';

/** Distance between two lines of a hatch, measured along x. */
const HATCH_CSS = 8;

/**
 * Lines of 45° over a box, each cut to it by calculation and not by a clip, so that an SVG stays a single path.
 * @param originCss where the pattern begins: the bar's own start, so that it moves with the bar and doesn't swim
 */
export function hatch(
  canvas: Canvas2D,
  box: Box,
  originCss: number,
  colour: string,
  isCrossed: boolean,
): void {
  const { xCss: left, yCss: top, widthCss: width, heightCss: height } = box;
  const right = left + width;
  const bottom = top + height;
  canvas.strokeStyle = colour;
  canvas.lineWidth = isCrossed ? 1 : 2;
  canvas.lineCap = 'butt';
  canvas.beginPath();
  const phase = (((originCss - left) % HATCH_CSS) + HATCH_CSS) % HATCH_CSS;
  for (let foot = left + phase - Math.ceil(height / HATCH_CSS) * HATCH_CSS; foot < right; foot += HATCH_CSS) {
    rising(canvas, foot, left, right, bottom, height);
    if (isCrossed) falling(canvas, foot, left, right, top, height);
  }
  canvas.stroke();
}

/** From (foot, bottom) up to the right. */
function rising(
  canvas: Canvas2D,
  foot: number,
  left: number,
  right: number,
  bottom: number,
  height: number,
): void {
  const from = Math.max(foot, left);
  const to = Math.min(foot + height, right);
  if (to <= from) return;
  canvas.moveTo(from, bottom - (from - foot));
  canvas.lineTo(to, bottom - (to - foot));
}

/** From (foot, top) down to the right. */
function falling(
  canvas: Canvas2D,
  foot: number,
  left: number,
  right: number,
  top: number,
  height: number,
): void {
  const from = Math.max(foot, left);
  const to = Math.min(foot + height, right);
  if (to <= from) return;
  canvas.moveTo(from, top + (from - foot));
  canvas.lineTo(to, top + (to - foot));
}

/** A vertical torn edge from (x, top) to (x, bottom), as part of the present path. `side` 1 tears to the right. */
export function tornEdge(
  canvas: Canvas2D,
  x: number,
  from: number,
  to: number,
  side: 1 | -1,
  isFirst: boolean,
): void {
  const teeth = Math.max(2, Math.round(Math.abs(to - from) / 8));
  for (let tooth = 0; tooth <= teeth; tooth++) {
    const y = from + ((to - from) * tooth) / teeth;
    const at = x + (tooth % 2 === 0 ? 0 : side * 4);
    if (isFirst && tooth === 0) canvas.moveTo(at, y);
    else canvas.lineTo(at, y);
  }
}

export function cross(canvas: Canvas2D, xMiddle: number, yMiddle: number, reachCss: number): void {
  canvas.beginPath();
  canvas.moveTo(xMiddle - reachCss, yMiddle - reachCss);
  canvas.lineTo(xMiddle + reachCss, yMiddle + reachCss);
  canvas.moveTo(xMiddle + reachCss, yMiddle - reachCss);
  canvas.lineTo(xMiddle - reachCss, yMiddle + reachCss);
  canvas.stroke();
}

/** A filled triangle with its tip at (x, y), pointing up (-1) or down (1). */
export function tip(canvas: Canvas2D, x: number, y: number, direction: 1 | -1, sizeCss: number): void {
  canvas.beginPath();
  canvas.moveTo(x, y);
  canvas.lineTo(x - sizeCss * 0.6, y - direction * sizeCss);
  canvas.lineTo(x + sizeCss * 0.6, y - direction * sizeCss);
  canvas.closePath();
  canvas.fill();
}
