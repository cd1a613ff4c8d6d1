import type { EventIndex } from '../apc-model/event.ts';
import { logText } from '../apc-model/log-text.ts';
import type { SpanTrack } from '../apc-model/span-track.ts';
import { baseline } from './build-bars.ts';
import type { LaneWork } from './build-lane.ts';
import type { Bar, Box } from './draw-list.ts';
import { marksOf } from './lane-marks.ts';
import { firstFitting } from './text-width.ts';

const TEXT_PX = 11;
const GAP_CSS = 7;
/** Where the next APC begins, some room stays free. */
const AIR_CSS = 8;
const LONGEST_QUOTE = 64;

/** Beside an APC's bar, where its row is free: the routine when the bar is too small for it, and the first line it logged. */
export function noteApcs(
  work: LaneWork,
  track: SpanTrack,
  apcBars: readonly Bar[],
  others: readonly Box[],
): void {
  for (const bar of apcBars) {
    if (bar.heightCss < 14 || bar.cutRight || bar.open) continue;
    const from = bar.xCss + bar.widthCss + GAP_CSS;
    const to = Math.min(rightLimit(bar, [...apcBars, ...others]) - AIR_CSS, work.view.widthCss);
    const text = firstFitting(textsOf(work, track, bar), to - from, TEXT_PX);
    if (text === undefined) continue;
    work.list.notes.push({
      text,
      xCss: from,
      baselineCss: baseline(bar.yCss, bar.heightCss, TEXT_PX),
      sizePx: TEXT_PX,
      weight: 400,
      colour: 'mutedText',
    });
  }
}

/** The left edge of what comes next in this row. */
function rightLimit(bar: Bar, boxes: readonly Box[]): number {
  let limit = Number.POSITIVE_INFINITY;
  for (const box of boxes) {
    const isInRow = box.yCss < bar.yCss + bar.heightCss && box.yCss + box.heightCss > bar.yCss;
    if (isInRow && box.xCss > bar.xCss && box.xCss < limit) limit = box.xCss;
  }
  return limit;
}

function textsOf(work: LaneWork, track: SpanTrack, bar: Bar): string[] {
  const { table } = work.trace;
  const began = track.began(bar.span);
  const routine = table.routineName(table.valueLow(began) & 0xffff);
  const isNamed = bar.label?.text.endsWith(routine) === true;
  const name = isNamed
    ? []
    : bar.label === undefined
      ? [`APC ${track.apc(bar.span)}: ${routine}`]
      : [routine];
  const quote = firstLog(work, began, track.ended(bar.span));
  if (quote === undefined) return name;
  return isNamed ? [quote] : [`${name[0]!} ${quote}`, quote, ...name];
}

function firstLog(work: LaneWork, began: EventIndex, ended: EventIndex | undefined): string | undefined {
  const { logs } = marksOf(work.trace, work.list.lanes[work.lane]!.thread);
  const place = logs.lowerBound(began);
  if (place === logs.length) return undefined;
  const event = logs.at(place);
  if (ended !== undefined && event > ended) return undefined;
  const text = logText(work.trace.table, event);
  return `“${text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text}”`;
}
