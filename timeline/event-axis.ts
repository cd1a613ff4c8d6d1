import { Kind, THREAD_CONTROLLER, type EventIndex, isLabCall } from '../apc-model/event.ts';
import type { EventChunk } from '../apc-model/event-chunk.ts';
import { CHUNK_MASK, CHUNK_ROWS, type EventTable } from '../apc-model/event-table.ts';
import type { Axis } from './time-axis.ts';

/**
 * One step an event: a burst of microseconds reads as well as a sleep of hours.
 *
 *     events     a  b c                        d e
 *     time       |--|-|------------------------|-|        true time
 *     position   0  1 2        . . .           12         a pause beyond PAUSE_NS is DECADE_STEPS
 *                                                         longer for each factor of ten
 *
 * A position depends on the events before it only: appending never moves what is drawn. Within a step time runs evenly, so
 * that any instant has a place. The times are those of the running maximum, as everywhere (clocks of two threads may
 * interleave by a hair).
 */
export const PAUSE_NS = 100_000;
export const DECADE_STEPS = 2;

/** How many steps a pause takes. */
export const stepsOf = (durationNs: number): number =>
  durationNs <= PAUSE_NS ? 1 : 1 + DECADE_STEPS * Math.log10(durationNs / PAUSE_NS);

/** Every BLOCK events the position is kept; between them it is counted again: 16 bytes for BLOCK events. */
const BLOCK = 64;
const BLOCKS_A_CHUNK = CHUNK_ROWS / BLOCK;

/** What has no place of its own: names, notes about the model, and the controller's calls of the lab itself. */
function isStep(chunk: EventChunk, row: number): boolean {
  switch (chunk.kind(row)) {
    case Kind.defined:
    case Kind.objectChanged:
    case Kind.resync:
    case Kind.mismatch:
      return false;
    case Kind.callBegan:
    case Kind.callReturned:
    case Kind.threadStarted:
    case Kind.threadEnded:
      return (
        chunk.thread[row] !== THREAD_CONTROLLER || !(isLabCall(chunk.call[row]!) || chunk.call[row] === 0)
      );
    default:
      return true;
  }
}

/** A block's events, counted: positions and times (running maximum) of each, and which of them are steps. */
interface Counted {
  block: number;
  position: Float64Array;
  timeNs: Float64Array;
  isStep: Uint8Array;
  length: number;
}

/** Counted blocks that are kept: 4 MB. */
const MOST_COUNTED = 4096;

export interface Step {
  event: EventIndex;
  timeNs: number;
  position: number;
}

/** Where the axis is before an event, with the time of the last step there. */
export interface AxisPoint {
  position: number;
  timeNs: number;
}

export class EventAxis implements Axis {
  readonly kind = 'events';
  readonly #table: EventTable;
  /** At the start of block #base + k: where the last step before it lies, and its time. */
  #position = new Float64Array(64);
  #timeNs = new Float64Array(64);
  #base: number;
  /**
   * The same at the start of each chunk up to the table's horizon, from where on the blocks are known. Between these points
   * the axis is straight: the events there are not in memory.
   */
  readonly #early: AxisPoint[];
  readonly #earlyFirst: EventIndex;
  readonly #counted: (Counted | undefined)[] = [];
  #seen: EventIndex;
  #endPosition: number;
  #endNs: number;

