import { failureText } from '../apc-model/call-results.ts';
import { win32Name } from '../apc-model/call-text.ts';
import { EndReason, type EventIndex } from '../apc-model/event.ts';
import type { EventTable } from '../apc-model/event-table.ts';
import type { Uint32Column } from '../apc-model/uint32-column.ts';
import { firstEventFrom } from './axis-search.ts';
import { baseline } from './build-bars.ts';
import { grouped } from './build-folds.ts';
import type { LaneWork } from './build-lane.ts';
import type { Label, Mark } from './draw-list.ts';
import { marksOf } from './lane-marks.ts';
import { Occupancy } from './occupancy.ts';
import type { ColourName } from './palette.ts';
import { textWidth } from './text-width.ts';
import { xOfEvent } from './viewport.ts';

const TEXT_PX = 11;
const CROSS_CSS = 13;
const DOT_CSS = 5;
const FLAG_CSS = 9;
const LABEL_GAP = 5;
const TORN_CSS = 9;
/** Lower rows have no room for what is of less weight. */
const TALL_ROW_CSS = 18;
/** How many events to look back for the last one before a gap. */
const LOOK_BACK = 256;
/** Marks of one kind closer than this many cells are one with a number. */
const GROUP_CELLS = 4;

/** What no fold may hide, and the ends of the thread. */
export function buildMarks(work: LaneWork): void {
  const inQueueRow = new Occupancy();
  const inStateRow = new Occupancy();
  const { trace, list, lane } = work;
  const { rows, thread } = list.lanes[lane]!;
  const marks = marksOf(trace, thread);
  const queueMiddle = rows.queueTop + rows.queueHeight - Math.min(rows.queueHeight, 16) / 2;

  if (rows.stateHeight >= TALL_ROW_CSS)
    groups(work, marks.logs, 1, 0, (event, count, x) =>
      list.marks.push(
        markAt(work, 'log', event, count, x, rows.stateTop + rows.stateHeight - DOT_CSS / 2 - 1, DOT_CSS),
      ),
    );
  groups(work, marks.markers, GROUP_CELLS, CROSS_CSS + 3, (event, count, x) => {
    const mark = markAt(work, 'marker', event, count, x, rows.queueTop, FLAG_CSS);
    mark.label = beside(work, mark, [trace.table.text(event) ?? ''], 'text', inQueueRow);
    list.marks.push(mark);
  });
  threadEnds(work);
  groups(work, marks.lostApcs, GROUP_CELLS, CROSS_CSS + 3, (event, count, x) => {
    const mark = markAt(work, 'lost', event, count, x, queueMiddle, CROSS_CSS);
    mark.label = beside(work, mark, [lostText(work, event, count)], 'lostText', inQueueRow);
    list.marks.push(mark);
  });
  takeNotes(work, inStateRow);
  groups(work, marks.gaps, GROUP_CELLS, CROSS_CSS + 3, (event, count, x) =>
    addGap(work, event, count, x, inStateRow),
  );
  takeLabels(work, inStateRow);
  groups(work, marks.failures, GROUP_CELLS, CROSS_CSS + 3, (event, count, x) => {
    const mark = markAt(work, 'failed', event, count, x, rows.stateTop + rows.stateHeight / 2, CROSS_CSS);
    mark.label = beside(work, mark, failedTexts(trace.table, event, count), 'lostText', inStateRow);
    list.marks.push(mark);
  });
}

/** How much the dense stretches hold. */
function takeNotes({ list, lane }: LaneWork, taken: Occupancy): void {
  const { stateTop, stateHeight } = list.lanes[lane]!.rows;
  for (const { text, xCss, baselineCss, sizePx, weight } of list.notes)
    if (baselineCss > stateTop && baselineCss < stateTop + stateHeight)
      taken.take(xCss, xCss + textWidth(text, sizePx, weight));
}

/** What is written in the state row already. */
function takeLabels({ list, lane }: LaneWork, taken: Occupancy): void {
  const take = (label: Label): void =>
    taken.take(label.xCss, label.xCss + textWidth(label.text, label.sizePx, label.weight));
  for (const bar of list.bars)
    if (bar.lane === lane && bar.yCss === list.lanes[lane]!.rows.stateTop && bar.label) take(bar.label);
  for (const gap of list.gaps) if (gap.lane === lane) taken.take(gap.xCss, gap.xCss + gap.widthCss);
}

/** Events of one kind in view, by groups that are fixed to the axis; groups closer than `leastCss` are one. */
function groups(
  work: LaneWork,
  events: Uint32Column,
  cells: number,
  leastCss: number,
  see: (first: EventIndex, count: number, xCss: number) => void,
): void {
  if (events.length === 0) return;
  const { view, grid, trace } = work;
  const { axis } = view;
  const past = firstEventFrom(axis, trace.table, events, axis.keyAt(view.start + view.span));
  let at = firstEventFrom(axis, trace.table, events, axis.keyAt(view.start));
  let present: { event: EventIndex; count: number; x: number } | undefined;
  while (at < past) {
    const event = events.at(at);
    const timeNs = trace.table.timeNs(event);
    const group = Math.floor(grid.at(axis.ofEvent(event, timeNs)) / cells);
    const next = Math.max(
      at + 1,
      firstEventFrom(axis, trace.table, events, grid.keyAtStart((group + 1) * cells)),
    );
    const x = xOfEvent(view, event, timeNs);
    if (present !== undefined && x - present.x < leastCss) present.count += next - at;
    else {
      if (present !== undefined) see(present.event, present.count, present.x);
      present = { event, count: next - at, x };
    }
    at = next;
  }
  if (present !== undefined) see(present.event, present.count, present.x);
}

