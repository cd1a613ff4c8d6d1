import { baseline } from './build-bars.ts';
import { fontOf, frame, fillRound, type Brush } from './brush.ts';
import type { Box, DrawList, Look } from './draw-list.ts';
import { LOOK_WORDS } from './looks.ts';
import { paintLook } from './paint-bars.ts';
import { paintMark, paintGap } from './paint-marks.ts';
import { paintArrow, paintBracket, paintWaiting } from './paint-queue.ts';
import { textWidth } from './text-width.ts';

export type LegendKey =
  Look | 'waiting' | 'special' | 'delivered' | 'drain' | 'lost' | 'failed' | 'log' | 'gap' | 'fold';

export interface LegendEntry {
  key: LegendKey;
  text: string;
  xCss: number;
  yCss: number;
}

const WORDS: Readonly<Record<LegendKey, string>> = {
  ...LOOK_WORDS,
  waiting: 'an APC waiting in the thread’s queue',
  special: 'a special APC waiting',
  delivered: 'the APC is delivered',
  drain: 'all APCs that one alertable wait ran; then it returns',
  lost: 'lost: the thread ended with the APC still queued',
  failed: 'a call failed',
  log: 'a log line',
  gap: 'events are missing here',
  fold: 'several stretches, too short to draw: height is share of time',
};
/** These explain the idea, so that they stand in every picture; the others where they occur. */
const ALWAYS: readonly LegendKey[] = ['running', 'wait', 'alertable', 'waiting', 'apc'];
const ORDER: readonly LegendKey[] = [
  'running',
  'call',
  'wait',
  'alertable',
  'waiting',
  'special',
  'delivered',
  'apc',
  'drain',
  'lost',
  'failed',
  'step',
  'suspended',
  'notStarted',
  'log',
  'gap',
  'fold',
];

const SWATCH_CSS = 26;
const ROW_CSS = 24;
const GAP_CSS = 22;
const TEXT_PX = 12;

export interface Legend {
  entries: LegendEntry[];
  heightCss: number;
}

/** Entries in rows from the left, as many as a row holds. */
export function layoutLegend(list: DrawList, leftCss: number, topCss: number, widthCss: number): Legend {
  const present = keysIn(list);
  const entries: LegendEntry[] = [];
  let x = 0;
  let y = topCss;
  for (const key of ORDER.filter((one) => present.has(one))) {
    const text = WORDS[key];
    const width = SWATCH_CSS + 8 + textWidth(text, TEXT_PX);
    if (x > 0 && x + width > widthCss) {
      x = 0;
      y += ROW_CSS;
    }
    entries.push({ key, text, xCss: leftCss + x, yCss: y });
    x += width + GAP_CSS;
  }
  return { entries, heightCss: y + ROW_CSS - topCss };
}

function keysIn(list: DrawList): Set<LegendKey> {
  const keys = new Set<LegendKey>(ALWAYS);
  for (const bar of list.bars) keys.add(bar.look);
  for (const mark of list.marks)
    if (mark.kind === 'lost' || mark.kind === 'failed' || mark.kind === 'log') keys.add(mark.kind);
  if (list.waiting.some((bar) => bar.special)) keys.add('special');
  if (list.arrows.some((arrow) => arrow.kind === 'deliver')) keys.add('delivered');
  if (list.brackets.length > 0) keys.add('drain');
  if (list.gaps.length > 0) keys.add('gap');
  if (list.folds.length > 0) keys.add('fold');
  return keys;
}

export function paintLegend(brush: Brush, legend: Legend): void {
  const { canvas, palette } = brush;
  for (const { key, text, xCss, yCss } of legend.entries) {
    swatch(brush, key, { xCss, yCss: yCss + 4, widthCss: SWATCH_CSS, heightCss: 15 });
    canvas.fillStyle = palette.text;
    canvas.font = fontOf(TEXT_PX, 400);
    canvas.fillText(text, xCss + SWATCH_CSS + 8, baseline(yCss + 4, 15, TEXT_PX));
  }
}

function swatch(brush: Brush, key: LegendKey, box: Box): void {
  const x = box.xCss + box.widthCss / 2;
  const y = box.yCss + box.heightCss / 2;
  const mark = {
    lane: 0,
    event: 0,
    count: 1,
    label: undefined,
    xCss: x - 6.5,
    yCss: y - 6.5,
    widthCss: 13,
    heightCss: 13,
  };
  switch (key) {
    case 'waiting':
    case 'special':
      return paintWaiting(brush, {
        ...box,
        lane: 0,
        apc: 0,
        special: key === 'special',
        end: 'pending',
        cutLeft: false,
        cutRight: false,
        label: undefined,
      });
    case 'delivered':
      return paintArrow(brush, {
        kind: 'deliver',
        apc: 0,
        count: 1,
        fromXCss: x,
        fromYCss: box.yCss,
        toXCss: x,
        toYCss: box.yCss + box.heightCss,
      });
    case 'drain':
      return paintBracket(brush, {
        ...box,
        yCss: y - 3,
        heightCss: 6,
        lane: 0,
        span: 0,
        apcs: 1,
        open: false,
      });
    case 'lost':
    case 'failed':
    case 'log':
      return paintMark(brush, { ...mark, kind: key });
    case 'gap':
      return paintGap(brush, { ...box, lane: 0, event: 0, count: 1, lostEvents: 0, label: undefined });
    case 'fold':
      fillRound(brush, { ...box, widthCss: 3 }, 'runningEdge', 0);
      fillRound(
        brush,
        { ...box, xCss: box.xCss + 5, widthCss: 3, yCss: y, heightCss: box.heightCss / 2 },
        'alertableEdge',
        0,
      );
      fillRound(brush, { ...box, xCss: box.xCss + 10, widthCss: 3 }, 'waitEdge', 0);
      return frame(brush, box, 'laneLine', 2);
    default:
      return paintLook(brush, box, key, box.xCss);
  }
}
