import { fontOf, snap, write, type Brush } from './brush.ts';
import type { Canvas2D } from './canvas.ts';
import type { PaintOptions } from './paint.ts';
import { textWidth } from './text-width.ts';
import type { AxisTicks } from './ticks.ts';

/** The height in which the axis looks right. */
export const AXIS_HEIGHT_CSS = 34;
const LABEL_PX = 11;

/**
 * The axis from `topCss` to `topCss + heightCss`; its line lies at the bottom. Labels stand above ticks; on the event axis
 * the true length of a shortened pause is written between its events, like a measure on a drawing:
 *
 *      0.12 ms                    5.000 31 s
 *       |<---------- 5 s ---------->|
 */
export function paintAxis(
  canvas: Canvas2D,
  ticks: AxisTicks,
  widthCss: number,
  topCss: number,
  heightCss: number,
  options: PaintOptions,
): void {
  const brush: Brush = { canvas, palette: options.palette, pixelRatio: options.pixelRatio };
  const { palette } = options;
  const bottom = topCss + heightCss;
  const line = snap(brush, bottom) - 0.5;
  canvas.save();
  canvas.strokeStyle = palette.mutedText;
  canvas.lineWidth = 1;
  canvas.beginPath();
  canvas.moveTo(0, line);
  canvas.lineTo(widthCss, line);
  for (const { xCss } of ticks.major) upright(brush, xCss, line, 7);
  for (const xCss of ticks.minorCss) upright(brush, xCss, line, 3);
  canvas.stroke();

  canvas.font = fontOf(LABEL_PX, 400);
  canvas.fillStyle = palette.mutedText;
  for (const { xCss, label } of ticks.major) {
    const width = textWidth(label, LABEL_PX);
    const x = Math.max(0, Math.min(widthCss - width, xCss - width / 2));
    if (Math.abs(x - (xCss - width / 2)) < width / 2) canvas.fillText(label, x, topCss + LABEL_PX + 1);
  }
  for (const pause of ticks.pauses) measure(brush, pause.fromCss, pause.toCss, bottom - 10, pause.label);
  canvas.restore();
}

function upright(brush: Brush, xCss: number, line: number, length: number): void {
  const x = snap(brush, xCss) + 0.5 / brush.pixelRatio;
  brush.canvas.moveTo(x, line - length);
  brush.canvas.lineTo(x, line);
}

/** |<---- text ---->| */
function measure(brush: Brush, fromCss: number, toCss: number, yCss: number, text: string): void {
  const { canvas, palette } = brush;
  const from = snap(brush, fromCss) + 2.5;
  const to = snap(brush, toCss) - 2.5;
  const y = snap(brush, yCss) + 0.5;
  const width = textWidth(text, LABEL_PX, 600);
  const middle = (from + to) / 2;
  const gap = width / 2 + 6;
  const hasLines = to - from > width + 28;
  canvas.strokeStyle = palette.text;
  canvas.lineWidth = 1;
  canvas.beginPath();
  if (hasLines) {
    canvas.moveTo(from, y);
    canvas.lineTo(middle - gap, y);
    canvas.moveTo(middle + gap, y);
    canvas.lineTo(to, y);
    for (const [x, side] of [
      [from, 1],
      [to, -1],
    ] as const) {
      canvas.moveTo(x + side * 4, y - 3);
      canvas.lineTo(x, y);
      canvas.lineTo(x + side * 4, y + 3);
    }
  }
  canvas.stroke();
  if (to - from > width) {
    write(brush, {
      text,
      xCss: middle - width / 2,
      baselineCss: y + 4,
      sizePx: LABEL_PX,
      weight: 600,
      colour: 'text',
    });
  }
}
