import type { DepthSteps } from '../apc-model/queue-depths.ts';
import { firstEventFrom } from './axis-search.ts';
import { grouped } from './build-folds.ts';
import type { LaneWork } from './build-lane.ts';
import { KnownCells } from './known-cells.ts';
import { textWidth } from './text-width.ts';
import { xOfPosition } from './viewport.ts';

/** Of a cell with more steps than this, as many are looked at, evenly chosen: a peak between them may be missed. */
const SAMPLE = 32;
const TEXT_PX = 11;
const MOST_CELLS = 4096;
/** Steps come from many threads, and their times in nearly their order: no step falls further back than this. */
const SETTLED_NS = 250e6;

/** How many APCs wait, as a curve of one step a cell. */
export function buildDepthCurve(work: LaneWork): void {
  const { trace, view, grid, list, lane } = work;
  const { rows, thread } = list.lanes[lane]!;
  const steps = trace.depths.threads.get(thread);
  if (steps === undefined || steps.length === 0) return;

  const xs: number[] = [];
  const depths: number[] = [];
  let largest = 0;
  let largestX = 0;
  const last = Math.min(grid.at(view.start + view.span), grid.at(view.start) + MOST_CELLS);
  for (let cell = grid.at(view.start); cell <= last; cell++) {
    const fromNs = grid.timeAtStart(cell);
    if (fromNs > work.nowNs) break;
    const depth = peak(work, steps, cell);
    const x = xOfPosition(view, grid.start(cell));
    if (depth > largest) {
      largest = depth;
      largestX = Math.max(0, x);
    }
    if (depth === depths.at(-1)) continue;
    xs.push(Math.max(0, x));
    depths.push(depth);
  }
  if (largest === 0) return;
  const endCss = Math.min(view.widthCss, xOfPosition(view, view.axis.ofTime(work.nowNs)));
  xs.push(endCss);
  depths.push(0);
  const text = `up to ${grouped(largest)} wait`;
  const width = textWidth(text, TEXT_PX);
  list.depths.push({
    lane,
    xs,
    depths,
    largest,
    xCss: xs[0]!,
    widthCss: Math.max(0, endCss - xs[0]!),
    yCss: rows.queueTop,
    heightCss: rows.queueHeight,
    labels:
      rows.queueHeight < TEXT_PX + 2 || width > view.widthCss
        ? []
        : [
            {
              text,
              xCss: Math.max(2, Math.min(largestX + 4, view.widthCss - width - 2)),
              baselineCss: rows.queueTop + TEXT_PX,
              sizePx: TEXT_PX,
              weight: 400,
              colour: 'queuedText',
              plate: 'background',
            },
          ],
  });
}

const peaks = new WeakMap<DepthSteps, KnownCells<number>>();

/** The largest depth in a cell, the one that it begins with included. */
function peak(work: LaneWork, steps: DepthSteps, cell: number): number {
  let known = peaks.get(steps);
  if (known === undefined) peaks.set(steps, (known = new KnownCells()));
  const found = known.of(work.grid).get(cell);
  if (found !== undefined) return found;
  const largest = findPeak(work, steps, cell);
  if (work.grid.timeAtStart(cell + 1) + SETTLED_NS < work.trace.table.endNs) known.keep(cell, largest);
  return largest;
}

function findPeak({ trace, view, grid }: LaneWork, steps: DepthSteps, cell: number): number {
  const { axis } = view;
  const first = firstEventFrom(axis, trace.table, steps.events, grid.keyAtStart(cell));
  const past = firstEventFrom(axis, trace.table, steps.events, grid.keyAtStart(cell + 1), first);
  let largest = steps.before(first);
  const stride = Math.max(1, Math.floor((past - first) / SAMPLE));
  for (let at = first; at < past; at += stride) largest = Math.max(largest, steps.after(at));
  return largest;
}
