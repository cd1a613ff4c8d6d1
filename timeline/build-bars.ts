import { SpanType, type SpanTrack } from '../apc-model/span-track.ts';
import { barTexts, outcomeOf } from './bar-text.ts';
import { noteApcs } from './build-apc-notes.ts';
import type { LaneWork } from './build-lane.ts';
import { buildFold, labelDenseRuns } from './build-folds.ts';
import { ResultRow } from './build-results.ts';
import type { Bar, Look } from './draw-list.ts';
import { apcRowTop, type LaneRows } from './lane-rows.ts';
import { LOOK_COLOURS, lookOf } from './looks.ts';
import { firstFitting } from './text-width.ts';
import { xOfPosition } from './viewport.ts';
import { trackPositions, walkTrack } from './walk-track.ts';

const LABEL_PAD = 6;
const APC_PAD = 4;
const SMALL_PX = 11;
const LEAST_BAR_CSS = 1;
/** A call inside an APC lies in the APC's row and leaves this much of it to see. */
const INSET_CSS = 4;
/** Beyond the edges a bar is cut here, so that its own edge doesn't show. */
const OVERHANG_CSS = 4;

/** A bar with what lies on it; its label goes into the widest stretch between. */
interface Labelled {
  bar: Bar;
  covers: { from: number; to: number }[];
}

/** What the thread did: bars, folds, and what its waits returned. */
export function buildBars(work: LaneWork): void {
  const { trace, view, grid, list, lane, nowNs } = work;
  const { rows, thread } = list.lanes[lane]!;
  const spans = trace.spans.threads.get(thread);
  if (spans === undefined) return;

  const results = new ResultRow(work, spans.life);
  const shown = new Map<number, Labelled>();
  const life = trackPositions(view, spans.life, nowNs);
  const firstFold = list.folds.length;
  walkTrack(view, grid, life, {
    wide(span, start, end) {
      const bar = makeBar(work, 'life', spans.life, span, start, end);
      list.bars.push(bar);
      shown.set(span, { bar, covers: [] });
      cover(shown, spans.life, span, bar.xCss, bar.xCss + bar.widthCss);
      if (bar.look === 'alertable') results.add(span, end);
    },
    narrow(run) {
      const fold = buildFold(work, life, run);
      if (fold === undefined) return;
      list.folds.push(fold);
      cover(shown, spans.life, run.first, fold.xCss, fold.xCss + fold.widthCss);
      results.addFolded(run, fold);
    },
  });
  const covered = [...labelDenseRuns(work, firstFold), ...suspendedBars(work, spans.suspended)];
  for (const [span, labelled] of shown) {
    if (labelled.bar.yCss === rows.stateTop) labelled.covers.push(...covered);
    const { from, to } = widestFree(labelled, view.widthCss);
    const withResult = !results.tells(span);
    writeLabel(
      labelled.bar,
      from,
      to,
      barTexts(trace.table, spans.life, span, labelled.bar.look, withResult),
    );
  }
  const apcBars = [...shown.values()].map(({ bar }) => bar).filter((bar) => bar.look === 'apc');
  const folded = list.folds.slice(firstFold).flatMap(({ apcBox }) => apcBox ?? []);
  noteApcs(work, spans.life, apcBars, folded);
}

function makeBar(
  work: LaneWork,
  name: Bar['track'],
  track: SpanTrack,
  span: number,
  start: number,
  end: number,
): Bar {
  const { view, list, lane } = work;
  const { rows } = list.lanes[lane]!;
  const look = lookOf(track.type(span));
  const from = Math.max(-OVERHANG_CSS, xOfPosition(view, start));
  const to = Math.min(view.widthCss + OVERHANG_CSS, xOfPosition(view, end));
  const failed =
    (look === 'wait' || look === 'alertable') && outcomeOf(work.trace.table, track, span)?.failed === true;
  return {
    lane,
    look,
    track: name,
    span,
    xCss: from,
    widthCss: Math.max(LEAST_BAR_CSS, to - from),
    ...rowOf(rows, look, track.depth(span)),
    cutLeft: start < view.start,
    cutRight: end > view.start + view.span,
    open: track.isOpen(span),
    failed,
    label: undefined,
  };
}

