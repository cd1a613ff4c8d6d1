import type { Batch } from './event-pump.ts';

/** The session's batches as they were drained, for a page that comes late, reloads or falls behind. */
export class BatchLog {
  readonly #batches: Batch[] = [];
  #bytes = 0;

  get length(): number {
    return this.#batches.length;
  }
  get bytes(): number {
    return this.#bytes;
  }
  get(sequence: number): Batch | undefined {
    return this.#batches[sequence];
  }
  push(batch: Batch): void {
    this.#batches.push(batch);
    this.#bytes += batch.records.length + batch.text.length;
  }
}
