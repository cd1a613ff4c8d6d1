import type { ThreadIndex } from '../apc-model/event.ts';
import type { Trace } from '../apc-model/trace.ts';
import { buildBars } from './build-bars.ts';
import { buildMarks } from './build-marks.ts';
import { buildQueue } from './build-queue.ts';
import type { CellGrid } from './cell-grid.ts';
import type { DrawList } from './draw-list.ts';
import type { Viewport } from './viewport.ts';

/** What every part of the builder needs for one lane. */
export interface LaneWork {
  trace: Trace;
  view: Viewport;
  grid: CellGrid;
  /** Filled by the builders. */
  list: DrawList;
  /** Index into list.lanes. */
  lane: number;
  laneOf: ReadonlyMap<ThreadIndex, number>;
  nowNs: number;
}

/** In paint order where it matters: what thread did, then its queue, then what must stay visible on top. */
export function buildLane(work: LaneWork): void {
  buildBars(work);
  buildQueue(work);
  buildMarks(work);
}
