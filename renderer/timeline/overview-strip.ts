import type { PictureColours } from '../../apc-model/app-api.ts';
import { SpanType, type SpanTrack } from '../../apc-model/span-track.ts';
import type { Trace } from '../../apc-model/trace.ts';
import { firstSpanFrom } from '../../timeline/axis-search.ts';
import { PALETTES, type ColourName, type Palette } from '../../timeline/palette.ts';
import type { Axis } from '../../timeline/time-axis.ts';
import { fitAll, positionAt, xOfEvent, xOfPosition, type Viewport } from '../../timeline/viewport.ts';
import { sizedContext } from './canvas-size.ts';

const COLOURS: Readonly<Partial<Record<SpanType, ColourName>>> = {
  [SpanType.alive]: 'runningFill',
  [SpanType.wait]: 'waitFill',
  [SpanType.alertableWait]: 'alertableEdge',
  [SpanType.apc]: 'apcFill',
  [SpanType.waitingForStep]: 'stepFill',
};
/** Up to so many spans of a thread are drawn one by one; of more, what each pixel's place shows. */
const MOST_SPANS = 2000;
/** A live session's strip is this old at most … */
const OLDEST_MS = 250;
/** … or so many times what it took to paint. */
const TIMES_ITS_COST = 50;

/** What a strip shows: of another one nothing can be used. */
interface Shown {
  trace: Trace;
  axis: Axis;
  colours: PictureColours;
  widthCss: number;
  heightCss: number;
  pixelRatio: number;
}

/**
 * The whole session, one line a thread, on a canvas of its own: it is painted a few times a second, however often the
 * session changes, and put up with every frame.
 */
export class OverviewStrip {
  readonly canvas = document.createElement('canvas');
  #shown: Shown | undefined;
  #view: Viewport | undefined;
  #revision = -1;
  #liveNs = -1;
  #paintedMs = Number.NEGATIVE_INFINITY;
  #costMs = 0;

  /**
   * Paints where it must.
   * @returns what the strip shows, and in how many milliseconds a newer one may be painted; 0 where it is the newest
   */
  show(shown: Shown, liveNs: number, nowMs: number): { view: Viewport; againInMs: number } {
    const isSame =
      this.#shown !== undefined &&
      (Object.keys(shown) as (keyof Shown)[]).every((key) => this.#shown![key] === shown[key]);
    const isNewest = isSame && this.#revision === shown.trace.revision && this.#liveNs === liveNs;
    const againInMs = this.#paintedMs + Math.max(OLDEST_MS, this.#costMs * TIMES_ITS_COST) - nowMs;
    if (isNewest) return { view: this.#view!, againInMs: 0 };
    if (isSame && againInMs > 0) return { view: this.#view!, againInMs };
    this.#shown = shown;
    this.#revision = shown.trace.revision;
    this.#liveNs = liveNs;
    this.#view = fitAll(shown.axis, shown.widthCss, liveNs);
    this.#paint(shown, this.#view, liveNs);
    this.#paintedMs = nowMs;
    this.#costMs = performance.now() - nowMs;
    return { view: this.#view, againInMs: 0 };
  }

  #paint({ trace, colours, widthCss, heightCss }: Shown, view: Viewport, liveNs: number): void {
    const context = sizedContext(this.canvas, { widthCss, heightCss });
    if (context === undefined) return;
    const threads = [...trace.spans.threads.values()].filter(
      (spans) => !spans.controller && spans.life.length > 0,
    );
    const pitchCss = Math.min(7, (heightCss - 4) / Math.max(1, threads.length));
    const topCss = (heightCss - pitchCss * threads.length) / 2;
    const line = { context, palette: PALETTES[colours], view, heightCss: Math.max(1, pitchCss - 1), liveNs };
    const keys = Array.from({ length: Math.ceil(widthCss) }, (_, x) => view.axis.keyAt(positionAt(view, x)));
    threads.forEach(({ life }, place) => {
      const own = { ...line, topCss: topCss + place * pitchCss };
      if (life.length - life.first <= MOST_SPANS) paintEach(own, life);
      else paintPlaces(own, life, keys);
    });
  }
}

interface Line {
  context: CanvasRenderingContext2D;
  palette: Palette;
  view: Viewport;
  topCss: number;
  heightCss: number;
  liveNs: number;
}

function paintEach({ context, palette, view, topCss, heightCss, liveNs }: Line, life: SpanTrack): void {
  const now = view.axis.ofTime(liveNs);
  const paint = (span: number): void => {
    const colour = COLOURS[life.type(span)];
    if (colour === undefined) return;
    const left = xOfEvent(view, life.began(span), life.startNs(span));
    const right = life.isOpen(span)
      ? xOfPosition(view, now)
      : xOfEvent(view, life.ended(span)!, life.endNs(span));
    context.fillStyle = palette[colour];
    context.fillRect(left, topCss, Math.max(1, right - left), heightCss);
  };
  for (const span of life.kept) paint(span);
  for (let span = life.first; span < life.length; span++) paint(span);
}

/** @param keys of the places at which the pixels begin */
function paintPlaces(
  { context, palette, view, topCss, heightCss }: Line,
  life: SpanTrack,
  keys: readonly number[],
): void {
  let from = life.first;
  let begunX = 0;
  let colour: ColourName | undefined;
  const end = (x: number): void => {
    if (colour === undefined || x === begunX) return;
    context.fillStyle = palette[colour];
    context.fillRect(begunX, topCss, x - begunX, heightCss);
  };
  keys.forEach((key, x) => {
    from = firstSpanFrom(view.axis, life, key, from);
    const next = colourAt(life, view, from, key);
    if (next === colour) return;
    end(x);
    [colour, begunX] = [next, x];
  });
  end(keys.length);
}

/** What the thread was doing at a place of the axis. */
function colourAt(
  life: SpanTrack,
  { axis }: Viewport,
  firstAfter: number,
  key: number,
): ColourName | undefined {
  for (let span = life.before(firstAfter); span >= 0; span = life.parent(span)) {
    const isOpen =
      life.isOpen(span) || (axis.kind === 'events' ? life.ended(span)! >= key : life.endNs(span) > key);
    const colour = isOpen ? COLOURS[life.type(span)] : undefined;
    if (colour !== undefined) return colour;
  }
  return undefined;
}
