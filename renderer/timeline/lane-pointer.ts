import type { Tooltip } from '../../timeline/tooltip.ts';
import { timeNs } from '../../timeline/viewport.ts';
import { HEAD_CSS } from '../board/rows.ts';
import { laneView, panByPixels, setPointerX, zoomBy } from './lane-view.ts';
import { hitAt, selectHit, wordsOf, zoomToHit } from './lane-items.ts';
import { showAt } from './travel.ts';

export interface LaneHover {
  words: Tooltip;
  xCss: number;
  yCss: number;
}

const CLICK_SLOP_CSS = 4;
const ZOOM_PER_WHEEL_UNIT = 0.0018;

/** Wheel zooms at the pointer, drag pans, a click sets the time cursor, a double click zooms to what it hits; on the axis a
 * drag moves the cursor along. */
export class LanePointer {
  readonly #canvas: HTMLCanvasElement;
  readonly #hover: (hover: LaneHover | undefined) => void;
  readonly #listening = new AbortController();
  #drag: { startXCss: number; lastXCss: number; isPan: boolean; onAxis: boolean } | undefined;
  #isShown = false;

  constructor(canvas: HTMLCanvasElement, hover: (hover: LaneHover | undefined) => void) {
    this.#canvas = canvas;
    this.#hover = hover;
    const { signal } = this.#listening;
    canvas.addEventListener('wheel', (event) => this.#onWheel(event), { signal, passive: false });
    canvas.addEventListener('pointerdown', (event) => this.#onDown(event), { signal });
    canvas.addEventListener('pointermove', (event) => this.#onMove(event), { signal });
    canvas.addEventListener('pointerup', (event) => this.#onUp(event), { signal });
    canvas.addEventListener('pointercancel', () => (this.#drag = undefined), { signal });
    canvas.addEventListener(
      'dblclick',
      ({ offsetX, offsetY }) => {
        const hit = hitAt(offsetX, offsetY);
        if (hit !== undefined) zoomToHit(hit);
      },
      { signal },
    );
    canvas.addEventListener('pointerleave', () => this.#onLeave(), { signal });
  }

  stop(): void {
    this.#listening.abort();
    setPointerX(undefined);
  }

  #onWheel(event: WheelEvent): void {
    event.preventDefault();
    this.#show(undefined, 0, 0);
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
      panByPixels(-(event.deltaX || event.deltaY));
    else zoomBy(Math.exp(-event.deltaY * ZOOM_PER_WHEEL_UNIT), event.offsetX);
  }

  #onDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#canvas.setPointerCapture(event.pointerId);
    const onAxis = event.offsetY < HEAD_CSS;
    this.#drag = { startXCss: event.offsetX, lastXCss: event.offsetX, isPan: false, onAxis };
    if (onAxis) this.#setCursor(event.offsetX);
  }

  #onMove(event: PointerEvent): void {
    const { offsetX, offsetY } = event;
    setPointerX(offsetX);
    const drag = this.#drag;
    if (drag === undefined) {
      this.#show(wordsOf(hitAt(offsetX, offsetY)), offsetX, offsetY);
      return;
    }
    if (drag.onAxis) this.#setCursor(offsetX);
    else {
      drag.isPan ||= Math.abs(offsetX - drag.startXCss) >= CLICK_SLOP_CSS;
      if (!drag.isPan) return;
      this.#show(undefined, 0, 0);
      panByPixels(offsetX - drag.lastXCss);
    }
    drag.lastXCss = offsetX;
  }

  #onUp(event: PointerEvent): void {
    const drag = this.#drag;
    this.#drag = undefined;
    if (drag === undefined || drag.isPan || drag.onAxis) return;
    this.#setCursor(event.offsetX);
    const hit = hitAt(event.offsetX, event.offsetY);
    if (hit !== undefined) selectHit(hit);
  }

  #onLeave(): void {
    setPointerX(undefined);
    this.#show(undefined, 0, 0);
  }

  #setCursor(xInLane: number): void {
    const view = laneView();
    if (view !== undefined) showAt(timeNs(view, xInLane));
  }

  #show(words: Tooltip | undefined, xInLane: number, yInLane: number): void {
    if (words === undefined && !this.#isShown) return;
    this.#isShown = words !== undefined;
    this.#hover(words === undefined ? undefined : { words, xCss: xInLane, yCss: yInLane });
  }
}
