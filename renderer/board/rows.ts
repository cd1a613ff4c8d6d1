import type { ThreadIndex } from '../../apc-model/event.ts';
import type { ThreadAt } from '../../apc-model/thread-state.ts';
import { AXIS_HEIGHT_CSS } from '../../timeline/paint-axis.ts';

/** Where each thread's row lies, from the top of the scrolled content. The board and the lanes' canvas share it. */
export interface RowPlace {
  thread: ThreadIndex;
  topCss: number;
  heightCss: number;
}

/** The column headings, and beside them the time axis. */
export const HEAD_CSS = AXIS_HEIGHT_CSS;
export const LAB_ROW_CSS = 128;
export const CONTROLLER_ROW_CSS = 40;

/** The controller, which directs and is no part of the experiment, comes first; then lab threads as they were made. */
export const inRowOrder = (threads: readonly ThreadAt[]): ThreadAt[] => [
  ...threads.filter((thread) => thread.controller),
  ...threads.filter((thread) => !thread.controller),
];

export function placeRows(threads: readonly ThreadAt[]): RowPlace[] {
  let topCss = HEAD_CSS;
  return inRowOrder(threads).map(({ index, controller }) => {
    const place = { thread: index, topCss, heightCss: controller ? CONTROLLER_ROW_CSS : LAB_ROW_CSS };
    topCss += place.heightCss;
    return place;
  });
}
