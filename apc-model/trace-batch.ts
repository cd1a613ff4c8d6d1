import {
  Bool,
  Dictionary,
  Field,
  Int64,
  List,
  Struct,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
  makeData,
  vectorFromArray,
  type Data,
} from 'apache-arrow';
import { crc32 } from './crc32.ts';
import { CALL_NAMES, KIND_NAMES, SUBJECT_NONE } from './event.ts';
import type { EventTable } from './event-table.ts';
import { columnText, hasResult, isAboutApc } from './trace-columns.ts';

const kinds = vectorFromArray([...KIND_NAMES], new Utf8());
const calls = vectorFromArray([...CALL_NAMES], new Utf8());
const kindType = new Dictionary(new Utf8(), new Uint8(), 1);
const callType = new Dictionary(new Utf8(), new Uint8(), 2);
const listType = new List(new Field('item', new Uint64(), false));

/** The columns of a trace file, in order (contracts.md, "Events"). */
export const FIELDS = [
  new Field('index', new Uint32(), false),
  new Field('timeNs', new Int64(), false),
  new Field('thread', new Uint16(), false),
  new Field('kind', kindType, false),
  new Field('call', callType, false),
  new Field('apc', new Uint32(), true),
  new Field('object', new Uint32(), true),
  new Field('result', new Uint32(), true),
  new Field('lastError', new Uint32(), true),
  new Field('value', new Uint64(), false),
  new Field('args', listType, true),
  new Field('inferred', new Bool(), false),
  new Field('text', new Utf8(), true),
];

/** The table's rows as one batch's columns; `firstIndex` is the first row's index in the session. */
export function batchData(table: EventTable, firstIndex: number): Data<Struct> {
  const rows = table.length;
  const index = new Uint32Array(rows);
  const timeNs = new BigInt64Array(rows);
  const thread = new Uint16Array(rows);
  const kind = new Uint8Array(rows);
  const call = new Uint8Array(rows);
  const apc = new NullableUint32(rows);
  const object = new NullableUint32(rows);
  const result = new NullableUint32(rows);
  const lastError = new NullableUint32(rows);
  const value = new BigUint64Array(rows);
  const inferred = new Uint8Array((rows + 7) >> 3);
  const args = new ListBuilder(rows);
  const text = new TextBuilder(rows);
  for (let row = 0; row < rows; row++) {
    const rowKind = table.kind(row);
    const subject = table.subject(row);
    index[row] = firstIndex + row;
    timeNs[row] = BigInt(table.timeNs(row));
    thread[row] = table.thread(row);
    kind[row] = rowKind;
    call[row] = table.call(row);
    const line = columnText(table, row);
    if (isAboutApc(rowKind)) apc.set(row, subject);
    else if (subject !== SUBJECT_NONE && KIND_NAMES[rowKind] !== 'log') object.set(row, subject);
    if (hasResult(rowKind)) {
      result.set(row, table.valueLow(row));
      lastError.set(row, table.valueHigh(row));
    }
    value[row] = (BigInt(table.valueHigh(row)) << 32n) | BigInt(table.valueLow(row));
    if (table.isInferred(row)) inferred[row >> 3]! |= 1 << (row & 7);
    args.push(table, row);
    text.push(line, row);
  }
  const children: Data[] = [
    makeData({ type: new Uint32(), data: index }),
    makeData({ type: new Int64(), data: timeNs }),
    makeData({ type: new Uint16(), data: thread }),
    makeData({ type: kindType, data: kind, dictionary: kinds }),
    makeData({ type: callType, data: call, dictionary: calls }),
    apc.data(),
    object.data(),
    result.data(),
    lastError.data(),
    makeData({ type: new Uint64(), data: value }),
    args.data(),
    makeData({ type: new Bool(), data: inferred, length: rows }),
    text.data(),
  ];
  return makeData({ type: new Struct(FIELDS), length: rows, nullCount: 0, children });
}

