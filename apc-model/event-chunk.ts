import { FLAG_INFERRED } from './event.ts';

/** A chunk's first time lies this far above its base: times of other threads may be a little earlier. */
const SLACK_NS = 2 ** 28;
const KIND_MASK = 0x3f;
const HAS_ARGUMENTS = 0x40;
const IS_INFERRED = 0x80;

/**
 * Columns of up to `capacity` events, 20 bytes a row; 24 where its times span more than four seconds. Arguments are
 * sparse: most events have none.
 */
export class EventChunk {
  readonly subject: Uint32Array;
  readonly valueLow: Uint32Array;
  readonly valueHigh: Uint32Array;
  readonly thread: Uint16Array;
  readonly call: Uint8Array;
  /** The kind's number, with HAS_ARGUMENTS and IS_INFERRED. */
  readonly #kinds: Uint8Array;
  readonly #arguments = new SparseArguments();
  #baseNs = 0;
  /** Nanoseconds since `#baseNs`, as long as they are whole and fit. */
  #offsetNs: Uint32Array | undefined;
  #wideNs: Float64Array | undefined;

  constructor(capacity: number) {
    this.subject = new Uint32Array(capacity);
    this.valueLow = new Uint32Array(capacity);
    this.valueHigh = new Uint32Array(capacity);
    this.thread = new Uint16Array(capacity);
    this.call = new Uint8Array(capacity);
    this.#kinds = new Uint8Array(capacity);
    this.#offsetNs = new Uint32Array(capacity);
  }

  timeNs(row: number): number {
    return this.#offsetNs === undefined ? this.#wideNs![row]! : this.#baseNs + this.#offsetNs[row]!;
  }
  kind(row: number): number {
    return this.#kinds[row]! & KIND_MASK;
  }
  isInferred(row: number): boolean {
    return (this.#kinds[row]! & IS_INFERRED) !== 0;
  }
  argumentCount(row: number): number {
    return (this.#kinds[row]! & HAS_ARGUMENTS) === 0 ? 0 : this.#arguments.count(row);
  }
  argument(row: number, position: number): bigint | undefined {
    return (this.#kinds[row]! & HAS_ARGUMENTS) === 0 ? undefined : this.#arguments.get(row, position);
  }

  /** Rows are set in order. */
  setTime(row: number, timeNs: number): void {
    if (row === 0) this.#baseNs = timeNs - SLACK_NS;
    const offset = timeNs - this.#baseNs;
    if (this.#offsetNs !== undefined && offset === offset >>> 0) this.#offsetNs[row] = offset;
    else this.#setWide(row, timeNs);
  }

  setKind(row: number, kind: number, flags: number): void {
    this.#kinds[row] = (kind & KIND_MASK) | ((flags & FLAG_INFERRED) !== 0 ? IS_INFERRED : 0);
  }

  /** Appends to the arguments of the row that was set last. */
  pushArgument(row: number, low: number, high: number): void {
    this.#kinds[row]! |= HAS_ARGUMENTS;
    this.#arguments.push(row, low, high);
  }

  /** Takes over a row of another chunk as this one's next. */
  copyRow(row: number, from: EventChunk, fromRow: number): void {
    this.setTime(row, from.timeNs(fromRow));
    this.setKind(row, from.kind(fromRow), from.isInferred(fromRow) ? FLAG_INFERRED : 0);
    this.subject[row] = from.subject[fromRow]!;
    this.valueLow[row] = from.valueLow[fromRow]!;
    this.valueHigh[row] = from.valueHigh[fromRow]!;
    this.thread[row] = from.thread[fromRow]!;
    this.call[row] = from.call[fromRow]!;
    for (let position = 0; position < from.argumentCount(fromRow); position++) {
      const value = from.argument(fromRow, position)!;
      this.pushArgument(row, Number(value & 0xffffffffn), Number(value >> 32n));
    }
  }

  /** No row will come any more: gives spare room back. */
  seal(): void {
    this.#arguments.trim();
  }

  /** Memory that the columns take. */
  get bytes(): number {
    const times = this.#offsetNs?.byteLength ?? this.#wideNs!.byteLength;
    return times + this.subject.length * 16 + this.#arguments.bytes;
  }

  #setWide(row: number, timeNs: number): void {
    if (this.#wideNs === undefined) {
      this.#wideNs = new Float64Array(this.subject.length);
      for (let before = 0; before < row; before++) this.#wideNs[before] = this.timeNs(before);
      this.#offsetNs = undefined;
    }
    this.#wideNs[row] = timeNs;
  }
}

const FIRST_CAPACITY = 16;

/** The arguments of a chunk's events: for each row that has some, where they end among all values. */
class SparseArguments {
  #rows = new Uint16Array(FIRST_CAPACITY);
  #ends: Uint16Array | Uint32Array = new Uint32Array(FIRST_CAPACITY);
  #used = 0;
  /** Two words a value, the low one first. */
  #words = new Uint32Array(FIRST_CAPACITY);
  #values = 0;

  push(row: number, low: number, high: number): void {
    if (this.#used === 0 || this.#rows[this.#used - 1] !== row) this.#begin(row);
    if (this.#values * 2 === this.#words.length)
      this.#words = resized(this.#words, new Uint32Array(this.#values * 4));
    this.#words[this.#values * 2] = low;
    this.#words[this.#values * 2 + 1] = high;
    this.#ends[this.#used - 1] = ++this.#values;
  }

  count(row: number): number {
    const place = this.#find(row);
    return this.#ends[place]! - this.#startOf(place);
  }

  get(row: number, position: number): bigint | undefined {
    const place = this.#find(row);
    const at = this.#startOf(place) + position;
    if (at >= this.#ends[place]!) return undefined;
    return (BigInt(this.#words[at * 2 + 1]!) << 32n) | BigInt(this.#words[at * 2]!);
  }

  trim(): void {
    this.#rows = this.#rows.slice(0, this.#used);
    const ends = this.#ends.subarray(0, this.#used);
    // A chunk with four times as many values as rows is rare.
    this.#ends = this.#values <= 0xffff ? Uint16Array.from(ends) : ends.slice();
    this.#words = this.#words.slice(0, this.#values * 2);
  }

  get bytes(): number {
    return this.#rows.byteLength + this.#ends.byteLength + this.#words.byteLength;
  }

  #begin(row: number): void {
    if (this.#used === this.#rows.length) {
      this.#rows = resized(this.#rows, new Uint16Array(this.#used * 2));
      this.#ends = resized<Uint16Array | Uint32Array>(this.#ends, new Uint32Array(this.#used * 2));
    }
    this.#rows[this.#used++] = row;
  }

  #startOf(place: number): number {
    return place === 0 ? 0 : this.#ends[place - 1]!;
  }

  /** The place of a row that has arguments. */
  #find(row: number): number {
    let low = 0;
    let high = this.#used - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#rows[middle]! < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function resized<Column extends Uint16Array | Uint32Array>(old: Column, larger: Column): Column {
  larger.set(old);
  return larger;
}
