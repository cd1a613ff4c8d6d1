import { EndReason, THREAD_CONTROLLER, type ThreadIndex } from '../apc-model/event.ts';
import type { ThreadAt } from '../apc-model/thread-state.ts';
import type { Trace } from '../apc-model/trace.ts';
import { buildDrawList, type DrawList } from './draw-list.ts';
import { EventAxis } from './event-axis.ts';
import { comfortableHeight, layoutLanes } from './lane-rows.ts';
import { marksOf } from './lane-marks.ts';
import { layoutLegend, type Legend } from './legend.ts';
import { AXIS_HEIGHT_CSS } from './paint-axis.ts';
import { placeFacts, type PlacedFact } from './picture-facts.ts';
import { pictureFacts } from './picture-text.ts';
import type { Theme } from './palette.ts';
import { timeAxis, type Axis, type AxisKind } from './time-axis.ts';
import { fitRange, type Viewport } from './viewport.ts';

/**
 * A picture that stands alone: title, engine and OS, lanes with thread names and ids, axis, legend, scale, losses, date.
 *
 *     title
 *     facts
 *     +--------- column ----------+------------- lanes ---------------+
 *     | name, tid     row labels  |  axis                             |
 *     |                           |  lane                             |
 *     +---------------------------+-----------------------------------+
 *     legend
 *     scale                                                 made with
 */
export interface PictureOptions {
  /** Session time at the left and right edge of the lanes; null is everything. */
  range: { startNs: number; endNs: number } | null;
  widthCss: number;
  theme: Theme;
  /** Everything in one picture reads best with one step an event; true time shows proportions. */
  axis: AxisKind;
  /** Device pixels for a CSS pixel. */
  pixelRatio: number;
}

export interface PictureLane {
  thread: ThreadAt;
  /** `1 APC: 0 ran, 1 lost` */
  summary: string;
  isLoss: boolean;
}

export interface Picture {
  options: PictureOptions;
  widthCss: number;
  heightCss: number;
  title: string;
  /** In rows, with their x. */
  facts: PlacedFact[];
  /** Left edge of the lanes: the draw list's x begins here. */
  lanesLeftCss: number;
  axisTopCss: number;
  lanesTopCss: number;
  lanesBottomCss: number;
  list: DrawList;
  lanes: PictureLane[];
  legend: Legend;
  legendTopCss: number;
  footTopCss: number;
}

export const PICTURE_MARGIN = 28;
const LEAST_WIDTH = 480;
/** From the top to the facts' first baseline, and from their last to the axis. */
const FACTS_CSS = 62;
const AXIS_GAP_CSS = 22;
const LANE_GAP = 0;
const LANE_PAD = 10;
/** Lanes beyond this number are drawn low, so that a picture of many threads stays a picture. */
const TALL_LANES = 24;
const LOW_LANE_CSS = 44;
const MOST_DEPTH = 6;
/** Room beside the session for what is written at a thread's end. */
const LEFT_ROOM_CSS = 16;
const RIGHT_ROOM_CSS = 118;
const MOST_QUEUE_ROWS = 4;

/** Everything that is needed to know the picture's size and to paint it. */
export function layoutPicture(trace: Trace, options: PictureOptions): Picture {
  const widthCss = Math.max(LEAST_WIDTH, Math.round(options.widthCss));
  const atEnd = trace.history.atCount(trace.table.length);
  const threads = shownThreads(trace, atEnd.threads);
  const column = columnWidth(widthCss);
  const lanesLeftCss = PICTURE_MARGIN + column;
  const facts = placeFacts(
    pictureFacts(trace, atEnd, threads.length, options.range),
    PICTURE_MARGIN,
    widthCss - PICTURE_MARGIN,
    FACTS_CSS,
  );
  const axisTopCss = (facts.at(-1)?.baselineCss ?? FACTS_CSS) + AXIS_GAP_CSS;
  const lanesTopCss = axisTopCss + AXIS_HEIGHT_CSS;

  const view = viewOf(trace, options, threads, widthCss - PICTURE_MARGIN - lanesLeftCss);
  const isLow = threads.length > TALL_LANES;
  const boxes = layoutLanes(
    threads.map(({ index }) => ({
      thread: index,
      heightCss: isLow ? LOW_LANE_CSS : laneHeight(trace, index),
    })),
    lanesTopCss,
    LANE_GAP,
  );
  const list = buildDrawList(trace, view, boxes, { nowNs: trace.table.endNs, leastApcRows: 0 });
  const lanesBottomCss = lanesTopCss + boxes.reduce((sum, box) => sum + box.heightCss + LANE_GAP, 0);
  const legendTopCss = lanesBottomCss + 22;
  const legend = layoutLegend(list, PICTURE_MARGIN, legendTopCss, widthCss - PICTURE_MARGIN * 2);
  const footTopCss = legendTopCss + legend.heightCss + 14;
  return {
    options,
    widthCss,
    heightCss: Math.ceil(footTopCss + 40),
    title: trace.meta.title === '' ? 'Session' : trace.meta.title,
    facts,
    lanesLeftCss,
    axisTopCss,
    lanesTopCss,
    lanesBottomCss,
    list,
    lanes: threads.map((thread) => ({ thread, ...summary(thread) })),
    legend,
    legendTopCss,
    footTopCss,
  };
}

