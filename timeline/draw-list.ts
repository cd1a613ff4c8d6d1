import type { ApcId, EventIndex, ThreadIndex } from '../apc-model/event.ts';
import type { Trace } from '../apc-model/trace.ts';
import { buildLane } from './build-lane.ts';
import { CellGrid } from './cell-grid.ts';
import { laneRows, type LaneBox, type LaneRows } from './lane-rows.ts';
import { marksOf } from './lane-marks.ts';
import type { ColourName } from './palette.ts';
import type { Weight } from './text-width.ts';
import { axisTicks, type AxisTicks } from './ticks.ts';
import type { Viewport } from './viewport.ts';

/**
 * What is to be painted, as plain data in CSS pixels of the canvas: y as the lanes were given, x from the viewport's left
 * edge. All layout is done here, labels included; paint.ts only paints, hit-test.ts only looks.
 *
 * Cost follows pixels: a stretch narrower than a cell of the grid (3 to 6 px) is folded with its neighbours into one Fold
 * that keeps their number, their APCs and the share of each state. Lost APCs, failed calls and gaps are marks of their own
 * and are never folded into anything but marks of the same kind, with their number.
 */
export interface DrawList {
  view: Viewport;
  lanes: Lane[];
  ticks: AxisTicks;
  bars: Bar[];
  folds: Fold[];
  waiting: WaitingApc[];
  depths: DepthCurve[];
  arrows: Arrow[];
  brackets: Bracket[];
  pills: Pill[];
  marks: Mark[];
  gaps: Gap[];
  /** Texts that belong to no single item (how much a dense stretch holds). */
  notes: Label[];
}

export interface Lane extends LaneBox {
  rows: LaneRows;
}

/** How a stretch looks; each has its own fill and pattern. */
export const LOOKS = [
  'running',
  'call',
  'wait',
  'alertable',
  'step',
  'suspended',
  'notStarted',
  'apc',
] as const;
export type Look = (typeof LOOKS)[number];

export interface Box {
  xCss: number;
  yCss: number;
  widthCss: number;
  heightCss: number;
}

export interface Label {
  text: string;
  xCss: number;
  baselineCss: number;
  sizePx: number;
  weight: Weight;
  colour: ColourName;
  /** Painted behind the text, so that it reads on a pattern or a line. */
  plate?: ColourName;
}

/** One span. */
export interface Bar extends Box {
  lane: number;
  look: Look;
  track: 'life' | 'suspended';
  span: number;
  /** It goes on beyond the left or right edge. */
  cutLeft: boolean;
  cutRight: boolean;
  /** It has not ended yet. */
  open: boolean;
  failed: boolean;
  label: Label | undefined;
}

/** Several spans, each too narrow to draw. */
export interface Fold extends Box {
  lane: number;
  /** They are spans [first, first + count + those drawn as bars) of the thread's life. */
  first: number;
  count: number;
  apcs: number;
  /** Share of the time of each look of the state row, in the order of LOOKS; their sum is at most 1. */
  shares: number[];
  dominant: Look;
  /** The row below, where APCs ran among them. */
  apcBox: Box | undefined;
}

/** One APC in its thread's queue, from its queuing to whatever became of it. */
export interface WaitingApc extends Box {
  lane: number;
  apc: ApcId;
  special: boolean;
  end: 'delivered' | 'lost' | 'cancelled' | 'vanished' | 'failed' | 'pending';
  cutLeft: boolean;
  cutRight: boolean;
  label: Label | undefined;
}

/** How many APCs wait, where they are too many to draw each: steps from one x to the next. */
export interface DepthCurve extends Box {
  lane: number;
  xs: number[];
  depths: number[];
  largest: number;
  labels: Label[];
}

export interface Arrow {
  /** `queue`: from the queuing call to the place in the queue. `deliver`: from the queue (or the call) to the APC's begin. */
  kind: 'queue' | 'deliver';
  apc: ApcId;
  /** How many such arrows lie on this one. */
  count: number;
  fromXCss: number;
  fromYCss: number;
  toXCss: number;
  toYCss: number;
}

/** Joins all APCs that one alertable wait delivered, up to its return. */
export interface Bracket extends Box {
  lane: number;
  span: number;
  apcs: number;
  open: boolean;
}

/** What a wait returned. */
export interface Pill extends Box {
  lane: number;
  span: number;
  kind: 'drain' | 'result' | 'failed';
  label: Label;
  /** Where the wait returned: a thin line leads there. */
  anchorXCss: number;
  anchorYCss: number;
}

export interface Mark extends Box {
  lane: number;
  kind: 'lost' | 'failed' | 'started' | 'ended' | 'log' | 'marker';
  /** The first of `count` events of this kind at this place. */
  event: EventIndex;
  count: number;
  label: Label | undefined;
}

/** Events are missing here. */
export interface Gap extends Box {
  lane: number;
  event: EventIndex;
  /** How many gaps lie here, and how many events they lost. */
  count: number;
  lostEvents: number;
  label: Label | undefined;
}

export interface DrawOptions {
  /** The live clock, or the end of a trace: where open spans end. */
  nowNs: number;
  /** How many APC rows a lane keeps at least; 1 keeps a live lane from jumping when its first APC runs. */
  leastApcRows?: number;
}

/** Folds a trace to pixels. Build it anew for each frame whose view, lanes or data changed. */
export function buildDrawList(
  trace: Trace,
  view: Viewport,
  boxes: readonly LaneBox[],
  options: DrawOptions,
): DrawList {
  const list: DrawList = {
    view,
    lanes: boxes.map((box) => ({
      ...box,
      rows: laneRows(box, Math.max(options.leastApcRows ?? 1, marksOf(trace, box.thread).maxDepth)),
    })),
    ticks: axisTicks(view),
    bars: [],
    folds: [],
    waiting: [],
    depths: [],
    arrows: [],
    brackets: [],
    pills: [],
    marks: [],
    gaps: [],
    notes: [],
  };
  if (view.widthCss <= 0) return list;
  const grid = new CellGrid(view);
  const laneOf = new Map<ThreadIndex, number>(boxes.map((box, lane) => [box.thread, lane]));
  for (let lane = 0; lane < boxes.length; lane++) {
    buildLane({ trace, view, grid, list, lane, laneOf, nowNs: Math.max(options.nowNs, trace.table.endNs) });
  }
  return list;
}
