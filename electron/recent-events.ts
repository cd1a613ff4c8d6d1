import type { EventRecords } from '../apc-model/column-records.ts';
import type { EventIndex } from '../apc-model/event.ts';

/** Events in a row of the session, with a text table of their own (record-texts.ts). */
export interface Batch extends EventRecords {
  first: EventIndex;
  events: number;
}

/** The session's latest batches, up to a limit of bytes: what a page gets that keeps up. */
export class RecentEvents {
  readonly #most: number;
  #batches: Batch[] = [];
  /** Those before it have been let go. */
  #begin = 0;
  #bytes = 0;
  #end: EventIndex = 0;

  /** @param most bytes that are kept */
  constructor(most: number) {
    this.#most = most;
  }

  /** The first event that is still here; `end` where there is none. */
  get first(): EventIndex {
    return this.#batches[this.#begin]?.first ?? this.#end;
  }
  /** One past the last event of the session. */
  get end(): EventIndex {
    return this.#end;
  }

  push(batch: Batch): void {
    this.#batches.push(batch);
    this.#bytes += sizeOf(batch);
    this.#end = batch.first + batch.events;
    while (this.#bytes > this.#most && this.#begin < this.#batches.length - 1)
      this.#bytes -= sizeOf(this.#batches[this.#begin++]!);
    if (this.#begin > 1024 && this.#begin * 2 > this.#batches.length) {
      this.#batches = this.#batches.slice(this.#begin);
      this.#begin = 0;
    }
  }

  /** The batch that holds an event; undefined where it has been let go or has not come yet. */
  batchOf(event: EventIndex): Batch | undefined {
    let low = this.#begin;
    let high = this.#batches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#batches[middle]!.first <= event) low = middle + 1;
      else high = middle;
    }
    const found = low > this.#begin ? this.#batches[low - 1] : undefined;
    return found !== undefined && event < found.first + found.events ? found : undefined;
  }
}

const sizeOf = ({ records, text }: Batch): number => records.length + text.length;
