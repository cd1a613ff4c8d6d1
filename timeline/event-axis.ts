import { Kind, THREAD_CONTROLLER, type EventIndex } from '../apc-model/event.ts';
import type { EventTable } from '../apc-model/event-table.ts';
import { isLabCall } from '../apc-model/thread-state.ts';
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

/** What has no place of its own: names, notes about the model, and the controller's calls of the lab itself. */
function isStep(table: EventTable, event: EventIndex): boolean {
  switch (table.kind(event)) {
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
        table.thread(event) !== THREAD_CONTROLLER ||
        !(isLabCall(table.call(event)) || table.call(event) === 0)
      );
    default:
      return true;
  }
}

export class EventAxis implements Axis {
  readonly kind = 'events';
  readonly #table: EventTable;
  /** At the start of block k: where the last step before it lies, and its time. */
  #position = new Float64Array(64);
  #timeNs = new Float64Array(64);
  #seen = 0;
  #endPosition = 0;
  #endNs = 0;

  constructor(table: EventTable) {
    this.#table = table;
    this.follow();
  }

  /** Takes in the events that the table gained since the last call. */
  follow(): void {
    for (; this.#seen < this.#table.length; this.#seen++) {
      if (this.#seen % BLOCK === 0) this.#keep(this.#seen / BLOCK);
      this.#endPosition = this.#after(this.#seen, this.#endPosition, this.#endNs);
      if (isStep(this.#table, this.#seen))
        this.#endNs = Math.max(this.#endNs, this.#table.timeNs(this.#seen));
    }
  }

  ofEvent(event: EventIndex): number {
    if (event >= this.#seen) return this.#endPosition;
    const block = Math.floor(event / BLOCK);
    let position = this.#position[block]!;
    let timeNs = this.#timeNs[block]!;
    for (let at = block * BLOCK; at <= event; at++) {
      if (!isStep(this.#table, at)) continue;
      position = this.#after(at, position, timeNs);
      timeNs = Math.max(timeNs, this.#table.timeNs(at));
    }
    return position;
  }

  ofTime(timeNs: number): number {
    if (timeNs <= 0) return timeNs / PAUSE_NS;
    let step = this.#before((at) => this.#timeNs[at]! <= timeNs);
    for (const next of this.#stepsFrom(step.event)) {
      if (next.timeNs > timeNs) {
        return (
          step.position +
          ((timeNs - step.timeNs) / (next.timeNs - step.timeNs)) * (next.position - step.position)
        );
      }
      step = next;
    }
    return step.position + openSteps(timeNs - step.timeNs);
  }

  timeAt(position: number): number {
    if (position <= 0) return position * PAUSE_NS;
    let step = this.#before((at) => this.#position[at]! <= position);
    for (const next of this.#stepsFrom(step.event)) {
      if (next.position > position) {
        const share = (position - step.position) / (next.position - step.position);
        return step.timeNs + share * (next.timeNs - step.timeNs);
      }
      step = next;
    }
    return step.timeNs + openDuration(position - step.position);
  }

  keyAt(position: number): number {
    const start = this.#before((at) => this.#position[at]! < position);
    for (const next of this.#stepsFrom(start.event)) if (next.position >= position) return next.event;
    return this.#seen;
  }

  minSpan(): number {
    return 2;
  }

  /** The steps that lie in [from, to], at most `limit` of them, in order. */
  steps(from: number, to: number, limit: number): { event: EventIndex; timeNs: number; position: number }[] {
    const found: { event: EventIndex; timeNs: number; position: number }[] = [];
    const start = this.#before((at) => this.#position[at]! < from);
    for (const next of this.#stepsFrom(start.event)) {
      if (next.position > to || found.length === limit) break;
      if (next.position >= from) found.push(next);
    }
    return found;
  }

  #after(event: EventIndex, position: number, timeNs: number): number {
    return isStep(this.#table, event) ? position + stepsOf(this.#table.timeNs(event) - timeNs) : position;
  }

  /** The state at the start of the last block for which `holds`; block 0 when none. */
  #before(holds: (block: number) => boolean): { event: EventIndex; timeNs: number; position: number } {
    let low = 0;
    let high = Math.ceil(this.#seen / BLOCK);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(middle)) low = middle + 1;
      else high = middle;
    }
    const block = Math.max(0, low - 1);
    return { event: block * BLOCK, timeNs: this.#timeNs[block]!, position: this.#position[block]! };
  }

  *#stepsFrom(event: EventIndex): Generator<{ event: EventIndex; timeNs: number; position: number }> {
    const block = Math.floor(event / BLOCK);
    let position = this.#position[block]!;
    let timeNs = this.#timeNs[block]!;
    for (let at = block * BLOCK; at < this.#seen; at++) {
      if (!isStep(this.#table, at)) continue;
      position = this.#after(at, position, timeNs);
      timeNs = Math.max(timeNs, this.#table.timeNs(at));
      if (at >= event) yield { event: at, timeNs, position };
    }
  }

  #keep(block: number): void {
    if (block === this.#position.length) {
      const position = new Float64Array(block * 2);
      position.set(this.#position);
      this.#position = position;
      const timeNs = new Float64Array(block * 2);
      timeNs.set(this.#timeNs);
      this.#timeNs = timeNs;
    }
    this.#position[block] = this.#endPosition;
    this.#timeNs[block] = this.#endNs;
  }
}

/** The step that is still open at the live end: it grows evenly to one step, then by factors of ten. */
const openSteps = (durationNs: number): number =>
  durationNs <= PAUSE_NS ? durationNs / PAUSE_NS : stepsOf(durationNs);
const openDuration = (steps: number): number =>
  steps <= 1 ? steps * PAUSE_NS : PAUSE_NS * 10 ** ((steps - 1) / DECADE_STEPS);
