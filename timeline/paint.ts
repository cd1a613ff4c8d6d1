import { snap, write, type Brush } from './brush.ts';
import type { Canvas2D } from './canvas.ts';
import type { DrawList } from './draw-list.ts';
import { paintBar, paintFolds } from './paint-bars.ts';
import { paintGap, paintMark } from './paint-marks.ts';
import { paintArrow, paintBracket, paintDepths, paintPill, paintWaiting } from './paint-queue.ts';
import { PALETTES, type Palette, type Theme } from './palette.ts';
import type { AxisTicks } from './ticks.ts';

/**
 * Paints draw lists. The same code paints the window, the PNG and the SVG. The context is scaled to CSS pixels by the
 * caller; nothing is read back from it, and it is left as it was found.
 */
export interface PaintOptions {
  palette: Palette;
  /** Device pixels for a CSS pixel, for crisp edges. */
  pixelRatio: number;
  /** Where the grid's upright lines go; left out, none are drawn. */
  gridTopCss?: number;
  gridBottomCss?: number;
}

export const paletteOf = (theme: Theme): Palette => PALETTES[theme];

/** Lanes and all that is in them. Doesn't clear: the caller owns the background. */
export function paintDrawList(canvas: Canvas2D, list: DrawList, options: PaintOptions): void {
  const brush: Brush = { canvas, palette: options.palette, pixelRatio: options.pixelRatio };
  canvas.save();
  if (options.gridTopCss !== undefined && options.gridBottomCss !== undefined) {
    paintGrid(brush, list.ticks, options.gridTopCss, options.gridBottomCss);
  }
  // On its way to another lane an arrow passes behind what lies between.
  for (const arrow of list.arrows) if (arrow.kind === 'queue') paintArrow(brush, arrow);
  for (const curve of list.depths) paintDepths(brush, curve);
  for (const bar of list.bars) paintBar(brush, bar);
  paintFolds(brush, list.folds);
  for (const waiting of list.waiting) paintWaiting(brush, waiting);
  for (const bracket of list.brackets) paintBracket(brush, bracket);
  for (const mark of list.marks) if (mark.kind === 'started' || mark.kind === 'ended') paintMark(brush, mark);
  for (const arrow of list.arrows) if (arrow.kind === 'deliver') paintArrow(brush, arrow);
  for (const bar of list.bars) if (bar.label !== undefined) write(brush, bar.label);
  for (const { label } of list.waiting) if (label !== undefined) write(brush, label);
  for (const curve of list.depths) for (const label of curve.labels) write(brush, label);
  for (const note of list.notes) write(brush, note);
  for (const pill of list.pills) {
    paintPill(brush, pill);
    write(brush, pill.label);
  }
  for (const gap of list.gaps) paintGap(brush, gap);
  for (const { label } of list.gaps) if (label !== undefined) write(brush, label);
  for (const mark of list.marks) {
    if (mark.kind !== 'started' && mark.kind !== 'ended') paintMark(brush, mark);
    if (mark.label !== undefined) write(brush, mark.label);
  }
  canvas.restore();
}

function paintGrid(brush: Brush, ticks: AxisTicks, topCss: number, bottomCss: number): void {
  const { canvas, palette } = brush;
  canvas.strokeStyle = palette.grid;
  canvas.lineWidth = 1 / brush.pixelRatio;
  canvas.beginPath();
  for (const { xCss } of ticks.major) {
    const x = snap(brush, xCss) + 0.5 / brush.pixelRatio;
    canvas.moveTo(x, topCss);
    canvas.lineTo(x, bottomCss);
  }
  canvas.stroke();
}
