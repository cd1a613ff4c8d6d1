import { timeNs } from '../../timeline/viewport.ts';
import { HEAD_CSS } from '../board/rows.ts';
import { laneView, panByPixels, setPointerX, zoomBy } from './lane-view.ts';
import { itemAt, selectItem, type LaneItem } from './lane-items.ts';
import { showAt } from './travel.ts';

export interface LaneHover {
  item: LaneItem;
  xCss: number;
  yCss: number;
}

const CLICK_SLOP_CSS = 4;
const ZOOM_PER_WHEEL_UNIT = 0.0018;

/** Wheel zooms at the pointer, drag pans, a click sets the time cursor; on the axis a drag moves it along. */
export class LanePointer {
  readonly #canvas: HTMLCanvasElement;
  readonly #hover: (hover: LaneHover | undefined) => void;
  readonly #listening = new AbortController();
  #drag: { startXCss: number; lastXCss: number; isPan: boolean; onAxis: boolean } | undefined;
  #shown: LaneItem | undefined;

  constructor(canvas: HTMLCanvasElement, hover: (hover: LaneHover | undefined) => void) {
    this.#canvas = canvas;
    this.#hover = hover;
    const { signal } = this.#listening;
    canvas.addEventListener('wheel', (event) => this.#onWheel(event), { signal, passive: false });
    canvas.addEventListener('pointerdown', (event) => this.#onDown(event), { signal });
    canvas.addEventListener('pointermove', (event) => this.#onMove(event), { signal });
    canvas.addEventListener('pointerup', (event) => this.#onUp(event), { signal });
    canvas.addEventListener('pointercancel', () => (this.#drag = undefined), { signal });
    canvas.addEventListener('pointerleave', () => this.#onLeave(), { signal });
  }

  stop(): void {
    this.#listening.abort();
    setPointerX(undefined);
  }

  #onWheel(event: WheelEvent): void {
    event.preventDefault();
    this.#show(undefined, 0, 0);
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) panByPixels(-(event.deltaX || event.deltaY));
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
      this.#show(itemAt(offsetX, offsetY), offsetX, offsetY);
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
    const item = itemAt(event.offsetX, event.offsetY);
    if (item !== undefined) selectItem(item);
  }

  #onLeave(): void {
    setPointerX(undefined);
    this.#show(undefined, 0, 0);
  }

  #setCursor(xInLane: number): void {
    const view = laneView();
    if (view !== undefined) showAt(timeNs(view, xInLane));
  }

  #show(item: LaneItem | undefined, xInLane: number, yInLane: number): void {
    if (item === undefined && this.#shown === undefined) return;
    this.#shown = item;
    this.#hover(item === undefined ? undefined : { item, xCss: xInLane, yCss: yInLane });
  }
}
