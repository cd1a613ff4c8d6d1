import {
  Bool,
  Int64,
  Struct,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  makeData,
  vectorFromArray,
  type Data,
  type DataType,
} from 'apache-arrow';
import {
  CALL_NAMES,
  DefinedClass,
  FLAG_INFERRED,
  HEAD,
  KIND_NAMES,
  Kind,
  MORE,
  SUBJECT_NONE,
  moreCount,
} from './event.ts';
import { joinBytes } from './join-bytes.ts';
import { formatLog } from './log-text.ts';
import { hasResult, isAboutApc } from './trace-columns.ts';
import {
  ARGS_TYPE,
  BATCH_ARGUMENTS,
  BATCH_ROWS,
  BATCH_TEXT_BYTES,
  CALL_TYPE,
  FIELDS,
  KIND_TYPE,
} from './trace-format.ts';

const kinds = vectorFromArray([...KIND_NAMES], new Utf8());
const calls = vectorFromArray([...CALL_NAMES], new Utf8());
const utf8 = new TextDecoder();
const encoder = new TextEncoder();

/** A record seen as words and as half words. */
export interface RecordWords {
  words32: Uint32Array;
  words16: Uint16Array;
}

/**
 * The columns of one batch, filled from records: typed arrays that are made once and used for every batch. 64-bit numbers
 * stay two words each; nothing here makes an object or a BigInt for an event that is no log line.
 */
export class ColumnBuilder {
  rows = 0;
  #firstIndex = 0;
  readonly #index = new Uint32Array(BATCH_ROWS);
  readonly #timeNs = new Uint32Array(BATCH_ROWS * 2);
  readonly #thread = new Uint16Array(BATCH_ROWS);
  readonly #kind = new Uint8Array(BATCH_ROWS);
  readonly #call = new Uint8Array(BATCH_ROWS);
  readonly #apc = new NullableWords();
  readonly #object = new NullableWords();
  readonly #result = new NullableWords();
  readonly #lastError = new NullableWords();
  readonly #value = new Uint32Array(BATCH_ROWS * 2);
  readonly #inferred = new Uint8Array(BATCH_ROWS >> 3);
  readonly #args = new ArgumentLists();
  readonly #text = new Texts();
  /** Log templates by their ids. */
  readonly #templates = new Map<number, string>();

  get firstIndex(): number {
    return this.#firstIndex;
  }
  get isFull(): boolean {
    return (
      this.rows === BATCH_ROWS || this.#args.items >= BATCH_ARGUMENTS || this.#text.bytes >= BATCH_TEXT_BYTES
    );
  }

