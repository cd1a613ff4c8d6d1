import { SpanType } from '../apc-model/span-table.ts';
import { firstEventFrom } from './axis-search.ts';
import type { LaneWork } from './build-lane.ts';
import { LOOKS, type Fold } from './draw-list.ts';
import { marksOf } from './lane-marks.ts';
import { lookOf } from './looks.ts';
import { elide, textWidth } from './text-width.ts';
import { xOfPosition } from './viewport.ts';
import type { TrackPositions } from './walk-track.ts';

/** Folds of up to this many spans are counted exactly; of more, as many are looked at, evenly chosen. */
const SAMPLE = 16;
const LEAST_FOLD_CSS = 2;
const NOTE_ROOM_CSS = 90;
const NOTE_PX = 11;

/** One mark for the spans [first, past) without those in `wide`; undefined where nothing is left. */
export function buildFold(
  work: LaneWork,
  positions: TrackPositions,
  first: number,
  past: number,
  wide: readonly number[],
): Fold | undefined {
  const { view, list, lane } = work;
  const { rows } = list.lanes[lane]!;
  const { track } = positions;
  const count = past - first - wide.length;
  if (count <= 0) return undefined;

  const start = positions.start(first);
  let end = start;
  for (let at = past - 1; at >= first; at = track.parent[at]!)
    if (!wide.includes(at)) end = Math.max(end, positions.end(at));
  const xCss = xOfPosition(view, start);
  const widthCss = Math.max(LEAST_FOLD_CSS, xOfPosition(view, end) - xCss);
  const shares = sampleShares(positions, first, past, wide, Math.max(end - start, Number.MIN_VALUE));
  const apcs = countApcs(work, positions, first, past, wide);
  const dominant = LOOKS.reduce(
    (best, look, at) => (shares[at]! > shares[LOOKS.indexOf(best)]! ? look : best),
    LOOKS[0],
  );
  const box = { xCss, widthCss };
  return {
    lane,
    first,
    count,
    apcs,
    shares,
    dominant: apcs === count ? 'apc' : dominant,
    ...box,
    yCss: rows.stateTop,
    heightCss: rows.stateHeight,
    apcBox:
      apcs === 0 || rows.apcHeight === 0
        ? undefined
        : { ...box, yCss: rows.apcTop, heightCss: rows.apcHeight },
  };
}

/** Share of the stretch that each look of the state row takes, APCs left out; what no call covers is running. */
function sampleShares(
  { track, start, end }: TrackPositions,
  first: number,
  past: number,
  wide: readonly number[],
  length: number,
): number[] {
  const shares = new Array<number>(LOOKS.length).fill(0);
  const stride = Math.max(1, Math.floor((past - first) / SAMPLE));
  for (let at = first; at < past; at += stride) {
    const type = track.type[at]!;
    if (track.depth[at] !== 0 || type === SpanType.alive || wide.includes(at)) continue;
    shares[LOOKS.indexOf(lookOf(type))]! += ((end(at) - start(at)) * stride) / length;
  }
  const sum = shares.reduce((total, share) => total + share, 0);
  const scale = sum > 1 ? 1 / sum : 1;
  const scaled = shares.map((share) => share * scale);
  scaled[LOOKS.indexOf('running')] = Math.max(0, 1 - sum);
  return scaled;
}

function countApcs(
  work: LaneWork,
  positions: TrackPositions,
  first: number,
  past: number,
  wide: readonly number[],
): number {
  const { track } = positions;
  const { deliveries } = marksOf(work.trace, work.list.lanes[work.lane]!.thread);
  const { axis } = work.view;
  const { table } = work.trace;
  const key = (span: number): number =>
    span >= track.length
      ? Number.POSITIVE_INFINITY
      : axis.kind === 'events'
        ? track.began[span]!
        : track.startNs[span]!;
  const all =
    firstEventFrom(axis, table, deliveries, key(past)) - firstEventFrom(axis, table, deliveries, key(first));
  return all - wide.filter((span) => track.type[span] === SpanType.apc).length;
}

/** Where folds stand side by side for a while, one text over them says how much is in there. */
export function labelDenseRuns(work: LaneWork, firstFold: number): void {
  const { list, lane, view, grid } = work;
  const { rows } = list.lanes[lane]!;
  if (rows.stateHeight < 14) return;
  const cellCss = (grid.cell / view.span) * view.widthCss;
  let run: Fold[] = [];
  const finish = (): void => {
    const from = Math.max(0, run[0]?.xCss ?? 0);
    const last = run.at(-1);
    const to = last === undefined ? 0 : Math.min(view.widthCss, last.xCss + last.widthCss);
    const text = to - from < NOTE_ROOM_CSS ? '' : elide(runText(run), to - from - 16, NOTE_PX, 600);
    if (text !== '') {
      list.notes.push({
        text,
        xCss: (from + to - textWidth(text, NOTE_PX, 600)) / 2,
        baselineCss: rows.stateTop + rows.stateHeight / 2 + NOTE_PX * 0.364,
        sizePx: NOTE_PX,
        weight: 600,
        colour: 'text',
        plate: 'background',
      });
    }
    run = [];
  };
  for (const fold of list.folds.slice(firstFold)) {
    const last = run.at(-1);
    if (last !== undefined && fold.xCss - (last.xCss + last.widthCss) > cellCss * 2) finish();
    run.push(fold);
  }
  finish();
}

function runText(run: readonly Fold[]): string {
  const apcs = run.reduce((sum, fold) => sum + fold.apcs, 0);
  const count = run.reduce((sum, fold) => sum + fold.count, 0);
  return apcs > 0 ? `${grouped(apcs)} APCs` : `${grouped(count)} stretches`;
}

/** 12 480 */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, '\u2009');