class NullableUint32 {
  readonly #values: Uint32Array;
  readonly #valid: Uint8Array;
  #nulls: number;
  constructor(rows: number) {
    this.#values = new Uint32Array(rows);
    this.#valid = new Uint8Array((rows + 7) >> 3);
    this.#nulls = rows;
  }
  set(row: number, value: number): void {
    this.#values[row] = value;
    this.#valid[row >> 3]! |= 1 << (row & 7);
    this.#nulls--;
  }
  data(): Data<Uint32> {
    return makeData({
      type: new Uint32(),
      data: this.#values,
      nullBitmap: this.#valid,
      nullCount: this.#nulls,
    });
  }
}

class ListBuilder {
  readonly #offsets: Int32Array;
  readonly #valid: Uint8Array;
  readonly #rows: number;
  readonly #values: bigint[] = [];
  #nulls = 0;
  constructor(rows: number) {
    this.#rows = rows;
    this.#offsets = new Int32Array(rows + 1);
    this.#valid = new Uint8Array((rows + 7) >> 3);
  }
  push(table: EventTable, row: number): void {
    const count = table.argumentCount(row);
    if (count === 0) this.#nulls++;
    else this.#valid[row >> 3]! |= 1 << (row & 7);
    for (let at = 0; at < count; at++) this.#values.push(table.argument(row, at)!);
    this.#offsets[row + 1] = this.#values.length;
  }
  data(): Data<List<Uint64>> {
    return makeData({
      type: listType,
      length: this.#rows,
      nullCount: this.#nulls,
      nullBitmap: this.#valid,
      valueOffsets: this.#offsets,
      child: makeData({ type: new Uint64(), data: BigUint64Array.from(this.#values) }),
    });
  }
}

class TextBuilder {
  static readonly #utf8 = new TextEncoder();
  readonly #offsets: Int32Array;
  readonly #valid: Uint8Array;
  readonly #parts: Uint8Array[] = [];
  #bytes = 0;
  #nulls = 0;
  constructor(rows: number) {
    this.#offsets = new Int32Array(rows + 1);
    this.#valid = new Uint8Array((rows + 7) >> 3);
  }
  push(text: string | undefined, row: number): void {
    if (text === undefined) this.#nulls++;
    else {
      const bytes = TextBuilder.#utf8.encode(text);
      this.#parts.push(bytes);
      this.#bytes += bytes.length;
      this.#valid[row >> 3]! |= 1 << (row & 7);
    }
    this.#offsets[row + 1] = this.#bytes;
  }
  data(): Data<Utf8> {
    const bytes = new Uint8Array(this.#bytes);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return makeData({
      type: new Utf8(),
      data: bytes,
      valueOffsets: this.#offsets,
      nullBitmap: this.#valid,
      nullCount: this.#nulls,
      length: this.#offsets.length - 1,
    });
  }
}

/** CRC-32 over every buffer of a batch's columns in order, without padding. */
export function checksum(data: Data): string {
  let crc = 0;
  const add = (buffer: ArrayBufferView | undefined, bytes: number): void => {
    if (buffer !== undefined && bytes > 0)
      crc = crc32(new Uint8Array(buffer.buffer, buffer.byteOffset, bytes), crc);
  };
  const walk = (column: Data, isRoot: boolean): void => {
    const rows = column.length;
    if (!isRoot && column.nullCount > 0) add(column.nullBitmap, (rows + 7) >> 3);
    if (column.valueOffsets !== undefined) add(column.valueOffsets as Int32Array, (rows + 1) * 4);
    const values = column.values as (ArrayBufferView & { BYTES_PER_ELEMENT: number }) | undefined;
    if (values !== undefined) {
      const offsets = column.valueOffsets as Int32Array | undefined;
      const bytes =
        offsets !== undefined
          ? offsets[rows]!
          : column.type instanceof Bool
            ? (rows + 7) >> 3
            : rows * values.BYTES_PER_ELEMENT;
      add(values, bytes);
    }
    for (const child of column.children) walk(child, false);
  };
  walk(data, true);
  return crc.toString(16).padStart(8, '0');
}