  /** @param origin of an excerpt: where the whole session's axis is at its first event (see `pointAt`) */
  constructor(table: EventTable, origin: AxisPoint = { position: 0, timeNs: 0 }) {
    this.#table = table;
    this.#early = [origin];
    this.#earlyFirst = origin.position === 0 ? 0 : table.firstIndex;
    this.#seen = this.#earlyFirst;
    this.#base = this.#earlyFirst / BLOCK;
    this.#endPosition = origin.position;
    this.#endNs = origin.timeNs;
    if (this.#seen < table.firstIndex) this.#estimate(table.firstIndex);
    this.follow();
  }

  /** Of events that nobody has counted: a step each. */
  #estimate(first: EventIndex): void {
    for (let event = this.#seen + CHUNK_ROWS; event <= first; event += CHUNK_ROWS)
      this.#early.push({ position: event, timeNs: this.#table.timeBeforeChunkNs(event) });
    this.#base = first / BLOCK;
    this.#seen = first;
    this.#endPosition = this.#horizon.position;
    this.#endNs = this.#horizon.timeNs;
  }

  /**
   * Takes in the events that the table gained since the last call, and forgets those that it forgot: no event may be
   * forgotten before it was taken in (see Trace.beforeForgetting).
   */
  follow(): void {
    while (this.#seen < this.#table.length) {
      const chunk = this.#table.chunkOf(this.#seen);
      const end = Math.min(this.#table.length, (this.#seen | CHUNK_MASK) + 1);
      for (; this.#seen < end; this.#seen++) this.#take(chunk, this.#seen & CHUNK_MASK);
    }
    if (this.#base * BLOCK < this.#table.firstIndex) this.#forget(this.#table.firstIndex);
  }

  #take(chunk: EventChunk, row: number): void {
    if (row % BLOCK === 0) this.#keep(this.#seen / BLOCK);
    if (!isStep(chunk, row)) return;
    const timeNs = Math.max(this.#endNs, chunk.timeNs(row));
    this.#endPosition += stepsOf(timeNs - this.#endNs);
    this.#endNs = timeNs;
  }

  /** Where the axis is at the start of a chunk at or before the horizon. */
  pointAt(first: EventIndex): AxisPoint {
    return this.#early[(first - this.#earlyFirst) / CHUNK_ROWS]!;
  }

  ofEvent(event: EventIndex): number {
    if (event >= this.#seen) return this.#endPosition;
    if (event < this.#base * BLOCK) return this.#earlyOfEvent(event);
    return this.#count(Math.floor(event / BLOCK)).position[event % BLOCK]!;
  }

  ofTime(timeNs: number): number {
    if (timeNs <= this.#horizon.timeNs) return this.#earlyOf('timeNs', 'position', timeNs, 1 / PAUSE_NS);
    const block = this.#lastBlock((at) => this.#timeNs[at - this.#base]! <= timeNs);
    const before = this.#pointOf(block);
    const next = this.#firstStep(block, (step) => {
      if (step.timeNs > timeNs) return true;
      before.timeNs = step.timeNs;
      before.position = step.position;
      return false;
    });
    if (next === undefined) return before.position + openSteps(timeNs - before.timeNs);
    const share = (timeNs - before.timeNs) / (next.timeNs - before.timeNs);
    return before.position + share * (next.position - before.position);
  }

  timeAt(position: number): number {
    if (position <= this.#horizon.position) return this.#earlyOf('position', 'timeNs', position, PAUSE_NS);
    const block = this.#lastBlock((at) => this.#position[at - this.#base]! <= position);
    const before = this.#pointOf(block);
    const next = this.#firstStep(block, (step) => {
      if (step.position > position) return true;
      before.timeNs = step.timeNs;
      before.position = step.position;
      return false;
    });
    if (next === undefined) return before.timeNs + openDuration(position - before.position);
    const share = (position - before.position) / (next.position - before.position);
    return before.timeNs + share * (next.timeNs - before.timeNs);
  }

  keyAt(position: number): number {
    const block = this.#lastBlock((at) => this.#position[at - this.#base]! < position);
    return this.#firstStep(block, (step) => step.position >= position)?.event ?? this.#seen;
  }

  minSpan(): number {
    return 2;
  }

  /** The steps that lie in [from, to], at most `limit` of them, in order. */
  steps(from: number, to: number, limit: number): Step[] {
    const found: Step[] = [];
    const block = this.#lastBlock((at) => this.#position[at - this.#base]! < from);
    this.#firstStep(block, (step) => {
      if (step.position > to || found.length === limit) return true;
      if (step.position >= from) found.push({ ...step });
      return false;
    });
    return found;
  }

  /** The first step from the start of a block on that is `wanted`. The step that is handed over is overwritten by the next. */
  #firstStep(block: number, wanted: (step: Step) => boolean): Step | undefined {
    const step: Step = { event: 0, timeNs: 0, position: 0 };
    for (let at = block; at * BLOCK < this.#seen; at++) {
      const { length, isStep, timeNs, position } = this.#count(at);
      for (let row = 0; row < length; row++) {
        if (isStep[row] === 0) continue;
        step.event = at * BLOCK + row;
        step.timeNs = timeNs[row]!;
        step.position = position[row]!;
        if (wanted(step)) return step;
      }
    }
    return undefined;
  }

  /** The last block for which `holds` (it holds up to some block and then no more); the first when none. */
  #lastBlock(holds: (block: number) => boolean): number {
    let low = this.#base;
    let high = Math.ceil(this.#seen / BLOCK);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(middle)) low = middle + 1;
      else high = middle;
    }
    return Math.max(this.#base, low - 1);
  }

  get #horizon(): AxisPoint {
    return this.#early[this.#early.length - 1]!;
  }

