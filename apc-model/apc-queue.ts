import type { EventIndex } from './event.ts';

const BLOCK = 256;
/** No place in the last block may be written: it belongs to somebody else. */
const NOWHERE = Number.POSITIVE_INFINITY;

/**
 * The user APCs in one queue, each as the index of the event that put it there: so in rising order, which is the
 * queue's own. A copy shares the blocks of the original: a checkpoint of a queue of thousands costs a few references.
 *
 *     blocks     [. . a b c d] [e f g h i j] [k l . . . .]
 *                     ^ head                      ^ tail
 *
 * Blocks that a copy shares are never changed; what one of the two appends lies beyond the other's tail.
 */
export class ApcQueue {
  #blocks: Uint32Array[] = [];
  /** Where the first block's entries begin, and the last one's end. */
  #head = 0;
  #tail = 0;
  /** From here on the last block's places are this queue's own. */
  #ownFrom = 0;
  length = 0;

  clone(): ApcQueue {
    const copy = new ApcQueue();
    copy.#blocks = this.#blocks.slice();
    copy.#head = this.#head;
    copy.#tail = this.#tail;
    copy.#ownFrom = NOWHERE;
    copy.length = this.length;
    this.#ownFrom = Math.max(this.#ownFrom, this.#tail);
    return copy;
  }

  get first(): EventIndex | undefined {
    return this.length === 0 ? undefined : this.#blocks[0]![this.#head];
  }

  get #last(): EventIndex | undefined {
    return this.length === 0 ? undefined : this.#blocks[this.#blocks.length - 1]![this.#tail - 1];
  }

  has(entry: EventIndex): boolean {
    if (entry === this.first || entry === this.#last) return true;
    const block = this.#blockOf(entry);
    return block >= 0 && this.#placeIn(block, entry) >= 0;
  }

  /** @param entry beyond all that are in the queue */
  push(entry: EventIndex): void {
    if (this.#blocks.length === 0 || this.#tail === this.#blocks[this.#blocks.length - 1]!.length)
      this.#addBlock();
    else if (this.#tail < this.#ownFrom) this.#ownLast();
    this.#blocks[this.#blocks.length - 1]![this.#tail++] = entry;
    this.length++;
  }

  /** @returns whether it was there */
  remove(entry: EventIndex): boolean {
    if (entry === this.first) {
      this.#removeFirst();
      return true;
    }
    const block = this.#blockOf(entry);
    const place = block < 0 ? -1 : this.#placeIn(block, entry);
    if (place < 0) return false;
    this.#removeFrom(block, place);
    return true;
  }

  /** Its entries, first to last, up to and without `end`. */
  *entries(end: EventIndex = Number.POSITIVE_INFINITY): Generator<EventIndex> {
    for (let block = 0; block < this.#blocks.length; block++) {
      for (let place = this.#startOf(block); place < this.#endOf(block); place++) {
        const entry = this.#blocks[block]![place]!;
        if (entry >= end) return;
        yield entry;
      }
    }
  }

  #startOf(block: number): number {
    return block === 0 ? this.#head : 0;
  }
  #endOf(block: number): number {
    return block === this.#blocks.length - 1 ? this.#tail : this.#blocks[block]!.length;
  }

  /** The last block that begins at or before an entry; -1 for none. */
  #blockOf(entry: EventIndex): number {
    let low = 0;
    let high = this.length === 0 ? 0 : this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#blocks[middle]![this.#startOf(middle)]! <= entry) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #placeIn(block: number, entry: EventIndex): number {
    const values = this.#blocks[block]!;
    const end = this.#endOf(block);
    let low = this.#startOf(block);
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (values[middle]! < entry) low = middle + 1;
      else high = middle;
    }
    return low < end && values[low] === entry ? low : -1;
  }

  #addBlock(): void {
    if (this.length === 0) {
      this.#blocks.length = 0;
      this.#head = 0;
    }
    this.#blocks.push(new Uint32Array(BLOCK));
    this.#tail = 0;
    this.#ownFrom = 0;
  }

  #ownLast(): void {
    this.#blocks[this.#blocks.length - 1] = this.#blocks.at(-1)!.slice();
    this.#ownFrom = 0;
  }

  #removeFirst(): void {
    this.length--;
    this.#head++;
    if (this.#head < this.#endOf(0)) return;
    // A last block stays for what comes.
    if (this.#blocks.length > 1) {
      this.#blocks.shift();
      this.#head = 0;
    }
  }

  #removeFrom(block: number, place: number): void {
    this.length--;
    if (block === this.#blocks.length - 1) this.#removeFromLast(place);
    else this.#removeFromFull(block, place);
  }

  #removeFromLast(place: number): void {
    if (place < this.#ownFrom) this.#ownLast();
    this.#blocks.at(-1)!.copyWithin(place, place + 1, this.#tail--);
    if (this.#tail > 0 || this.#blocks.length === 1) return;
    this.#blocks.pop();
    this.#tail = this.#blocks.at(-1)!.length;
    this.#ownFrom = this.#tail;
  }

  #removeFromFull(block: number, place: number): void {
    const values = this.#blocks[block]!;
    const start = this.#startOf(block);
    const fewer = new Uint32Array(values.length - start - 1);
    fewer.set(values.subarray(start, place));
    fewer.set(values.subarray(place + 1), place - start);
    if (block === 0) this.#head = 0;
    if (fewer.length === 0) this.#blocks.splice(block, 1);
    else this.#blocks[block] = fewer;
  }
}