/** The controller directs the experiment from outside: it is shown where it queued an APC itself. */
function shownThreads(trace: Trace, threads: readonly ThreadAt[]): ThreadAt[] {
  const shown = threads.filter(
    ({ index, controller }) =>
      !(controller || index === THREAD_CONTROLLER) ||
      marksOf(trace, index).sent + marksOf(trace, index).arrivals.length > 0,
  );
  return shown.length === 0 ? [...threads] : shown;
}

/** Name and row labels; in a narrow picture the names only. */
const columnWidth = (widthCss: number): number => (widthCss >= 900 ? 276 : Math.max(150, widthCss * 0.24));

function laneHeight(trace: Trace, thread: ThreadIndex): number {
  const depth = Math.min(MOST_DEPTH, marksOf(trace, thread).maxDepth);
  const deepest = trace.depths.threads.get(thread)?.deepest ?? 0;
  return comfortableHeight(depth, Math.max(1, Math.min(MOST_QUEUE_ROWS, deepest))) + LANE_PAD;
}

function viewOf(
  trace: Trace,
  options: PictureOptions,
  threads: readonly ThreadAt[],
  widthCss: number,
): Viewport {
  const axis: Axis = options.axis === 'events' ? new EventAxis(trace.table) : timeAxis;
  const blank: Viewport = { axis, widthCss, start: 0, span: 1 };
  if (options.range !== null) return fitRange(blank, options.range.startNs, options.range.endNs);
  const { table } = trace;
  const firsts = threads
    .map(({ index }) => marksOf(trace, index))
    .map(({ created, started }) => created ?? started);
  const first = firsts.reduce(
    (least: number | undefined, event) => (event === undefined ? least : Math.min(least ?? event, event)),
    undefined,
  );
  const from = first === undefined ? 0 : axis.ofEvent(first, table.timeNs(first));
  const to = Math.max(axis.ofTime(lastEnd(trace, threads)), from + axis.minSpan(from));
  const scale = (to - from) / Math.max(1, widthCss - LEFT_ROOM_CSS - RIGHT_ROOM_CSS);
  return { ...blank, start: from - LEFT_ROOM_CSS * scale, span: widthCss * scale };
}

/** The end of the last shown thread; of the session, while one lives. */
function lastEnd(trace: Trace, threads: readonly ThreadAt[]): number {
  const ends = threads.map(({ index }) => marksOf(trace, index).ended);
  if (ends.length === 0 || ends.some((event) => event === undefined)) return trace.table.endNs;
  return Math.max(...ends.map((event) => trace.table.timeNs(event!)));
}

function summary({ counts, endReason }: ThreadAt): { summary: string; isLoss: boolean } {
  if (counts.queued === 0) return { summary: 'no APC queued', isLoss: false };
  const pending = counts.queued - counts.delivered - counts.cancelled - counts.vanished - counts.lost;
  const parts = [`${counts.delivered} ran`];
  if (counts.lost > 0) parts.push(`${counts.lost} lost`);
  if (counts.cancelled > 0) parts.push(`${counts.cancelled} cancelled`);
  if (pending > 0 && endReason === undefined) parts.push(`${pending} waiting`);
  return {
    summary: `${counts.queued} APC${counts.queued === 1 ? '' : 's'} queued: ${parts.join(', ')}`,
    isLoss: counts.lost > 0 || endReason === EndReason.error,
  };
}
