import type { PictureColours } from '../../apc-model/app-api.ts';
import { type ThreadSpans } from '../../apc-model/span-table.ts';
import { SpanType } from '../../apc-model/span-track.ts';
import { PALETTES, type ColourName, type Palette } from '../../timeline/palette.ts';
import {
  fitAll as fitted,
  positionAt,
  timeNs,
  xCss,
  xOfPosition,
  type Viewport,
} from '../../timeline/viewport.ts';
import { feed, shownInstant } from '../lab.ts';
import { setView, useChoices } from '../store.ts';
import { sizedContext } from './canvas-size.ts';
import { laneView } from './lane-view.ts';
import { axisOf } from './shown-view.ts';
import { showAt } from './travel.ts';

const COLOURS: Readonly<Partial<Record<SpanType, ColourName>>> = {
  [SpanType.alive]: 'runningFill',
  [SpanType.wait]: 'waitFill',
  [SpanType.alertableWait]: 'alertableEdge',
  [SpanType.apc]: 'apcFill',
  [SpanType.waitingForStep]: 'stepFill',
};
/** More spans than this are not drawn one by one: the strip is a few hundred pixels wide. */
const MOST_SPANS = 2000;

let shown: Viewport | undefined;

export function paintOverview(canvas: HTMLCanvasElement, colours: PictureColours): void {
  const { trace } = feed;
  const context = sizedContext(canvas);
  shown = undefined;
  if (context === undefined || trace === undefined) return;
  const { clientWidth: widthCss, clientHeight: heightCss } = canvas;
  const { timeNs: cursorNs, liveNs } = shownInstant();
  const palette = PALETTES[colours];
  const view = fitted(axisOf(trace, useChoices.getState().axis), widthCss, liveNs);
  shown = view;
  const threads = [...trace.spans.threads.values()].filter(
    (spans) => !spans.controller && spans.life.length > 0,
  );
  const pitchCss = Math.min(7, (heightCss - 4) / Math.max(1, threads.length));
  const topCss = (heightCss - pitchCss * threads.length) / 2;
  threads.forEach((spans, place) =>
    paintThread(context, palette, view, spans, topCss + place * pitchCss, Math.max(1, pitchCss - 1), liveNs),
  );
  paintWindow(context, palette, view, heightCss);
  context.fillStyle = palette.cursor;
  context.fillRect(Math.round(xCss(view, cursorNs)), 0, 1, heightCss);
}

function paintThread(
  context: CanvasRenderingContext2D,
  palette: Palette,
  view: Viewport,
  { life }: ThreadSpans,
  topCss: number,
  heightCss: number,
  liveNs: number,
): void {
  const stride = Math.max(1, Math.ceil((life.length - life.first) / MOST_SPANS));
  const paint = (at: number): void => {
    const colour = COLOURS[life.type(at)];
    if (colour === undefined) return;
    const left = xCss(view, life.startNs(at));
    const right = xCss(view, Math.min(life.endNs(at), liveNs));
    context.fillStyle = palette[colour];
    context.fillRect(left, topCss, Math.max(1, right - left), heightCss);
  };
  for (const span of life.kept) paint(span);
  for (let span = life.first; span < life.length; span += stride) paint(span);
}

function paintWindow(
  context: CanvasRenderingContext2D,
  palette: Palette,
  view: Viewport,
  heightCss: number,
): void {
  const lanes = laneView();
  if (lanes === undefined || lanes.axis !== view.axis) return;
  const left = Math.max(0, xOfPosition(view, lanes.start));
  const right = Math.min(view.widthCss, xOfPosition(view, lanes.start + lanes.span));
  context.globalAlpha = 0.55;
  context.fillStyle = palette.background;
  context.fillRect(0, 0, left, heightCss);
  context.fillRect(right, 0, view.widthCss - right, heightCss);
  context.globalAlpha = 1;
  context.strokeStyle = palette.selection;
  context.lineWidth = 1.5;
  context.strokeRect(left + 0.75, 0.75, Math.max(3, right - left - 1.5), heightCss - 1.5);
}

/** Drags the window; where the lanes show everything, a click sets the time cursor. */
export class OverviewPointer {
  readonly #listening = new AbortController();
  #isDown = false;

  constructor(canvas: HTMLCanvasElement) {
    const { signal } = this.#listening;
    canvas.addEventListener(
      'pointerdown',
      (event) => {
        this.#isDown = true;
        canvas.setPointerCapture(event.pointerId);
        this.#go(event.offsetX);
      },
      { signal },
    );
    canvas.addEventListener('pointermove', (event) => this.#isDown && this.#go(event.offsetX), { signal });
    canvas.addEventListener('pointerup', () => (this.#isDown = false), { signal });
    canvas.addEventListener('pointercancel', () => (this.#isDown = false), { signal });
  }

  stop(): void {
    this.#listening.abort();
  }

  #go(xInStrip: number): void {
    const lanes = laneView();
    if (shown === undefined || lanes === undefined) return;
    if (useChoices.getState().view.mode === 'fit') showAt(timeNs(shown, xInStrip));
    else setView({ mode: 'fixed', start: positionAt(shown, xInStrip) - lanes.span / 2, span: lanes.span });
  }
}