  /**
   * Takes the event whose head is record `record`; its `more` records follow it there. Only while it is not full.
   * @param names where `defined` and `marker` find their text
   */
  add({ words32, words16 }: RecordWords, record: number, names: Uint8Array): void {
    const row = this.rows++;
    const at = record * 8;
    const at16 = record * 16;
    const kind = words16[at16 + HEAD.kind16]!;
    const flags = words16[at16 + HEAD.flags16]!;
    const subject = words32[at + HEAD.subject32]!;
    let low = words32[at + HEAD.valueLow32]!;
    let high = words32[at + HEAD.valueHigh32]!;
    this.#index[row] = this.#firstIndex + row;
    this.#timeNs[row * 2] = words32[at + HEAD.timeLow32]!;
    this.#timeNs[row * 2 + 1] = words32[at + HEAD.timeHigh32]!;
    this.#thread[row] = words16[at16 + HEAD.thread16]!;
    this.#kind[row] = kind;
    this.#call[row] = words16[at16 + HEAD.call16]!;
    if ((flags & FLAG_INFERRED) !== 0) this.#inferred[row >> 3]! |= 1 << (row & 7);
    this.#args.add(row, words32, at + 8, moreCount(flags));
    this.#text.skip(row);
    if (kind === Kind.log) {
      // Which template it was goes into the value's low half, which a log event leaves empty.
      low = subject;
      this.#text.put(row, encoder.encode(this.#logLine(subject)));
    } else if (subject !== SUBJECT_NONE) (isAboutApc(kind) ? this.#apc : this.#object).put(row, subject);
    if (hasResult(kind)) {
      this.#result.put(row, low);
      this.#lastError.put(row, high);
    }
    if (kind === Kind.defined || kind === Kind.marker) {
      const name = names.subarray(high, high + (low >>> 16));
      this.#text.put(row, name);
      if (kind === Kind.defined && (low & 0xff) === DefinedClass.text)
        this.#templates.set(subject, utf8.decode(name));
      // Where the name lay in the session's memory says nothing to a reader.
      low &= 0xffff;
      high = 0;
    }
    this.#value[row * 2] = low;
    this.#value[row * 2 + 1] = high;
  }

  #logLine(text: number): string {
    const template = this.#templates.get(text);
    return template === undefined ? `(text ${text})` : formatLog(template, this.#args.last());
  }

  /** The rows so far as a batch's columns: views, to be written before `clear`. */
  data(): Data<Struct> {
    const rows = this.rows;
    const flat = <T extends DataType>(type: T, data: ArrayBufferView): Data =>
      makeData({ type, data, length: rows, nullCount: 0 } as never);
    const wide = (words: Uint32Array) => words.subarray(0, rows * 2);
    const children: Data[] = [
      flat(new Uint32(), this.#index.subarray(0, rows)),
      flat(new Int64(), new BigInt64Array(wide(this.#timeNs).buffer, 0, rows)),
      flat(new Uint16(), this.#thread.subarray(0, rows)),
      makeData({ type: KIND_TYPE, data: this.#kind.subarray(0, rows), dictionary: kinds }),
      makeData({ type: CALL_TYPE, data: this.#call.subarray(0, rows), dictionary: calls }),
      this.#apc.data(rows),
      this.#object.data(rows),
      this.#result.data(rows),
      this.#lastError.data(rows),
      flat(new Uint64(), new BigUint64Array(this.#value.buffer, 0, rows)),
      this.#args.data(rows),
      makeData({ type: new Bool(), data: this.#inferred, length: rows, nullCount: 0 }),
      this.#text.data(rows),
    ];
    return makeData({ type: new Struct(FIELDS), length: rows, nullCount: 0, children });
  }

  clear(): void {
    this.#firstIndex += this.rows;
    this.rows = 0;
    for (const column of [this.#apc, this.#object, this.#result, this.#lastError, this.#args, this.#text])
      column.clear();
    this.#inferred.fill(0);
  }
}

/** Which rows of a column have a value. */
class Validity {
  readonly bits = new Uint8Array(BATCH_ROWS >> 3);
  set = 0;
  put(row: number): void {
    this.bits[row >> 3]! |= 1 << (row & 7);
    this.set++;
  }
  clear(): void {
    this.bits.fill(0);
    this.set = 0;
  }
}

class NullableWords {
  readonly #values = new Uint32Array(BATCH_ROWS);
  readonly #valid = new Validity();
  put(row: number, value: number): void {
    this.#values[row] = value;
    this.#valid.put(row);
  }
  data(rows: number): Data<Uint32> {
    return makeData({
      type: new Uint32(),
      data: this.#values.subarray(0, rows),
      nullBitmap: this.#valid.bits,
      nullCount: rows - this.#valid.set,
    });
  }
  clear(): void {
    this.#values.fill(0);
    this.#valid.clear();
  }
}

class ArgumentLists {
  readonly #offsets = new Int32Array(BATCH_ROWS + 1);
  readonly #valid = new Validity();
  #values = new Uint32Array(4096);
  #lastAt = 0;
  items = 0;

  add(row: number, words32: Uint32Array, from: number, more: number): void {
    this.#lastAt = this.items;
    if ((this.items + more * 3) * 2 > this.#values.length) this.#grow();
    for (let record = 0; record < more; record++) {
      const at = from + record * 8;
      const count = Math.min(3, words32[at + MORE.count32]!);
      for (let word = 0; word < count * 2; word++)
        this.#values[this.items * 2 + word] = words32[at + MORE.firstValue32 + word]!;
      this.items += count;
    }
    if (this.items > this.#lastAt) this.#valid.put(row);
    this.#offsets[row + 1] = this.items;
  }

  /** Those of the event that was added last. */
  last(): bigint[] {
    const all = new BigUint64Array(this.#values.buffer, 0, this.items);
    return [...all.subarray(this.#lastAt)];
  }

  data(rows: number): Data {
    return makeData({
      type: ARGS_TYPE,
      length: rows,
      nullCount: rows - this.#valid.set,
      nullBitmap: this.#valid.bits,
      valueOffsets: this.#offsets.subarray(0, rows + 1),
      child: makeData({ type: new Uint64(), data: new BigUint64Array(this.#values.buffer, 0, this.items) }),
    });
  }
  clear(): void {
    this.items = 0;
    this.#valid.clear();
  }
  /** Once is enough: an event has at most 765 values. */
  #grow(): void {
    const larger = new Uint32Array(this.#values.length * 2);
    larger.set(this.#values);
    this.#values = larger;
  }
}

class Texts {
  readonly #offsets = new Int32Array(BATCH_ROWS + 1);
  readonly #valid = new Validity();
  readonly #parts: Uint8Array[] = [];
  bytes = 0;

  skip(row: number): void {
    this.#offsets[row + 1] = this.bytes;
  }
  put(row: number, text: Uint8Array): void {
    this.#parts.push(text);
    this.bytes += text.length;
    this.#valid.put(row);
    this.#offsets[row + 1] = this.bytes;
  }
  data(rows: number): Data<Utf8> {
    return makeData({
      type: new Utf8(),
      length: rows,
      nullCount: rows - this.#valid.set,
      nullBitmap: this.#valid.bits,
      valueOffsets: this.#offsets.subarray(0, rows + 1),
      data: joinBytes(this.#parts),
    });
  }
  clear(): void {
    this.#parts.length = 0;
    this.bytes = 0;
    this.#valid.clear();
  }
}
