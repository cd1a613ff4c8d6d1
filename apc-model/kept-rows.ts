import type { EventIndex } from './event.ts';
import { EventChunk } from './event-chunk.ts';

/** Single rows of chunks that are gone: what began before the horizon and still matters after it. */
export class KeptRows {
  /** Rising. */
  readonly indices: Uint32Array;
  readonly chunk: EventChunk;

  /** @param rowOf the chunk that holds an event, and its row in it */
  constructor(
    indices: Iterable<EventIndex> = [],
    rowOf?: (index: EventIndex) => { chunk: EventChunk; row: number },
  ) {
    this.indices = Uint32Array.from(new Set(indices)).sort();
    this.chunk = new EventChunk(this.indices.length);
    this.indices.forEach((index, place) => {
      const { chunk, row } = rowOf!(index);
      this.chunk.copyRow(place, chunk, row);
    });
    this.chunk.seal();
  }

  /** The row of an event in `chunk`, -1 where it is not kept. */
  find(index: EventIndex): number {
    let low = 0;
    let high = this.indices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.indices[middle]! < index) low = middle + 1;
      else high = middle;
    }
    return this.indices[low] === index ? low : -1;
  }

  /** The same, of an event that must be there. */
  rowOf(index: EventIndex): number {
    const row = this.find(index);
    if (row < 0) throw new RangeError(`event ${index} is not in memory`);
    return row;
  }

  get bytes(): number {
    return this.indices.byteLength + this.chunk.bytes;
  }
}
