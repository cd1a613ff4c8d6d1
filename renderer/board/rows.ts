import type { ThreadIndex } from '../../apc-model/event.ts';
import type { QueueFront, SessionAt, ThreadAt } from '../../apc-model/thread-state.ts';
import { AXIS_HEIGHT_CSS } from '../../timeline/paint-axis.ts';
import type { BoardRow } from '../snapshot.ts';

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
export function rowsOf(live: SessionAt, at: SessionAt): BoardRow[] {
  const known = new Map(at.threads.map((thread) => [thread.index, thread]));
  const rows = live.threads.map((last): BoardRow => {
    const thread = known.get(last.index);
    return thread === undefined
      ? { thread: beforeItsTime(last), isToCome: true, live: last }
      : { thread, isToCome: false, live: last };
  });
  return [
    ...rows.filter(({ thread }) => thread.controller),
    ...rows.filter(({ thread }) => !thread.controller),
  ];
}

const NOTHING: QueueFront = { length: 0, first: () => [] };

const beforeItsTime = (thread: ThreadAt): ThreadAt => ({
  ...thread,
  activity: 'notStarted',
  suspendCount: 0,
  frames: [],
  userQueue: [],
  specialQueue: [],
  waiting: { user: NOTHING, special: NOTHING },
  mailbox: 0,
  exitCode: undefined,
  endReason: undefined,
  counts: { queued: 0, delivered: 0, cancelled: 0, vanished: 0, lost: 0, failed: 0 },
});

export function placeRows(rows: readonly BoardRow[]): RowPlace[] {
  let topCss = HEAD_CSS;
  return rows.map(({ thread: { index, controller } }) => {
    const place = { thread: index, topCss, heightCss: controller ? CONTROLLER_ROW_CSS : LAB_ROW_CSS };
    topCss += place.heightCss;
    return place;
  });
}