  #pointOf(block: number): AxisPoint {
    if (block * BLOCK >= this.#seen) return { position: this.#endPosition, timeNs: this.#endNs };
    return { position: this.#position[block - this.#base]!, timeNs: this.#timeNs[block - this.#base]! };
  }

  /** On the straight line between two early points; before the first of them by `slope`. */
  #earlyOf(from: keyof AxisPoint, to: keyof AxisPoint, value: number, slope: number): number {
    const [origin] = this.#early;
    if (value <= origin![from]) return origin![to] + (value - origin![from]) * slope;
    let low = 0;
    let high = this.#early.length - 1;
    while (low + 1 < high) {
      const middle = (low + high) >>> 1;
      if (this.#early[middle]![from] <= value) low = middle;
      else high = middle;
    }
    const [before, after] = [this.#early[low]!, this.#early[high]!];
    if (after[from] === before[from]) return after[to];
    const share = (value - before[from]) / (after[from] - before[from]);
    return before[to] + share * (after[to] - before[to]);
  }

  #earlyOfEvent(event: EventIndex): number {
    const place = (event - this.#earlyFirst) / CHUNK_ROWS;
    const before = this.#early[Math.floor(place)];
    if (before === undefined) return this.#early[0]!.position;
    const after = this.#early[Math.floor(place) + 1] ?? before;
    return before.position + (place - Math.floor(place)) * (after.position - before.position);
  }

  /** Keeps only the points at chunks of what lies before the horizon. */
  #forget(first: EventIndex): void {
    const past = first / BLOCK;
    for (let block = this.#base + BLOCKS_A_CHUNK; block <= past; block += BLOCKS_A_CHUNK)
      this.#early.push(this.#pointOf(block));
    for (const column of [this.#position, this.#timeNs]) column.copyWithin(0, past - this.#base);
    this.#base = past;
  }

  /** The answer is overwritten by that of a block MOST_COUNTED further on. */
  #count(block: number): Counted {
    const counted = (this.#counted[block % MOST_COUNTED] ??= {
      block: -1,
      position: new Float64Array(BLOCK),
      timeNs: new Float64Array(BLOCK),
      isStep: new Uint8Array(BLOCK),
      length: 0,
    });
    const length = Math.min(BLOCK, this.#seen - block * BLOCK);
    if (counted.block === block && counted.length === length) return counted;
    counted.block = block;
    counted.length = length;
    const chunk = this.#table.chunkOf(block * BLOCK);
    const firstRow = (block * BLOCK) % CHUNK_ROWS;
    let { position, timeNs } = this.#pointOf(block);
    for (let row = 0; row < length; row++) {
      const counts = isStep(chunk, firstRow + row);
      if (counts) {
        const now = Math.max(timeNs, chunk.timeNs(firstRow + row));
        position += stepsOf(now - timeNs);
        timeNs = now;
      }
      counted.isStep[row] = counts ? 1 : 0;
      counted.position[row] = position;
      counted.timeNs[row] = timeNs;
    }
    return counted;
  }

  #keep(block: number): void {
    const place = block - this.#base;
    if (place === this.#position.length) {
      const position = new Float64Array(place * 2);
      position.set(this.#position);
      this.#position = position;
      const timeNs = new Float64Array(place * 2);
      timeNs.set(this.#timeNs);
      this.#timeNs = timeNs;
    }
    this.#position[place] = this.#endPosition;
    this.#timeNs[place] = this.#endNs;
  }
}

/** The step that is still open at the live end: it grows evenly to one step, then by factors of ten. */
const openSteps = (durationNs: number): number =>
  durationNs <= PAUSE_NS ? durationNs / PAUSE_NS : stepsOf(durationNs);
const openDuration = (steps: number): number =>
  steps <= 1 ? steps * PAUSE_NS : PAUSE_NS * 10 ** ((steps - 1) / DECADE_STEPS);
