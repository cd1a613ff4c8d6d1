import { durationText } from '../apc-model/call-text.ts';
import type { ApcLife } from '../apc-model/apc-table.ts';
import type { EventIndex } from '../apc-model/event.ts';
import { firstEventFrom } from './axis-search.ts';
import { baseline } from './build-bars.ts';
import { buildDepthCurve } from './build-depths.ts';
import type { LaneWork } from './build-lane.ts';
import type { Arrow, Label, WaitingApc } from './draw-list.ts';
import { marksOf } from './lane-marks.ts';
import { apcRowTop } from './lane-rows.ts';
import { Occupancy } from './occupancy.ts';
import { firstFitting, textWidth } from './text-width.ts';
import { xOfEvent, xOfPosition } from './viewport.ts';

/** More APCs than this in view are drawn as a curve of how many wait. */
const MOST_BARS = 256;
/** How far back in the queue's history to look for APCs that still wait at the left edge. */
const LOOK_BACK = 1024;
const ROW_CSS = 16;
const LEAST_ROW_CSS = 4;
const LEAST_BAR_CSS = 3;
const TEXT_PX = 11;
const TEXT_PAD = 6;
const OUTSIDE_GAP = 7;
const OVERHANG_CSS = 4;

type End = { kind: WaitingApc['end']; event: EventIndex | undefined };

interface Waits {
  life: ApcLife;
  from: number;
  to: number;
  end: End;
  row: number;
}

/** The queue strip: a bar for each APC from its queuing to its delivery or loss, with arrows in and out. */
export function buildQueue(work: LaneWork): void {
  const { list, lane } = work;
  const { rows } = list.lanes[lane]!;
  if (rows.queueHeight < LEAST_ROW_CSS) return;
  const waits = inView(work);
  const rowCount = waits === undefined ? Number.POSITIVE_INFINITY : stack(waits);
  if (waits === undefined || rowCount * LEAST_ROW_CSS > rows.queueHeight) return buildDepthCurve(work);
  if (waits.length > 0) drawBars(work, waits, rowCount);
}

/** Every APC that waits somewhere in view, in order of queuing; undefined where they are too many. */
function inView(work: LaneWork): Waits[] | undefined {
  const { trace, view, list, lane } = work;
  const { arrivals, earlier } = marksOf(trace, list.lanes[lane]!.thread);
  const { axis } = view;
  const first = firstEventFrom(axis, trace.table, arrivals, axis.keyAt(view.start));
  const past = firstEventFrom(axis, trace.table, arrivals, axis.keyAt(view.start + view.span));
  if (past - first > MOST_BARS) return undefined;

  const found: Waits[] = [];
  const see = (arrival: EventIndex): void => {
    const waits = waitOf(work, arrival);
    if (waits !== undefined && waits.to >= 0 && waits.from <= view.widthCss) found.push(waits);
  };
  const atLeft = trace.table.countAt(axis.timeAt(view.start));
  const waiting = trace.depths.threads.get(list.lanes[lane]!.thread)?.atCount(atLeft) ?? 0;
  if (waiting > MOST_BARS) return undefined;
  const least = Math.max(arrivals.first, first - LOOK_BACK);
  for (let place = first - 1; place >= least && found.length < waiting; place--) see(arrivals.at(place));
  for (let place = earlier.length - 1; place >= 0 && found.length < waiting; place--) see(earlier[place]!);
  found.reverse();
  for (let place = first; place < past; place++) see(arrivals.at(place));
  return found.length > MOST_BARS ? undefined : found;
}

function waitOf(work: LaneWork, arrival: EventIndex): Waits | undefined {
  const { trace, view } = work;
  const life = trace.apc(trace.table.subject(arrival));
  if (life === undefined || life.failed !== undefined) return undefined;
  const end = endOf(work, life);
  const from = xOfEvent(view, arrival, trace.table.timeNs(arrival));
  const to =
    end.event === undefined
      ? xOfPosition(view, view.axis.ofTime(work.nowNs))
      : xOfEvent(view, end.event, trace.table.timeNs(end.event));
  return { life, from, to: Math.max(to, from + LEAST_BAR_CSS), end, row: 0 };
}

function endOf(work: LaneWork, life: ApcLife): End {
  if (life.began !== undefined) return { kind: 'delivered', event: life.began };
  if (life.cancelled !== undefined) return { kind: 'cancelled', event: life.cancelled };
  if (life.vanished !== undefined) return { kind: 'vanished', event: life.vanished };
  // An APC that is still queued when its thread ends is lost, said or not (fact 114).
  const lost = life.lost ?? marksOf(work.trace, life.target).ended;
  return lost === undefined ? { kind: 'pending', event: undefined } : { kind: 'lost', event: lost };
}

/** Gives each the lowest row that is free. @returns the number of rows */
function stack(waits: readonly Waits[]): number {
  const ends: number[] = [];
  for (const one of waits) {
    const free = ends.findIndex((end) => end <= one.from);
    one.row = free >= 0 ? free : ends.length;
    ends[one.row] = one.to;
  }
  return ends.length;
}