function markAt(
  work: LaneWork,
  kind: Mark['kind'],
  event: EventIndex,
  count: number,
  x: number,
  yMiddle: number,
  size: number,
): Mark {
  return {
    lane: work.lane,
    kind,
    event,
    count,
    xCss: x - size / 2,
    yCss: yMiddle - size / 2,
    widthCss: size,
    heightCss: size,
    label: undefined,
  };
}

/** Text to the right of a mark, or to its left where the right has no room: the first text that meets no other. */
function beside(
  work: LaneWork,
  mark: Mark,
  texts: readonly string[],
  colour: ColourName,
  taken: Occupancy,
): Label | undefined {
  taken.take(mark.xCss, mark.xCss + mark.widthCss);
  for (const text of texts) {
    const width = textWidth(text, TEXT_PX, 600);
    for (const xCss of [mark.xCss + mark.widthCss + LABEL_GAP, mark.xCss - LABEL_GAP - width]) {
      if (text === '' || xCss < 2 || xCss + width > work.view.widthCss) continue;
      if (!taken.tryTake(xCss - 3, xCss + width + 3)) continue;
      const baselineCss = baseline(mark.yCss, mark.heightCss, TEXT_PX);
      return { text, xCss, baselineCss, sizePx: TEXT_PX, weight: 600, colour, plate: 'background' };
    }
  }
  return undefined;
}

function failedTexts(table: EventTable, event: EventIndex, count: number): string[] {
  if (count > 1) return [`${grouped(count)} calls failed`, `${grouped(count)} failed`];
  return [`${win32Name(table.call(event))} failed: ${failureText(table, event)}`, 'failed'];
}

function lostText(work: LaneWork, event: EventIndex, count: number): string {
  return count === 1 ? `APC ${work.trace.table.subject(event)} lost` : `${grouped(count)} APCs lost`;
}

function threadEnds(work: LaneWork): void {
  const { trace, view, list, lane } = work;
  const { rows, thread } = list.lanes[lane]!;
  const { started, ended } = marksOf(trace, thread);
  const { table } = trace;
  const at = (event: EventIndex, kind: 'started' | 'ended'): Mark | undefined => {
    const x = xOfEvent(view, event, table.timeNs(event));
    if (x < -1 || x > view.widthCss + 1) return undefined;
    const mark = markAt(work, kind, event, 1, x, rows.stateTop + rows.stateHeight / 2, 2);
    return { ...mark, yCss: rows.stateTop, heightCss: rows.stateHeight };
  };
  const start = started === undefined ? undefined : at(started, 'started');
  if (start !== undefined) list.marks.push(start);
  const end = ended === undefined ? undefined : at(ended, 'ended');
  if (end === undefined) return;
  const code = table.valueLow(ended!);
  const reason = table.valueHigh(ended!) & 0xff;
  const how =
    reason === EndReason.terminated
      ? 'terminated'
      : reason === EndReason.stopped
        ? 'ended by stop'
        : reason === EndReason.error
          ? 'ended by an error'
          : 'ended';
  const text = `${how}, exit code ${code}`;
  if (end.xCss + LABEL_GAP + textWidth(text, TEXT_PX) < view.widthCss && rows.stateHeight >= TALL_ROW_CSS) {
    end.label = {
      text,
      xCss: end.xCss + LABEL_GAP + 4,
      baselineCss: baseline(rows.stateTop, rows.stateHeight, TEXT_PX),
      sizePx: TEXT_PX,
      weight: 400,
      colour: 'mutedText',
    };
  }
  list.marks.push(end);
}

/** From the thread's last event before the gap to the event that tells of it. */
function addGap(work: LaneWork, event: EventIndex, count: number, x: number, taken: Occupancy): void {
  const { trace, view, list, lane } = work;
  const box = list.lanes[lane]!;
  const { table } = trace;
  let lostEvents = table.valueLow(event);
  const { gaps } = marksOf(trace, box.thread);
  const place = gaps.lowerBound(event);
  for (let at = place + 1; at < place + Math.min(count, LOOK_BACK); at++)
    lostEvents += table.valueLow(gaps.at(at));
  let before = event - 1;
  const least = Math.max(table.firstIndex, event - LOOK_BACK);
  while (before >= least && table.thread(before) !== box.thread) before--;
  const known = before >= least;
  const from = known ? xOfEvent(view, before, table.timeNs(before)) : x - TORN_CSS;
  const left = Math.max(-TORN_CSS, Math.min(from, x - TORN_CSS));
  const widthCss = x - left;
  list.gaps.push({
    lane,
    event,
    count,
    lostEvents,
    xCss: left,
    widthCss,
    yCss: box.topCss + 2,
    heightCss: box.heightCss - 4,
    label: gapLabel(work, lostEvents, left, x, taken),
  });
}

/** In the gap, or else to its right; none where another text stands: each says more when it is pointed at. */
function gapLabel(
  { view, list, lane }: LaneWork,
  lostEvents: number,
  left: number,
  right: number,
  taken: Occupancy,
): Label | undefined {
  const { rows } = list.lanes[lane]!;
  const baselineCss = baseline(rows.stateTop, rows.stateHeight, TEXT_PX);
  for (const text of [`${grouped(lostEvents)} events lost`, `${grouped(lostEvents)} lost`]) {
    const width = textWidth(text, TEXT_PX, 600);
    const wanted = width + 20 <= right - left ? Math.max(4, left + 10) : right + LABEL_GAP;
    const xCss = Math.min(wanted, view.widthCss - width - 4);
    if (xCss < 0 || !taken.tryTake(xCss - 3, xCss + width + 3)) continue;
    return { text, xCss, baselineCss, sizePx: TEXT_PX, weight: 600, colour: 'gapText', plate: 'gapFill' };
  }
  return undefined;
}
