import type { Canvas2D } from './canvas.ts';

/** A canvas that writes down what is painted, for tests: one line a call that leaves ink. */
export class RecordingCanvas implements Canvas2D {
  readonly calls: string[] = [];
  fillStyle = '';
  strokeStyle = '';
  lineWidth = 1;
  font = '';
  textAlign: 'left' | 'right' | 'center' | 'start' | 'end' = 'left';
  globalAlpha = 1;
  lineCap: 'butt' | 'round' | 'square' = 'butt';
  lineJoin: 'bevel' | 'miter' | 'round' = 'miter';
  /** Saves that have not been restored. */
  open = 0;
  #points = 0;

  save(): void {
    this.open++;
  }
  restore(): void {
    this.open--;
  }
  translate(x: number, y: number): void {
    this.calls.push(`translate ${x} ${y}`);
  }
  beginPath(): void {
    this.#points = 0;
  }
  closePath(): void {
    this.#points++;
  }
  moveTo(x: number, y: number): void {
    this.#point(x, y);
  }
  lineTo(x: number, y: number): void {
    this.#point(x, y);
  }
  bezierCurveTo(_x1: number, _y1: number, _x2: number, _y2: number, x: number, y: number): void {
    this.#point(x, y);
  }
  rect(x: number, y: number): void {
    this.#point(x, y);
  }
  roundRect(x: number, y: number, width: number, height: number): void {
    this.#point(x, y);
    this.#point(x + width, y + height);
  }
  fill(): void {
    this.calls.push(`fill ${this.fillStyle}`);
  }
  stroke(): void {
    if (this.#points > 0) this.calls.push(`stroke ${this.strokeStyle}`);
  }
  clip(): void {
    this.calls.push('clip');
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    this.#point(x, y);
    this.#point(width, height);
    this.calls.push(`rect ${this.fillStyle} ${x} ${y} ${width} ${height}`);
  }
  fillText(text: string, x: number, y: number): void {
    this.#point(x, y);
    this.calls.push(`text ${this.fillStyle} ${this.font.split('px')[0]!} ${text}`);
  }
  setLineDash(segments: number[]): void {
    if (segments.length > 0) this.calls.push(`dash ${segments.join(' ')}`);
  }

  #point(x: number, y: number): void {
    if (!Number.isFinite(x) || !Number.isFinite(y)) throw new RangeError(`painted at ${x}, ${y}`);
    this.#points++;
  }
}
