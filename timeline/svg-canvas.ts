import type { Canvas2D } from './canvas.ts';

interface State {
  fill: string;
  stroke: string;
  lineWidth: number;
  font: string;
  align: 'left' | 'right' | 'center' | 'start' | 'end';
  alpha: number;
  cap: 'butt' | 'round' | 'square';
  join: 'bevel' | 'miter' | 'round';
  dash: string;
  x: number;
  y: number;
  /** Groups opened since the matching save. */
  groups: number;
}

/**
 * Writes what is painted as an SVG document: shapes, clip paths, and each text as one `<text>` that can be searched, copied
 * and edited. (Skia's own SVG output places every letter by itself, and splits and empties texts at some characters.)
 */
export class SvgCanvas implements Canvas2D {
  readonly #widthCss: number;
  readonly #heightCss: number;
  readonly #title: string;
  readonly #body: string[] = [];
  readonly #stack: State[] = [];
  #clips = 0;
  #path = '';
  #state: State = {
    fill: '#000000',
    stroke: '#000000',
    lineWidth: 1,
    font: '400 10px sans-serif',
    align: 'left',
    alpha: 1,
    cap: 'butt',
    join: 'miter',
    dash: '',
    x: 0,
    y: 0,
    groups: 0,
  };

  constructor(widthCss: number, heightCss: number, title: string) {
    this.#widthCss = widthCss;
    this.#heightCss = heightCss;
    this.#title = title;
  }

  /** The whole document so far. */
  document(): string {
    const size = `width="${this.#widthCss}" height="${this.#heightCss}" viewBox="0 0 ${this.#widthCss} ${this.#heightCss}"`;
    const open = this.#stack.reduce((sum, state) => sum + state.groups, this.#state.groups);
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">`,
      `<title>${escaped(this.#title)}</title>`,
      ...this.#body,
      '</g>'.repeat(open),
      '</svg>',
      '',
    ].join('\n');
  }

  get fillStyle(): string {
    return this.#state.fill;
  }
  set fillStyle(css: string) {
    this.#state.fill = css;
  }
  get strokeStyle(): string {
    return this.#state.stroke;
  }
  set strokeStyle(css: string) {
    this.#state.stroke = css;
  }
  get lineWidth(): number {
    return this.#state.lineWidth;
  }
  set lineWidth(width: number) {
    this.#state.lineWidth = width;
  }
  get font(): string {
    return this.#state.font;
  }
  set font(font: string) {
    this.#state.font = font;
  }
  get textAlign(): State['align'] {
    return this.#state.align;
  }
  set textAlign(align: State['align']) {
    this.#state.align = align;
  }
  get globalAlpha(): number {
    return this.#state.alpha;
  }
  set globalAlpha(alpha: number) {
    this.#state.alpha = alpha;
  }
  get lineCap(): State['cap'] {
    return this.#state.cap;
  }
  set lineCap(cap: State['cap']) {
    this.#state.cap = cap;
  }
  get lineJoin(): State['join'] {
    return this.#state.join;
  }
  set lineJoin(join: State['join']) {
    this.#state.join = join;
  }

  setLineDash(segments: number[]): void {
    this.#state.dash = segments.map(number).join(' ');
  }

  save(): void {
    this.#stack.push(this.#state);
    this.#state = { ...this.#state, groups: 0 };
  }

  restore(): void {
    const before = this.#stack.pop();
    if (before === undefined) return;
    if (this.#state.groups > 0) this.#body.push('</g>'.repeat(this.#state.groups));
    this.#state = before;
  }

  translate(x: number, y: number): void {
    this.#state.x += x;
    this.#state.y += y;
  }

  beginPath(): void {
    this.#path = '';
  }
  closePath(): void {
    this.#path += 'Z';
  }
  moveTo(x: number, y: number): void {
    this.#path += `M${this.#at(x, y)}`;
  }
  lineTo(x: number, y: number): void {
    this.#path += `L${this.#at(x, y)}`;
  }
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    this.#path += `C${this.#at(x1, y1)} ${this.#at(x2, y2)} ${this.#at(x, y)}`;
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.#path += `M${this.#at(x, y)}h${number(width)}v${number(height)}h${number(-width)}Z`;
  }
  roundRect(x: number, y: number, width: number, height: number, radius: number): void {
    const r = Math.max(0, Math.min(radius, width / 2, height / 2));
    const corner = (dx: number, dy: number): string =>
      `a${number(r)} ${number(r)} 0 0 1 ${number(dx)} ${number(dy)}`;
    this.#path +=
      `M${this.#at(x + r, y)}h${number(width - 2 * r)}${corner(r, r)}v${number(height - 2 * r)}${corner(-r, r)}` +
      `h${number(2 * r - width)}${corner(-r, -r)}v${number(2 * r - height)}${corner(r, -r)}Z`;
  }

  fill(): void {
    if (this.#path !== '')
      this.#body.push(`<path d="${this.#path}" fill="${this.#state.fill}"${this.#opacity()}/>`);
  }

  stroke(): void {
    if (this.#path === '') return;
    const { stroke, lineWidth, cap, join, dash } = this.#state;
    const style = [
      `stroke="${stroke}" stroke-width="${number(lineWidth)}"`,
      cap === 'butt' ? '' : ` stroke-linecap="${cap}"`,
      join === 'miter' ? '' : ` stroke-linejoin="${join}"`,
      dash === '' ? '' : ` stroke-dasharray="${dash}"`,
    ].join('');
    this.#body.push(`<path d="${this.#path}" fill="none" ${style}${this.#opacity()}/>`);
  }

  clip(): void {
    const id = `clip${++this.#clips}`;
    this.#body.push(
      `<clipPath id="${id}"><path d="${this.#path}"/></clipPath>`,
      `<g clip-path="url(#${id})">`,
    );
    this.#state.groups++;
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const { fill } = this.#state;
    const [left, top] = this.#at(x, y).split(' ');
    this.#body.push(
      `<rect x="${left}" y="${top}" width="${number(width)}" height="${number(height)}" fill="${fill}"${this.#opacity()}/>`,
    );
  }

  fillText(text: string, x: number, y: number): void {
    if (text === '') return;
    const { fill, font, align } = this.#state;
    const [, weight = '400', size = '10', family = 'sans-serif'] = /^(\d+) ([\d.]+)px (.+)$/.exec(font) ?? [];
    const [left, top] = this.#at(x, y).split(' ');
    const anchor =
      align === 'center'
        ? ' text-anchor="middle"'
        : align === 'right' || align === 'end'
          ? ' text-anchor="end"'
          : '';
    const face = `font-family="${escaped(family.replaceAll('"', "'"))}" font-size="${size}" font-weight="${weight}"`;
    this.#body.push(
      `<text x="${left}" y="${top}" ${face} fill="${fill}"${anchor}${this.#opacity()}>${escaped(text)}</text>`,
    );
  }

  #at(x: number, y: number): string {
    return `${number(x + this.#state.x)} ${number(y + this.#state.y)}`;
  }

  #opacity(): string {
    return this.#state.alpha === 1 ? '' : ` opacity="${number(this.#state.alpha)}"`;
  }
}

/** At most a hundredth of a pixel, without noise. */
const number = (value: number): string => String(Math.round(value * 100) / 100);

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Text as XML allows it: control characters have no place in a document. */
const escaped = (text: string): string =>
  text
    .replace(/\p{Cc}/gu, (control) => (control === '\t' || control === '\n' ? ' ' : '\ufffd'))
    .replace(/[&<>"]/g, (one) => ESCAPES[one]!);
