import type { SpanTrack } from '../apc-model/span-track.ts';
import { firstSpanFrom } from './axis-search.ts';
import type { CellGrid } from './cell-grid.ts';
import type { Look } from './draw-list.ts';
import { KnownCells } from './known-cells.ts';
import type { Viewport } from './viewport.ts';

/** Where the spans of a track lie on the axis. */
export interface TrackPositions {
  track: SpanTrack;
  start: (span: number) => number;
  /** An open span ends now. */
  end: (span: number) => number;
}

export function trackPositions(view: Viewport, track: SpanTrack, nowNs: number): TrackPositions {
  const { axis } = view;
  const now = axis.ofTime(nowNs);
  const start = (span: number): number => axis.ofEvent(track.began(span), track.startNs(span));
  return {
    track,
    start,
    end: (span) => {
      const ended = track.ended(span);
      return ended === undefined ? Math.max(now, start(span)) : axis.ofEvent(ended, track.endNs(span));
    },
  };
}

/** What a fold says, wherever it lies on the screen. */
export interface RunFacts {
  /** Positions on the axis: of its first span's start, and of the last end. */
  start: number;
  end: number;
  shares: number[];
  apcs: number;
  dominant: Look;
}

/** Spans that all start in one cell and are narrower than a cell, but for those in `wide`. */
export interface NarrowRun {
  readonly first: number;
  /** One past the last. */
  readonly past: number;
  /** Mostly none. Outermost first. */
  readonly wide: readonly number[];
  /** What whoever draws it made out; a run that can't change any more is handed out again with it. */
  facts: RunFacts | undefined;
}

export interface TrackVisitor {
  /** A span at least as wide as a cell, with its positions. Parents come before children. */
  wide(span: number, start: number, end: number): void;
  /** Those of its spans that are wide have been visited. */
  narrow(run: NarrowRun): void;
}

/**
 * Visits what is in view, narrow spans folded by cell. Cost: the cells in view times the nesting depth and a binary search,
 * however many spans there are; of cells that were in view before, and are over, a look.
 *
 * The long ones among the spans that start in a cell are found without looking at each: whatever is open at the cell's end
 * encloses the last span that starts in it, so it is on that span's chain of parents.
 */
export function walkTrack(
  view: Viewport,
  grid: CellGrid,
  positions: TrackPositions,
  visitor: TrackVisitor,
): void {
  const { track, start, end } = positions;
  const { axis } = view;
  const firstCell = grid.at(view.start);
  const first = firstSpanFrom(axis, track, grid.keyAtStart(firstCell));
  const past = firstSpanFrom(axis, track, grid.keyAtStart(grid.at(view.start + view.span) + 1), first);

  const isWide = (span: number): boolean => end(span) - start(span) >= grid.cell;
  const enclosing: number[] = [];
  for (let at = track.before(first); at >= 0; at = track.parent(at))
    if (end(at) > view.start && isWide(at)) enclosing.push(at);
  for (const at of enclosing.reverse()) visitor.wide(at, start(at), end(at));

  const known = knownRunsOf(track).of(grid);
  for (let span = first; span < past;) {
    let run = known.get(span);
    if (run === undefined) {
      const from = start(span);
      const to = end(span);
      if (to - from >= grid.cell) {
        visitor.wide(span, from, to);
        span++;
        continue;
      }
      run = runFrom(span, firstSpanFrom(axis, track, grid.keyAtStart(grid.at(from) + 1), span + 1));
      if (isOver(track, run)) known.keep(span, run);
    }
    for (const at of run.wide) visitor.wide(at, start(at), end(at));
    visitor.narrow(run);
    span = run.past;
  }

  function runFrom(first: number, past: number): NarrowRun {
    const wide: number[] = [];
    for (let at = past - 1; at >= first; at = track.parent(at)) if (isWide(at)) wide.push(at);
    return { first, past, wide: wide.reverse(), facts: undefined };
  }
}

const runs = new WeakMap<SpanTrack, KnownCells<NarrowRun>>();

function knownRunsOf(track: SpanTrack): KnownCells<NarrowRun> {
  let known = runs.get(track);
  if (known === undefined) runs.set(track, (known = new KnownCells()));
  return known;
}

/** Its cell is full, and all its spans are closed: one that is open encloses those that come after it. */
function isOver(track: SpanTrack, { first, past }: NarrowRun): boolean {
  if (past === track.length) return false;
  for (let at = past - 1; at >= first; at = track.parent(at)) if (track.isOpen(at)) return false;
  return true;
}
