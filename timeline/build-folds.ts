import { SpanType } from '../apc-model/span-track.ts';
import { firstEventFrom } from './axis-search.ts';
import type { LaneWork } from './build-lane.ts';
import { LOOKS, type Fold } from './draw-list.ts';
import { marksOf } from './lane-marks.ts';
import { lookOf } from './looks.ts';
import { elide, textWidth } from './text-width.ts';
import { xOfPosition } from './viewport.ts';
import type { NarrowRun, RunFacts, TrackPositions } from './walk-track.ts';

/** The times in folds of up to this many spans are exact; of more, RUNS runs of RUN neighbours are looked at. */
const EXACT = 24;
const RUNS = 3;
const RUN = 8;
const LEAST_FOLD_CSS = 2;
const NOTE_ROOM_CSS = 90;
/** Between such a text and the text of a bar. */
const NOTE_AIR_CSS = 6;
const NOTE_PX = 11;

/** One mark for the spans of a run without those that are wide; undefined where nothing is left. */
export function buildFold(work: LaneWork, positions: TrackPositions, run: NarrowRun): Fold | undefined {
  const { view, list, lane } = work;
  const { rows } = list.lanes[lane]!;
  const count = run.past - run.first - run.wide.length;
  if (count <= 0) return undefined;
  const { start, end, shares, apcs, dominant } = (run.facts ??= factsOf(work, positions, run, count));
  const xCss = xOfPosition(view, start);
  const box = { xCss, widthCss: Math.max(LEAST_FOLD_CSS, xOfPosition(view, end) - xCss) };
  return {
    lane,
    first: run.first,
    count,
    apcs,
    shares,
    dominant,
    ...box,
    yCss: rows.stateTop,
    heightCss: rows.stateHeight,
    apcBox:
      apcs === 0 || rows.apcHeight === 0
        ? undefined
        : { ...box, yCss: rows.apcTop, heightCss: rows.apcHeight },
  };
}

function factsOf(
  work: LaneWork,
  positions: TrackPositions,
  { first, past, wide }: NarrowRun,
  count: number,
): RunFacts {
  const start = positions.start(first);
  let end = start;
  for (let at = past - 1; at >= first; at = positions.track.parent(at))
    if (!wide.includes(at)) end = Math.max(end, positions.end(at));
  const shares = sampleShares(positions, first, past, wide, end);
  const apcs = countApcs(work, positions, first, past, wide);
  const dominant = LOOKS.reduce(
    (best, look, at) => (shares[at]! > shares[LOOKS.indexOf(best)]! ? look : best),
    LOOKS[0],
  );
  return { start, end, shares, apcs, dominant: apcs === count ? 'apc' : dominant };
}

/**
 * Share of the time that each look of the state row takes, APCs left out; what no call covers is running. Measured in whole
 * runs of neighbours: single spans, evenly chosen, would mistake a rhythm (wait, APC, wait, APC) for one state.
 */
function sampleShares(
  positions: TrackPositions,
  first: number,
  past: number,
  wide: readonly number[],
  end: number,
): number[] {
  const shares = new Array<number>(LOOKS.length).fill(0);
  const { start } = positions;
  let length = 0;
  const measure = (from: number, to: number): void => {
    length += (to < past ? start(to) : Math.max(end, start(from))) - start(from);
    addTimes(shares, positions, from, to, wide);
  };
  if (past - first <= EXACT) measure(first, past);
  else
    for (let run = 0; run < RUNS; run++) {
      const from = first + Math.floor(((past - first - RUN) * run) / (RUNS - 1));
      measure(from, from + RUN);
    }
  if (length <= 0) {
    shares[LOOKS.indexOf(lookOf(positions.track.type(first)))] = 1;
    return shares;
  }
  const covered = shares.reduce((total, time) => total + time, 0);
  const scaled = shares.map((time) => time / Math.max(length, covered));
  scaled[LOOKS.indexOf('running')] = Math.max(0, 1 - covered / length);
  return scaled;
}

function addTimes(
  times: number[],
  { track, start, end }: TrackPositions,
  from: number,
  to: number,
  wide: readonly number[],
): void {
  for (let at = from; at < to; at++) {
    const type = track.type(at);
    if (track.depth(at) !== 0 || type === SpanType.alive || wide.includes(at)) continue;
    times[LOOKS.indexOf(lookOf(type))]! += end(at) - start(at);
  }
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
        ? track.began(span)
        : track.startNs(span);
  const all =
    firstEventFrom(axis, table, deliveries, key(past)) - firstEventFrom(axis, table, deliveries, key(first));
  return all - wide.filter((span) => track.type(span) === SpanType.apc).length;
}

/**
 * Where folds stand side by side for a while, one text over them says how much is in there.
 * @returns what these texts cover of the state row
 */
export function labelDenseRuns(work: LaneWork, firstFold: number): { from: number; to: number }[] {
  const covered: { from: number; to: number }[] = [];
  const { list, lane, view, grid } = work;
  const { rows } = list.lanes[lane]!;
  if (rows.stateHeight < 14) return covered;
  const cellCss = (grid.cell / view.span) * view.widthCss;
  let run: Fold[] = [];
  const finish = (): void => {
    const from = Math.max(0, run[0]?.xCss ?? 0);
    const last = run.at(-1);
    const to = last === undefined ? 0 : Math.min(view.widthCss, last.xCss + last.widthCss);
    const text = to - from < NOTE_ROOM_CSS ? '' : elide(runText(run), to - from - 16, NOTE_PX, 600);
    if (text !== '') {
      const widthCss = textWidth(text, NOTE_PX, 600);
      const xCss = (from + to - widthCss) / 2;
      covered.push({ from: xCss - NOTE_AIR_CSS, to: xCss + widthCss + NOTE_AIR_CSS });
      list.notes.push({
        text,
        xCss,
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
  return covered;
}

function runText(run: readonly Fold[]): string {
  const apcs = run.reduce((sum, fold) => sum + fold.apcs, 0);
  const count = run.reduce((sum, fold) => sum + fold.count, 0);
  return apcs > 0 ? `${grouped(apcs)} APCs` : `${grouped(count)} stretches`;
}

/** 12 480 */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, '\u2009');
