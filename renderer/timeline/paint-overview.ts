import type { PictureColours } from '../../apc-model/app-api.ts';
import { PALETTES, type Palette } from '../../timeline/palette.ts';
import { positionAt, timeNs, xCss, xOfPosition, type Viewport } from '../../timeline/viewport.ts';
import { feed, frames, shownInstant } from '../lab.ts';
import { setView, useChoices } from '../store.ts';
import { sizedContext } from './canvas-size.ts';
import { laneView } from './lane-view.ts';
import { OverviewStrip } from './overview-strip.ts';
import { axisOf } from './shown-view.ts';
import { showAt } from './travel.ts';

const strip = new OverviewStrip();
let shown: Viewport | undefined;
let refresh: number | undefined;

/** Puts up the strip, the window in it and the cursor. */
export function paintOverview(canvas: HTMLCanvasElement, colours: PictureColours): void {
  const { trace } = feed;
  const context = sizedContext(canvas);
  shown = undefined;
  if (context === undefined || trace === undefined) return;
  const { clientWidth: widthCss, clientHeight: heightCss } = canvas;
  const { timeNs: cursorNs, liveNs } = shownInstant();
  const palette = PALETTES[colours];
  const axis = axisOf(trace, useChoices.getState().axis);
  const pixelRatio = window.devicePixelRatio;
  const { view, againInMs } = strip.show(
    { trace, axis, colours, widthCss, heightCss, pixelRatio },
    liveNs,
    performance.now(),
  );
  shown = view;
  if (againInMs > 0) refreshIn(againInMs);
  context.drawImage(strip.canvas, 0, 0, widthCss, heightCss);
  paintWindow(context, palette, view, heightCss);
  context.fillStyle = palette.cursor;
  context.fillRect(Math.min(widthCss - 1, Math.round(xCss(view, cursorNs))), 0, 1, heightCss);
}

/** Also where nothing else changes any more. */
function refreshIn(ms: number): void {
  refresh ??= window.setTimeout(() => {
    refresh = undefined;
    frames.invalidatePaint();
  }, ms);
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
