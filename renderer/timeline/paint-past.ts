import type { ThreadIndex } from '../../apc-model/event.ts';
import { CHUNK_ROWS } from '../../apc-model/event-table.ts';
import type { Trace } from '../../apc-model/trace.ts';
import { buildDrawList, type DrawList } from '../../timeline/draw-list.ts';
import { EventAxis } from '../../timeline/event-axis.ts';
import { marksOf } from '../../timeline/lane-marks.ts';
import type { LaneBox } from '../../timeline/lane-rows.ts';
import { AXIS_HEIGHT_CSS } from '../../timeline/paint-axis.ts';
import type { Palette } from '../../timeline/palette.ts';
import { timeNs, xOfEvent, type Viewport } from '../../timeline/viewport.ts';
import { pastInLanes } from '../lab.ts';
import type { PastLook } from '../past-events.ts';
import { countText } from '../time-text.ts';
import { eventAxisOf } from './shown-view.ts';

/** The part of a view that lies before the trace's horizon. */
export interface PastPart {
  /** Where the horizon is. */
  horizonXCss: number;
  look: PastLook;
}

/** undefined where all that is in view is in memory. */
export function pastPartOf(trace: Trace, view: Viewport): PastPart | undefined {
  const { firstIndex, table } = trace;
  if (firstIndex === 0) return undefined;
  const horizonXCss = xOfEvent(view, firstIndex, table.timeNs(firstIndex));
  if (horizonXCss <= 0) return undefined;
  const from = Math.min(table.countAt(timeNs(view, 0)), firstIndex - 1);
  const inView = table.countAt(timeNs(view, Math.min(view.widthCss, horizonXCss)));
  // Before the horizon counts are known to the chunk only.
  const to = Math.min(firstIndex, inView + 2 * CHUNK_ROWS);
  return { horizonXCss, look: pastInLanes.look(trace, from, to) };
}

const excerptAxes = new WeakMap<Trace, EventAxis>();

/** What the lanes show before the horizon, where it is in memory again. */
export function listOfPast(
  trace: Trace,
  excerpt: Trace,
  view: Viewport,
  boxes: readonly LaneBox[],
  nowNs: number,
): DrawList {
  const deepest = (thread: ThreadIndex): number => marksOf(trace, thread).maxDepth;
  const leastApcRows = Math.max(1, ...boxes.map(({ thread }) => deepest(thread)));
  const axis = view.axis.kind === 'time' ? view.axis : axisOfExcerpt(trace, excerpt);
  return buildDrawList(excerpt, { ...view, axis }, boxes, { nowNs, leastApcRows });
}

/** The whole session's axis, as far as the excerpt goes. */
function axisOfExcerpt(trace: Trace, excerpt: Trace): EventAxis {
  let axis = excerptAxes.get(excerpt);
  if (axis === undefined) {
    axis = new EventAxis(excerpt.table, eventAxisOf(trace).pointAt(excerpt.firstIndex));
    excerptAxes.set(excerpt, axis);
  }
  axis.follow();
  return axis;
}

/** `loading events 1 000 to 9 000 from the recording` */
function lookText(look: Exclude<PastLook, { state: 'here' }>): string {
  const range = `${countText(look.from)} to ${countText(look.to)}`;
  switch (look.state) {
    case 'loading':
      return `loading events ${range} from the recording`;
    case 'tooMany':
      return `${countText(look.to - look.from)} events are in the recording: zoom in to load them`;
    case 'unavailable':
      return `events ${range} are not in memory any more`;
  }
}

const TEXT_PX = 12;
const DASH_CSS = 4;

/** Says what is not there, and draws the horizon as a quiet edge. */
export function paintHorizon(
  context: CanvasRenderingContext2D,
  palette: Palette,
  { horizonXCss, look }: PastPart,
  widthCss: number,
  heightCss: number,
): void {
  context.save();
  if (look.state !== 'here') {
    const rightCss = Math.min(horizonXCss, widthCss);
    context.fillStyle = palette.header;
    context.fillRect(0, AXIS_HEIGHT_CSS, rightCss, heightCss - AXIS_HEIGHT_CSS);
    context.fillStyle = palette.mutedText;
    context.font = `${TEXT_PX}px Inter, "Segoe UI", sans-serif`;
    context.textAlign = rightCss < widthCss / 3 ? 'left' : 'center';
    const x = rightCss < widthCss / 3 ? DASH_CSS : rightCss / 2;
    context.fillText(lookText(look), x, AXIS_HEIGHT_CSS + TEXT_PX * 2);
  }
  context.strokeStyle = palette.mutedText;
  context.globalAlpha = 0.6;
  context.setLineDash([DASH_CSS, DASH_CSS]);
  context.beginPath();
  context.moveTo(Math.round(horizonXCss) + 0.5, AXIS_HEIGHT_CSS);
  context.lineTo(Math.round(horizonXCss) + 0.5, heightCss);
  context.stroke();
  context.restore();
}
