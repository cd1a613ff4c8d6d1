import type { EventTable } from './event-table.ts';
import { SessionState } from './session-state.ts';
import type { SessionAt } from './thread-state.ts';

/** A checkpoint is kept after at least this many events, and after more when it would be large. */
const CHECKPOINT_EVENTS = 2048;

/**
 * Every thread and queue at any instant: the nearest checkpoint before it, plus the events in between. Following the
 * live end costs only the new events.
 */
export class History {
  readonly #table: EventTable;
  readonly #checkpoints: SessionState[] = [new SessionState()];
  /** At the live end. */
  readonly #live = new SessionState();
  /** Where the last look was: stepping and playing forwards goes on from there. */
  #recent = new SessionState();

  constructor(table: EventTable) {
    this.#table = table;
  }

  /** Takes in the events that the table gained since the last call. */
  follow(): void {
    let nextAt = this.#checkpoints.at(-1)!.count + Math.max(CHECKPOINT_EVENTS, this.#live.weight * 4);
    while (this.#live.count < this.#table.length) {
      if (this.#live.count >= nextAt) {
        this.#checkpoints.push(this.#live.clone());
        nextAt = this.#live.count + Math.max(CHECKPOINT_EVENTS, this.#live.weight * 4);
      }
      this.#live.apply(this.#table);
    }
  }

  /** The instant at which the first `count` events have happened. */
  atCount(count: number, timeNs?: number): SessionAt {
    this.follow();
    const wanted = Math.max(0, Math.min(count, this.#table.length));
    const time = timeNs ?? (wanted === 0 ? 0 : this.#table.timeNs(wanted - 1));
    if (wanted === this.#live.count) return this.#live.snapshot(this.#table, time);
    let from = this.#nearest(wanted);
    if (this.#recent.count <= wanted && this.#recent.count > from.count) from = this.#recent;
    else from = from.clone();
    while (from.count < wanted) from.apply(this.#table);
    this.#recent = from;
    return from.snapshot(this.#table, time);
  }

  /** The instant `timeNs` (session time). */
  at(timeNs: number): SessionAt {
    return this.atCount(this.#table.countAt(timeNs), timeNs);
  }

  #nearest(count: number): SessionState {
    let low = 0;
    let high = this.#checkpoints.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#checkpoints[middle]!.count <= count) low = middle + 1;
      else high = middle;
    }
    return this.#checkpoints[low - 1]!;
  }
}
