import type { ApcId, EventIndex, ThreadIndex } from '../apc-model/event.ts';
import type { Arrow, Box, DrawList } from './draw-list.ts';
import { timeNs } from './viewport.ts';

/** What lies at a point of a draw list. `box` is where it is painted, for a highlight. */
export type Hit =
  | { type: 'span'; lane: number; thread: ThreadIndex; track: 'life' | 'suspended'; span: number; box: Box }
  | { type: 'fold'; lane: number; thread: ThreadIndex; fold: number; box: Box }
  | { type: 'apc'; lane: number; thread: ThreadIndex; apc: ApcId; box: Box }
  | { type: 'event'; lane: number; thread: ThreadIndex; event: EventIndex; count: number; box: Box }
  | { type: 'lane'; lane: number; thread: ThreadIndex; timeNs: number; box: Box };

/** Marks and narrow things may be missed by this much. */
const REACH_CSS = 3;

/**
 * The topmost thing at a point, in the canvas' CSS pixels: marks before APCs that wait, those before what lies in the rows;
 * in a row the innermost. A lane itself where nothing else is there; undefined outside the lanes.
 */
export function hitTest(list: DrawList, xCss: number, yCss: number): Hit | undefined {
  const lane = list.lanes.findIndex((one) => yCss >= one.topCss && yCss < one.topCss + one.heightCss);
  if (lane < 0 || xCss < 0 || xCss > list.view.widthCss) return undefined;
  const { thread, topCss, heightCss } = list.lanes[lane]!;
  const at = { lane, thread };
  const isHere = (item: Box & { lane: number }, reach: number): boolean =>
    item.lane === lane && contains(item, xCss, yCss, reach);

  const mark = list.marks.findLast((one) => isHere(one, REACH_CSS));
  if (mark !== undefined)
    return { type: 'event', ...at, event: mark.event, count: mark.count, box: boxOf(mark) };
  const gap = list.gaps.findLast((one) => isHere(one, REACH_CSS));
  if (gap !== undefined) return { type: 'event', ...at, event: gap.event, count: gap.count, box: boxOf(gap) };
  const waiting =
    list.waiting.findLast((one) => isHere(one, 0)) ?? list.waiting.findLast((one) => isHere(one, REACH_CSS));
  if (waiting !== undefined) return { type: 'apc', ...at, apc: waiting.apc, box: boxOf(waiting) };
  const joined =
    list.pills.findLast((one) => isHere(one, 0)) ?? list.brackets.findLast((one) => isHere(one, REACH_CSS));
  if (joined !== undefined)
    return { type: 'span', ...at, track: 'life', span: joined.span, box: boxOf(joined) };
  const fold = list.folds.findLastIndex(
    (one) => isHere(one, 1) || (one.lane === lane && inApcs(one.apcBox, xCss, yCss)),
  );
  if (fold >= 0) return { type: 'fold', ...at, fold, box: boxOf(list.folds[fold]!) };
  const bar =
    list.bars.findLast((one) => isHere(one, 0)) ?? list.bars.findLast((one) => isHere(one, REACH_CSS));
  if (bar !== undefined) return { type: 'span', ...at, track: bar.track, span: bar.span, box: boxOf(bar) };
  const arrow = list.arrows.findLast((one) => contains(arrowBox(one), xCss, yCss, REACH_CSS));
  if (arrow !== undefined) return { type: 'apc', ...at, apc: arrow.apc, box: arrowBox(arrow) };
  const box = { xCss: 0, yCss: topCss, widthCss: list.view.widthCss, heightCss };
  return { type: 'lane', ...at, timeNs: timeNs(list.view, xCss), box };
}

const contains = (box: Box, x: number, y: number, reach: number): boolean =>
  x >= box.xCss - reach &&
  x <= box.xCss + box.widthCss + reach &&
  y >= box.yCss &&
  y <= box.yCss + box.heightCss;

const inApcs = (box: Box | undefined, x: number, y: number): boolean =>
  box !== undefined && contains(box, x, y, 1);

const boxOf = ({ xCss, yCss, widthCss, heightCss }: Box): Box => ({ xCss, yCss, widthCss, heightCss });

const arrowBox = ({ fromXCss, fromYCss, toXCss, toYCss }: Arrow): Box => ({
  xCss: Math.min(fromXCss, toXCss),
  yCss: Math.min(fromYCss, toYCss),
  widthCss: Math.abs(toXCss - fromXCss),
  heightCss: Math.abs(toYCss - fromYCss),
});
