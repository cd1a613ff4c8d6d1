/**
 * The part of CanvasRenderingContext2D that the timeline paints with. The page's canvas, Skia's in the exporter and our
 * own SVG writer (svg-canvas.ts) all have it. One unit is one CSS pixel: the caller has scaled the context.
 */
export interface Canvas2D {
  get fillStyle(): unknown;
  set fillStyle(css: string);
  get strokeStyle(): unknown;
  set strokeStyle(css: string);
  lineWidth: number;
  font: string;
  textAlign: 'left' | 'right' | 'center' | 'start' | 'end';
  globalAlpha: number;
  lineCap: 'butt' | 'round' | 'square';
  lineJoin: 'bevel' | 'miter' | 'round';
  save(): void;
  restore(): void;
  translate(x: number, y: number): void;
  beginPath(): void;
  closePath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  roundRect(x: number, y: number, width: number, height: number, radius: number): void;
  fill(): void;
  stroke(): void;
  clip(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  setLineDash(segments: number[]): void;
}
