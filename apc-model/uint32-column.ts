/** Values of a full block: 4 KiB. A first block begins small, so that thousands of nearly empty columns cost little. */
const BLOCK = 1024;
const SHIFT = 10;
const MASK = BLOCK - 1;
const FIRST_CAPACITY = 16;

/**
 * A column of 32-bit numbers that grows at its end in blocks: appending never copies what is there, no memory is kept in
 * reserve beyond one block, and the oldest blocks can be dropped. An index stays what it is.
 */
export class Uint32Column {
  length = 0;
  /** Values below this index are dropped. */
  first = 0;
  #blocks: (Uint32Array | undefined)[] = [];

  /** Reading outside [first, length) is a mistake of the caller's. */
  at(index: number): number {
    return this.#blocks[index >>> SHIFT]![index & MASK]!;
  }

  set(index: number, value: number): void {
    this.#blocks[index >>> SHIFT]![index & MASK] = value;
  }

  push(value: number): void {
    const place = this.length & MASK;
    let block = this.#blocks[this.length >>> SHIFT];
    if (block === undefined || place === block.length) block = this.#grow(block);
    block[place] = value;
    this.length++;
  }

  /** Of a rising column: the first index, not below `from`, whose value is at or beyond `key`. */
  lowerBound(key: number, from = this.first): number {
    let low = Math.max(from, this.first);
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The values from `from` up to and without `past`. */
  slice(from: number, past: number): number[] {
    return Array.from({ length: past - from }, (_, at) => this.at(from + at));
  }

  /** Forgets values below `index`; memory is given back in whole blocks. */
  dropBefore(index: number): void {
    const first = Math.max(this.first, Math.min(index, this.length));
    for (let block = this.first >>> SHIFT; block < first >>> SHIFT; block++) this.#blocks[block] = undefined;
    this.first = first;
  }

  /** Memory that the values take. */
  get bytes(): number {
    const blocks = this.#blocks.length - (this.first >>> SHIFT);
    return blocks <= 1 ? (this.#blocks.at(-1)?.byteLength ?? 0) : blocks * BLOCK * 4;
  }

  #grow(block: Uint32Array | undefined): Uint32Array {
    const isFirst = this.length < BLOCK;
    const larger = new Uint32Array(
      isFirst ? Math.min(BLOCK, (block?.length ?? FIRST_CAPACITY / 2) * 2) : BLOCK,
    );
    if (block !== undefined) larger.set(block);
    this.#blocks[this.length >>> SHIFT] = larger;
    return larger;
  }
}
