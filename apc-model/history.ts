import type { EventIndex, ThreadIndex } from './event.ts';
import type { EventChunk } from './event-chunk.ts';
import { CHUNK_MASK, CHUNK_ROWS, type EventTable } from './event-table.ts';
import type { MutableThread } from './mutable-thread.ts';
import { SessionState } from './session-state.ts';
import type { SessionAt } from './thread-state.ts';

/** Checkpoints take about this much of memory for each event. */
const BYTES_AN_EVENT = 2;

/**
 * Every thread and queue at any instant: the nearest checkpoint before it, plus the events in between. Following the
 * live end costs only the new events.
 */
export class History {
  readonly #table: EventTable;
  /** By rising count; every count is a whole number of chunks. */
  readonly #checkpoints: SessionState[];
  /** At the live end. */
  readonly #live: SessionState;
  /** Where the last look was: stepping and playing forwards goes on from there. */
  #recent: SessionState;
  #nextCheckpoint: EventIndex;
  #checkpointBytes = 0;

  /** @param start at the table's first event; its APC table has always taken an event before this */
  constructor(table: EventTable, start: SessionState) {
    this.#table = table;
    this.#live = start;
    this.#checkpoints = [start.clone()];
    this.#recent = start.clone();
    this.#nextCheckpoint = start.count + CHUNK_ROWS;
  }

  /**
   * Takes in the next event.
   * @returns the thread that does something else from here on
   */
  take(index: EventIndex, kind: number, chunk: EventChunk, row: number): MutableThread | undefined {
    if (index === this.#nextCheckpoint) this.#keepCheckpoint();
    return this.#live.take(index, kind, chunk, row);
  }

  /** How many APCs stand in a thread's queues at the live end (see SessionState.depthOf). */
  depthOf(thread: ThreadIndex): number {
    return this.#live.depthOf(thread);
  }

  /**
   * The instant at which the first `count` events have happened; of events that are not in memory any more, the first
   * instant that is.
   */
  atCount(count: EventIndex, timeNs?: number): SessionAt {
    const wanted = Math.max(this.#checkpoints[0]!.count, Math.min(count, this.#table.length));
    const time = timeNs ?? this.#timeOf(wanted);
    if (wanted === this.#live.count) return this.#live.snapshot(time);
    let from = this.#nearest(wanted);
    if (this.#recent.count <= wanted && this.#recent.count > from.count) from = this.#recent;
    else from = from.clone();
    this.#replay(from, wanted);
    this.#recent = from;
    return from.snapshot(time);
  }

  /** The instant `timeNs` (session time). */
  at(timeNs: number): SessionAt {
    return this.atCount(this.#table.countAt(timeNs), timeNs);
  }

  /** The checkpoints between two counts of events, both included. */
  checkpoints(from: EventIndex, to: EventIndex): readonly SessionState[] {
    return this.#checkpoints.filter(({ count }) => count >= from && count <= to);
  }

  /** Forgets the checkpoints before one, which must be there. */
  evict(first: EventIndex): void {
    const gone = this.#checkpoints.findIndex(({ count }) => count === first);
    for (const checkpoint of this.#checkpoints.splice(0, gone)) this.#checkpointBytes -= checkpoint.bytes;
    if (this.#recent.count < first) this.#recent = this.#checkpoints[0]!.clone();
  }

  /** About how much memory the checkpoints take. */
  get bytes(): number {
    return this.#checkpointBytes;
  }

  #keepCheckpoint(): void {
    const { bytes } = this.#live;
    this.#checkpoints.push(this.#live.clone());
    this.#checkpointBytes += bytes;
    const chunks = Math.max(1, Math.round(bytes / BYTES_AN_EVENT / CHUNK_ROWS));
    this.#nextCheckpoint = this.#live.count + chunks * CHUNK_ROWS;
  }

  #timeOf(count: EventIndex): number {
    if (count > this.#table.firstIndex) return this.#table.timeNs(count - 1);
    return this.#table.timeBeforeChunkNs(count);
  }

  #replay(state: SessionState, wanted: EventIndex): void {
    while (state.count < wanted) {
      const index = state.count;
      const chunk = this.#table.chunkOf(index);
      const row = index & CHUNK_MASK;
      state.take(index, chunk.kind(row), chunk, row);
    }
  }

  #nearest(count: EventIndex): SessionState {
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
