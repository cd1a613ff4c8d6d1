import type { Canvas2D } from './canvas.ts';
import type { Box, Label } from './draw-list.ts';
import type { ColourName, Palette } from './palette.ts';
import { textWidth, type Weight } from './text-width.ts';

/** What every painter needs. */
export interface Brush {
  canvas: Canvas2D;
  palette: Palette;
  /** Device pixels for a CSS pixel: edges snap to them. */
  pixelRatio: number;
}

export const fontOf = (sizePx: number, weight: Weight): string =>
  `${weight} ${sizePx}px Inter, "Segoe UI Variable Text", "Segoe UI", sans-serif`;

/** The nearest device pixel. */
export const snap = (brush: Brush, css: number): number =>
  Math.round(css * brush.pixelRatio) / brush.pixelRatio;

/** The box with its edges on device pixels, at least one wide and high. */
export function snapBox(brush: Brush, box: Box): Box {
  const least = 1 / brush.pixelRatio;
  const xCss = snap(brush, box.xCss);
  const yCss = snap(brush, box.yCss);
  return {
    xCss,
    yCss,
    widthCss: Math.max(least, snap(brush, box.xCss + box.widthCss) - xCss),
    heightCss: Math.max(least, snap(brush, box.yCss + box.heightCss) - yCss),
  };
}

/** A crisp frame inside a box. */
export function frame(brush: Brush, box: Box, colour: ColourName, radius: number, lineCss = 1): void {
  const { canvas, palette } = brush;
  if (box.widthCss <= lineCss || box.heightCss <= lineCss) return;
  canvas.strokeStyle = palette[colour];
  canvas.lineWidth = lineCss;
  canvas.beginPath();
  canvas.roundRect(
    box.xCss + lineCss / 2,
    box.yCss + lineCss / 2,
    box.widthCss - lineCss,
    box.heightCss - lineCss,
    Math.max(0, radius - lineCss / 2),
  );
  canvas.stroke();
}

export function fillRound(brush: Brush, box: Box, colour: ColourName, radius: number): void {
  const { canvas, palette } = brush;
  canvas.fillStyle = palette[colour];
  if (radius === 0 || box.widthCss < 4) {
    canvas.fillRect(box.xCss, box.yCss, box.widthCss, box.heightCss);
    return;
  }
  canvas.beginPath();
  canvas.roundRect(box.xCss, box.yCss, box.widthCss, box.heightCss, Math.min(radius, box.widthCss / 2));
  canvas.fill();
}

export function write(brush: Brush, label: Label): void {
  const { canvas, palette } = brush;
  if (label.plate !== undefined) {
    canvas.globalAlpha = 0.9;
    fillRound(
      brush,
      {
        xCss: label.xCss - 3,
        yCss: label.baselineCss - label.sizePx,
        widthCss: textWidth(label.text, label.sizePx, label.weight) + 6,
        heightCss: label.sizePx * 1.3,
      },
      label.plate,
      2,
    );
    canvas.globalAlpha = 1;
  }
  canvas.fillStyle = palette[label.colour];
  canvas.font = fontOf(label.sizePx, label.weight);
  canvas.textAlign = 'left';
  canvas.fillText(label.text, label.xCss, label.baselineCss);
}
