import { fitRange, panBy, xCss, zoomAt, type Viewport } from '../../timeline/viewport.ts';
import { shownInstant } from '../lab.ts';
import { setView, useChoices } from '../store.ts';
import { choiceOf } from './shown-view.ts';

/** The lanes' viewport as it was last painted: what a pointer or a key acts on. */
let painted: Viewport | undefined;
let pointerXCss: number | undefined;

export const laneView = (): Viewport | undefined => painted;
export const setPaintedView = (view: Viewport): void => void (painted = view);
export const setPointerX = (xInLane: number | undefined): void => void (pointerXCss = xInLane);

const choose = (view: Viewport, panned: boolean): void => {
  const { liveNs, isLive, isMoving } = shownInstant();
  setView(choiceOf(view, liveNs, isLive && isMoving, panned));
};

/** Above 1 shows more detail. What lies at `xInLane` stays there. */
export function zoomBy(factor: number, xInLane: number): void {
  if (painted === undefined) return;
  choose(zoomAt(painted, xInLane, factor, shownInstant().liveNs), false);
}

/** At the pointer, or at the cursor when the pointer is elsewhere. */
export function zoomByKey(factor: number): void {
  if (painted === undefined) return;
  const atCursor = xCss(painted, shownInstant().timeNs);
  const inView = Math.min(painted.widthCss, Math.max(0, atCursor));
  zoomBy(factor, pointerXCss ?? inView);
}

export function panByPixels(dxCss: number): void {
  if (painted !== undefined) choose(panBy(painted, dxCss, shownInstant().liveNs), true);
}

export const panByShare = (share: number): void => panByPixels(share * (painted?.widthCss ?? 0));

export function showRange(startNs: number, endNs: number): void {
  if (painted !== undefined) choose(fitRange(painted, startNs, endNs), true);
}

/** Moves the view, when it must, so that this instant is seen. */
export function keepInView(timeNs: number): void {
  if (painted === undefined || useChoices.getState().view.mode === 'fit') return;
  const x = xCss(painted, timeNs);
  if (x >= 0 && x <= painted.widthCss) return;
  choose(panBy(painted, painted.widthCss / 2 - x, shownInstant().liveNs), true);
}