function drawBars(work: LaneWork, waits: readonly Waits[], rowCount: number): void {
  const { list, lane, view } = work;
  const { rows } = list.lanes[lane]!;
  const rowCss = Math.min(ROW_CSS, Math.floor(rows.queueHeight / rowCount));
  const taken = Array.from({ length: rowCount }, () => new Occupancy());
  for (const one of waits) taken[one.row]!.take(one.from, one.to);
  const lostFromCss = lostLabelRoom(work);
  for (const one of waits) {
    const heightCss = rowCss - 1;
    // The first in the queue stands nearest to the thread.
    const yCss = rows.queueTop + rows.queueHeight - (one.row + 1) * rowCss;
    const xCss = Math.max(-OVERHANG_CSS, one.from);
    const bar: WaitingApc = {
      lane,
      apc: one.life.id,
      special: one.life.special,
      end: one.end.kind,
      xCss,
      yCss,
      widthCss: Math.min(view.widthCss + OVERHANG_CSS, one.to) - xCss,
      heightCss,
      cutLeft: one.from < 0,
      cutRight: one.to > view.widthCss,
      label: undefined,
    };
    bar.label = labelOf(work, one, bar, taken[one.row]!, lostFromCss);
    list.waiting.push(bar);
    arrowIn(work, one, bar);
    arrowOut(work, one, bar);
  }
}

/** Texts outside a bar stay left of the thread's end, where lost APCs are told. */
function lostLabelRoom(work: LaneWork): number {
  const { ended, lostApcs } = marksOf(work.trace, work.list.lanes[work.lane]!.thread);
  if (ended === undefined || lostApcs.length === 0) return work.view.widthCss;
  return xOfEvent(work.view, ended, work.trace.table.timeNs(ended));
}

function labelOf(
  work: LaneWork,
  one: Waits,
  bar: WaitingApc,
  taken: Occupancy,
  rightCss: number,
): Label | undefined {
  if (bar.heightCss < TEXT_PX + 2) return undefined;
  const texts = textsOf(work, one);
  const left = Math.max(0, bar.xCss);
  const room = Math.min(work.view.widthCss, bar.xCss + bar.widthCss) - left - TEXT_PAD * 2;
  const at = {
    sizePx: TEXT_PX,
    baselineCss: baseline(bar.yCss, bar.heightCss, TEXT_PX),
    weight: 400 as const,
  };
  const colour = one.life.special ? 'specialText' : 'queuedText';
  const inside = firstFitting(texts, room, TEXT_PX);
  if (inside !== undefined && inside.length > 2)
    return { ...at, text: inside, xCss: left + TEXT_PAD, colour };
  const outside = bar.xCss + bar.widthCss + OUTSIDE_GAP;
  for (const text of texts.slice(0, -1)) {
    const width = textWidth(text, TEXT_PX);
    if (
      outside + width <= Math.min(rightCss, work.view.widthCss) &&
      taken.tryTake(outside - 3, outside + width + 8)
    ) {
      return { ...at, text, xCss: outside, colour };
    }
  }
  return inside === undefined ? undefined : { ...at, text: inside, xCss: left + TEXT_PAD, colour };
}

function textsOf(work: LaneWork, { life, end }: Waits): string[] {
  const { table } = work.trace;
  const name = `APC ${life.id}: ${table.routineName(life.routine)}`;
  const from = life.source === life.target ? '' : ` from ${table.threadName(life.source)}`;
  const special = life.special ? ' (special)' : '';
  const startNs = table.timeNs(life.queueing);
  const waited = durationText((end.event === undefined ? work.nowNs : table.timeNs(end.event)) - startNs);
  const inFlight = life.armed && life.queued === undefined;
  const what = {
    delivered: `waited ${waited}`,
    lost: `waited ${waited} in the queue, then lost`,
    cancelled: `waited ${waited}, then cancelled`,
    vanished: 'without a routine: vanished',
    failed: 'could not be queued',
    pending: inFlight ? 'in flight' : 'waiting in the queue',
  }[end.kind];
  return [
    `${name}${special}${from}, ${what}`,
    `${name}${special}, ${what}`,
    `APC ${life.id}${special}, ${what}`,
    `${name}${special}`,
    `APC ${life.id}`,
    String(life.id),
  ];
}

function arrowIn(work: LaneWork, one: Waits, bar: WaitingApc): void {
  const { list, laneOf, lane } = work;
  const source = laneOf.get(one.life.source);
  if (source === undefined || one.from < 0 || one.from > work.view.widthCss) return;
  const { rows } = list.lanes[source]!;
  const isBelow = list.lanes[source]!.topCss < list.lanes[lane]!.topCss;
  addArrow(list.arrows, {
    kind: 'queue',
    apc: one.life.id,
    count: 1,
    fromXCss: one.from,
    fromYCss: source === lane || !isBelow ? rows.stateTop : rows.stateTop + rows.stateHeight,
    toXCss: one.from,
    toYCss: source === lane || !isBelow ? bar.yCss + bar.heightCss : bar.yCss,
  });
}

function arrowOut(work: LaneWork, one: Waits, bar: WaitingApc): void {
  const { trace, list, lane, view } = work;
  if (one.end.kind !== 'delivered' || one.to < 0 || one.to > view.widthCss) return;
  const { rows } = list.lanes[lane]!;
  const depth = trace.table.valueLow(one.end.event!) >>> 16;
  addArrow(list.arrows, {
    kind: 'deliver',
    apc: one.life.id,
    count: 1,
    fromXCss: one.to,
    fromYCss: bar.yCss + bar.heightCss / 2,
    toXCss: one.to,
    toYCss: rows.apcHeight === 0 ? rows.stateTop + rows.stateHeight / 2 : apcRowTop(rows, Math.max(1, depth)),
  });
}

/** Arrows closer than two pixels are one with a number. */
function addArrow(arrows: Arrow[], arrow: Arrow): void {
  const last = arrows.findLast((other) => other.kind === arrow.kind);
  if (
    last !== undefined &&
    Math.abs(last.fromXCss - arrow.fromXCss) < 2 &&
    last.fromYCss === arrow.fromYCss &&
    last.toYCss === arrow.toYCss
  ) {
    last.count++;
    return;
  }
  arrows.push(arrow);
}