/** Depth 0 is the state row; an APC and what is called in it share the row of that depth. */
export function rowOf(rows: LaneRows, look: Look, depth: number): { yCss: number; heightCss: number } {
  if (depth === 0) return { yCss: rows.stateTop, heightCss: rows.stateHeight };
  const top = apcRowTop(rows, depth);
  const inset = look === 'apc' ? 0 : Math.min(INSET_CSS, rows.apcHeight / 3);
  return { yCss: top + inset, heightCss: rows.apcHeight - inset };
}

/** Tells the enclosing bar of the same row that [from, to] is covered. */
function cover(shown: Map<number, Labelled>, track: SpanTrack, span: number, from: number, to: number): void {
  const parent = track.parent(span);
  const labelled = shown.get(parent);
  if (labelled === undefined || (track.type(span) === SpanType.apc && track.type(parent) !== SpanType.alive))
    return;
  labelled.covers.push({ from, to });
}

/** The widest stretch of a bar that is in view and that nothing covers. */
function widestFree({ bar, covers }: Labelled, viewCss: number): { from: number; to: number } {
  const right = Math.min(viewCss, bar.xCss + bar.widthCss);
  let best = { from: 0, to: 0 };
  let from = Math.max(0, bar.xCss);
  for (const cover of [...covers.sort((a, b) => a.from - b.from), { from: right, to: right }]) {
    const to = Math.min(cover.from, right);
    if (to - from > best.to - best.from) best = { from, to };
    from = Math.max(from, cover.to);
  }
  return best;
}

function writeLabel(bar: Bar, from: number, to: number, texts: readonly string[]): void {
  if (bar.heightCss < 14) return;
  const full = bar.heightCss >= 18 ? 12 : 11;
  const fitted = bar.look === 'apc' ? fitApc(texts, to - from, full) : fitPlain(texts, to - from, full);
  if (fitted === undefined) return;
  const { text, pad, sizePx } = fitted;
  const colours = LOOK_COLOURS[bar.look];
  bar.label = {
    text,
    xCss: from + pad,
    baselineCss: baseline(bar.yCss, bar.heightCss, sizePx),
    sizePx,
    weight: bar.look === 'apc' ? 600 : 400,
    colour: colours.text,
    ...(colours.pattern === undefined ? {} : { plate: colours.fill }),
  };
}

interface Fitted {
  text: string;
  pad: number;
  sizePx: number;
}

function fitPlain(texts: readonly string[], roomCss: number, sizePx: number): Fitted | undefined {
  const text = firstFitting(texts, roomCss - LABEL_PAD * 2, sizePx);
  return text === undefined ? undefined : { text, pad: LABEL_PAD, sizePx };
}

/** An APC's bar is often short: `APC 12` is squeezed in before only the number is written. */
function fitApc(texts: readonly string[], roomCss: number, sizePx: number): Fitted | undefined {
  const [number] = texts.slice(-1);
  for (const [candidates, pad, size] of [
    [texts.slice(0, -1), APC_PAD, sizePx],
    [texts.slice(0, -1), APC_PAD / 2, SMALL_PX],
    [[number!], APC_PAD / 2, SMALL_PX],
  ] as const) {
    const text = firstFitting(candidates, roomCss - pad * 2, size, 600);
    if (text !== undefined) return { text, pad, sizePx: size };
  }
  return undefined;
}

/** Where text of this size stands so that its capitals are centred in a row. Inter's capitals are 0.727 em high. */
export const baseline = (yCss: number, heightCss: number, sizePx: number): number =>
  yCss + heightCss / 2 + sizePx * 0.364;

/** Laid over the state row. @returns what they cover */
function suspendedBars(work: LaneWork, track: SpanTrack): { from: number; to: number }[] {
  const { view, grid, list, nowNs } = work;
  const positions = trackPositions(view, track, nowNs);
  const covered: { from: number; to: number }[] = [];
  const add = (span: number, start: number, end: number): void => {
    const bar = makeBar(work, 'suspended', track, span, start, end);
    covered.push({ from: bar.xCss, to: bar.xCss + bar.widthCss });
    writeLabel(bar, Math.max(0, bar.xCss), Math.min(view.widthCss, bar.xCss + bar.widthCss), ['suspended']);
    list.bars.push(bar);
  };
  walkTrack(view, grid, positions, {
    wide: add,
    narrow: ({ first, past }) => add(first, positions.start(first), positions.end(past - 1)),
  });
  return covered;
}
