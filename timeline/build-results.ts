import { durationText } from '../apc-model/call-text.ts';
import { SpanType, type SpanTrack } from '../apc-model/span-track.ts';
import { outcomeOf, spanCallText, type Outcome } from './bar-text.ts';
import { baseline } from './build-bars.ts';
import type { LaneWork } from './build-lane.ts';
import type { Fold, Pill } from './draw-list.ts';
import { marksOf } from './lane-marks.ts';
import { Occupancy } from './occupancy.ts';
import { textWidth } from './text-width.ts';
import { xOfPosition } from './viewport.ts';
import type { NarrowRun } from './walk-track.ts';

const BRACKET_CSS = 4;
const PILL_CSS = 17;
const PILL_PAD = 8;
const PILL_PX = 11;
const PILL_GAP = 4;
const LEAST_BRACKET_CSS = 5;
/** In a fold of more spans than this no single wait is singled out. */
const MAX_FOLDED = 16;
/** Descendants of a wait up to which its own APCs are told from nested ones. */
const EXACT_CHILDREN = 256;

/** The result row of a lane: brackets over what each alertable wait delivered, and pills with what waits returned. */
export class ResultRow {
  readonly #work: LaneWork;
  readonly #track: SpanTrack;
  readonly #taken = new Occupancy();
  readonly #told = new Set<number>();

  constructor(work: LaneWork, track: SpanTrack) {
    this.#work = work;
    this.#track = track;
  }

  /** Does a pill tell what this wait returned? */
  tells(span: number): boolean {
    return this.#told.has(span);
  }

  /** An alertable wait that is drawn as a bar, ending at a position. */
  add(span: number, end: number): void {
    const { view } = this.#work;
    const endCss = xOfPosition(view, end);
    const drained = this.#deliversFirst(span);
    const apcs = drained ? this.#countApcs(span) : 0;
    if (drained) this.#bracket(span, xOfPosition(view, this.#startOf(span + 1)), endCss, apcs);
    const outcome = outcomeOf(this.#work.trace.table, this.#track, span);
    if (outcome === undefined || endCss < 0 || endCss > view.widthCss + 1) return;
    const fromCss = drained ? xOfPosition(view, this.#startOf(span + 1)) : endCss;
    this.#pill(span, outcome, drained, fromCss, endCss, apcs);
  }

  /** The same for the waits of a fold (see TrackVisitor.narrow), while they are few: what a wait returned is worth telling. */
  addFolded({ first, past, wide }: NarrowRun, fold: Fold): void {
    if (past - first > MAX_FOLDED) return;
    for (let span = first; span < past; span++) {
      if (
        this.#track.type(span) !== SpanType.alertableWait ||
        wide.includes(span) ||
        !this.#deliversFirst(span)
      )
        continue;
      const apcs = this.#countApcs(span);
      const toCss = fold.xCss + Math.max(fold.widthCss, LEAST_BRACKET_CSS);
      this.#bracket(span, fold.xCss, toCss, apcs);
      const outcome = outcomeOf(this.#work.trace.table, this.#track, span);
      if (outcome !== undefined) this.#pill(span, outcome, true, fold.xCss, toCss, apcs);
    }
  }

  /** The first thing inside it is an APC: then it is this wait that delivered it. */
  #deliversFirst(span: number): boolean {
    const child = span + 1;
    return (
      this.#track.has(child) && this.#track.parent(child) === span && this.#track.type(child) === SpanType.apc
    );
  }

  #startOf(span: number): number {
    return this.#work.view.axis.ofEvent(this.#track.began(span), this.#track.startNs(span));
  }

  /** Exact for ordinary waits; where very much happened inside, APCs nested in its APCs are counted with them. */
  #countApcs(span: number): number {
    const track = this.#track;
    const ended = track.ended(span);
    const past = ended === undefined ? track.length : track.firstBegunFrom(ended, span + 1);
    if (past - span <= EXACT_CHILDREN && span + 1 >= track.first) {
      let count = 0;
      for (let at = span + 1; at < past; at++)
        if (track.parent(at) === span && track.type(at) === SpanType.apc) count++;
      return count;
    }
    const { deliveries } = marksOf(this.#work.trace, this.#work.list.lanes[this.#work.lane]!.thread);
    const until = ended === undefined ? deliveries.length : deliveries.lowerBound(ended);
    return until - deliveries.lowerBound(track.began(span));
  }

  #bracket(span: number, fromCss: number, toCss: number, apcs: number): void {
    const { list, lane, view } = this.#work;
    const { rows } = list.lanes[lane]!;
    if (rows.resultHeight === 0) return;
    const from = Math.max(-8, fromCss);
    const to = Math.min(view.widthCss + 8, Math.max(toCss, fromCss + LEAST_BRACKET_CSS));
    list.brackets.push({
      lane,
      span,
      apcs,
      open: this.#track.isOpen(span),
      xCss: from,
      widthCss: to - from,
      yCss: rows.resultTop,
      heightCss: BRACKET_CSS,
    });
  }

  #pill(
    span: number,
    outcome: Outcome,
    drained: boolean,
    fromCss: number,
    endCss: number,
    apcs: number,
  ): void {
    const { list, lane, view, trace } = this.#work;
    const { rows } = list.lanes[lane]!;
    if (rows.resultHeight < PILL_CSS + BRACKET_CSS) return;
    const call = spanCallText(trace.table, this.#track, span).replace(/, TRUE\)$/, ')');
    const tail = `→ ${outcome.result} after ${durationText(outcome.durationNs)}`;
    const many = apcs > 1 ? ` · ${apcs} APCs` : '';
    for (const text of [`${call} ${tail}${many}`, `${call} ${tail}`, tail, `→ ${outcome.result}`]) {
      const width = Math.ceil(textWidth(text, PILL_PX, 600)) + PILL_PAD * 2;
      const places = [(fromCss + endCss - width) / 2, fromCss, endCss - width];
      for (const wanted of drained ? places : places.reverse()) {
        const xCss = Math.max(0, Math.min(view.widthCss - width, wanted));
        const reaches = xCss <= endCss + 1 && xCss + width >= fromCss - 1;
        if (
          !reaches ||
          width > view.widthCss ||
          !this.#taken.tryTake(xCss - PILL_GAP, xCss + width + PILL_GAP)
        )
          continue;
        list.pills.push(this.#pillAt(span, outcome, drained, text, xCss, width, endCss));
        this.#told.add(span);
        return;
      }
    }
  }

  #pillAt(
    span: number,
    outcome: Outcome,
    drained: boolean,
    text: string,
    xCss: number,
    widthCss: number,
    endCss: number,
  ): Pill {
    const { list, lane } = this.#work;
    const { rows } = list.lanes[lane]!;
    const kind = outcome.failed ? 'failed' : drained ? 'drain' : 'result';
    const yCss = rows.resultTop + BRACKET_CSS + 1;
    return {
      lane,
      span,
      kind,
      xCss,
      yCss,
      widthCss,
      heightCss: PILL_CSS,
      anchorXCss: endCss,
      anchorYCss: drained ? rows.resultTop + BRACKET_CSS : rows.stateTop + rows.stateHeight,
      label: {
        text,
        xCss: xCss + PILL_PAD,
        baselineCss: baseline(yCss, PILL_CSS, PILL_PX),
        sizePx: PILL_PX,
        weight: 600,
        colour: kind === 'drain' ? 'drainPillText' : kind === 'failed' ? 'lostText' : 'resultPillText',
      },
    };
  }
}
