import type { EventIndex } from '../apc-model/event.ts';
import type { Place } from '../apc-model/flatbuffer.ts';

/** One batch of a recording; events are counted as the file counts them. */
export interface IndexedBatch {
  first: EventIndex;
  events: number;
  place: Place;
}

/** From event `inFile` of the file on, the session's count is so much higher. */
interface Shift {
  inFile: EventIndex;
  add: number;
}

/**
 * Which event of the session lies where in its recording. The two counts part where the recording had to leave events
 * out: one `lost` event of the file stands for all of them, and none of the session is that event.
 */
export class BatchIndex {
  readonly #batches: IndexedBatch[] = [];
  readonly #shifts: Shift[] = [{ inFile: 0, add: 0 }];

  /** Events on disk, as the file counts them. */
  get events(): number {
    const last = this.#batches.at(-1);
    return last === undefined ? 0 : last.first + last.events;
  }

  add(batch: IndexedBatch): void {
    this.#batches.push(batch);
  }

  /** Event `inFile` of the file is the `lost` that stands for `count` events of the session. */
  leaveOut(inFile: EventIndex, count: number): void {
    this.#shifts.push({ inFile: inFile + 1, add: this.#shifts.at(-1)!.add + count - 1 });
  }

  /**
   * Where an event of the session is on disk, and how many lie there in a row.
   * @returns undefined where it is not there: left out, or not written yet
   */
  locate(event: EventIndex): { inFile: EventIndex; inRow: number } | undefined {
    const at = this.#shifts.findLastIndex(({ inFile, add }) => inFile + add <= event);
    const inFile = event - this.#shifts[at]!.add;
    const next = this.#shifts[at + 1];
    const end = Math.min(this.events, next === undefined ? Infinity : next.inFile - 1);
    return inFile < end ? { inFile, inRow: end - inFile } : undefined;
  }

  /** The first event of the session at or after `event` that is on disk; undefined where there is none yet. */
  nextOnDisk(event: EventIndex): EventIndex | undefined {
    if (this.locate(event) !== undefined) return event;
    const next = this.#shifts.find(({ inFile, add }) => inFile + add > event);
    const begin = next && next.inFile + next.add;
    return begin !== undefined && this.locate(begin) !== undefined ? begin : undefined;
  }

  /** The batch that holds an event of the file. */
  batchOf(inFile: EventIndex): IndexedBatch | undefined {
    let low = 0;
    let high = this.#batches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#batches[middle]!.first <= inFile) low = middle + 1;
      else high = middle;
    }
    const found = this.#batches[low - 1];
    return found !== undefined && inFile < found.first + found.events ? found : undefined;
  }
}
