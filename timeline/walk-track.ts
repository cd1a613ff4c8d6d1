import type { SpanTrack } from '../apc-model/span-track.ts';
import { firstSpanFrom } from './axis-search.ts';
import type { CellGrid } from './cell-grid.ts';
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

export interface TrackVisitor {
  /** A span at least as wide as a cell, with its positions. Parents come before children. */
  wide(span: number, start: number, end: number): void;
  /**
   * The spans [first, past) but for those in `wide` (already visited, and mostly none): all start in one cell and are
   * narrower than a cell.
   */
  narrow(first: number, past: number, wide: readonly number[]): void;
}

/**
 * Visits what is in view, narrow spans folded by cell. Cost: the cells in view times the nesting depth and a binary search,
 * however many spans there are.
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

  for (let span = first; span < past;) {
    const from = start(span);
    const to = end(span);
    if (to - from >= grid.cell) {
      visitor.wide(span, from, to);
      span++;
      continue;
    }
    const next = firstSpanFrom(axis, track, grid.keyAtStart(grid.at(from) + 1), span + 1);
    const wide: number[] = [];
    for (let at = next - 1; at >= span; at = track.parent(at)) if (isWide(at)) wide.push(at);
    for (const at of wide.reverse()) visitor.wide(at, start(at), end(at));
    visitor.narrow(span, next, wide);
    span = next;
  }
}
