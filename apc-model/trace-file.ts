import {
  Bool,
  Dictionary,
  Field,
  Int64,
  List,
  RecordBatch,
  RecordBatchReader,
  type RecordBatchStreamReader,
  RecordBatchStreamWriter,
  Schema,
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
import { CALL_NAMES, FLAG_INFERRED, KIND_NAMES, SUBJECT_NONE } from './event.ts';
import type { EventRow, EventTable } from './event-table.ts';
import { columnText, hasResult, isAboutApc } from './trace-columns.ts';
import type { TraceMeta } from './trace.ts';

/** Raised when a column or its meaning changes. */
export const TRACE_FORMAT_VERSION = 1;
/** Custom metadata of each record batch: CRC-32 of its buffers, eight hex digits. */
const CHECKSUM = 'crc32';

const kinds = vectorFromArray([...KIND_NAMES], new Utf8());
const calls = vectorFromArray([...CALL_NAMES], new Utf8());
const kindType = new Dictionary(new Utf8(), new Uint8(), 1);
const callType = new Dictionary(new Utf8(), new Uint8(), 2);
const listType = new List(new Field('item', new Uint64(), false));

const FIELDS = [
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

/** A batch writer whose bytes can be taken after each batch. */
class ChunkWriter extends RecordBatchStreamWriter {
  #parts: Uint8Array[] = [];

  protected override _write(chunk: ArrayBufferView): this {
    if (this._started)
      this.#parts.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength).slice());
    return this;
  }

  take(): Uint8Array {
    const whole = new Uint8Array(this.#parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    this.#parts = [];
    return whole;
  }
}

/** Writes a trace as an Arrow IPC stream, batch by batch. Append the answers to a file in order. */
export class TraceEncoder {
  readonly #schema: Schema;
  readonly #writer = new ChunkWriter({ autoDestroy: false });
  #index = 0;

  constructor(meta: TraceMeta) {
    this.#schema = new Schema(
      FIELDS,
      new Map([
        ['alertable.version', String(TRACE_FORMAT_VERSION)],
        ['alertable.engine', meta.engine],
        ['alertable.engineLabel', meta.engineLabel],
        ['alertable.os', meta.os],
        ['alertable.startedUnixMs', String(meta.startedUnixMs)],
        ['alertable.clock', 'monotonic nanoseconds since the session was opened'],
        ['alertable.title', meta.title],
        ...(meta.scenario === undefined ? [] : [['alertable.scenario', meta.scenario] as const]),
      ]),
    );
  }

  /** The table's rows as one batch (the first comes with the schema and the dictionaries). At most CHUNK_ROWS rows. */
  encode(table: EventTable): Uint8Array {
    const data = batchData(table, this.#index);
    this.#index += table.length;
    const batch = new RecordBatch(this.#schema, data, new Map([[CHECKSUM, checksum(data)]]));
    this.#writer.write(batch);
    return this.#writer.take();
  }

  /** The end-of-stream mark. */
  end(): Uint8Array {
    this.#writer.finish();
    return this.#writer.take();
  }
}

function batchData(table: EventTable, firstIndex: number): Data<Struct> {
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

/** What came out of a file: whole up to `damage`, if there is any. */
export interface DecodedTrace {
  meta: TraceMeta;
  rows: EventRow[];
  /** Why reading stopped before the end of the stream, and after which event. */
  damage: string | undefined;
}

export class TraceFileError extends Error {
  override readonly name = 'TraceFileError';
}

/**
 * Reads a trace file's bytes. Stops at the first batch that is cut, malformed or fails its checksum and says so in
 * `damage`; throws a TraceFileError where not even the schema can be read, or a newer version wrote it.
 */
export function decodeTrace(bytes: Uint8Array): DecodedTrace {
  let reader: RecordBatchStreamReader;
  try {
    reader = RecordBatchReader.from(bytes).open();
  } catch (error) {
    throw new TraceFileError(`this is not an Arrow IPC stream: ${(error as Error).message}`);
  }
  const schema = reader.schema as Schema | undefined;
  const meta = readMeta(schema);
  const names = schema!.fields.map((field) => field.name).join(',');
  const wanted = FIELDS.map((field) => field.name).join(',');
  if (names !== wanted) throw new TraceFileError(`the columns are ${names}; a trace has ${wanted}`);
  const rows: EventRow[] = [];
  try {
    for (;;) {
      const next = reader.next();
      if (next.done === true) break;
      const batch = next.value;
      const found = checksum(batch.data as Data);
      const written = batch.metadata.get(CHECKSUM);
      if (written !== undefined && written !== found) {
        return {
          meta,
          rows,
          damage: `a batch after event ${rows.length} fails its checksum (${written} written, ${found} read)`,
        };
      }
      readBatch(batch, rows);
    }
  } catch (error) {
    return {
      meta,
      rows,
      damage: `the file is cut or damaged after event ${rows.length}: ${(error as Error).message}`,
    };
  }
  return { meta, rows, damage: undefined };
}

function readMeta(schema: Schema | undefined): TraceMeta {
  const get = (key: string): string | undefined => schema?.metadata.get(`alertable.${key}`);
  const version = get('version');
  if (version === undefined)
    throw new TraceFileError('this Arrow stream is not an Alertable trace: it has no alertable.version');
  if (Number(version) !== TRACE_FORMAT_VERSION) {
    throw new TraceFileError(
      `this trace has format version ${version}; this app reads version ${TRACE_FORMAT_VERSION}. Open it with a newer Alertable.`,
    );
  }
  const scenario = get('scenario');
  return {
    engine: get('engine') ?? '',
    engineLabel: get('engineLabel') ?? '',
    os: get('os') ?? '',
    startedUnixMs: Number(get('startedUnixMs') ?? 0),
    title: get('title') ?? '',
    ...(scenario === undefined ? {} : { scenario }),
  };
}

function readBatch(batch: RecordBatch, rows: EventRow[]): void {
  const column = (name: string) => batch.getChild(name)!;
  const [timeNs, thread, apc, object, value, args, inferred, text] = [
    'timeNs',
    'thread',
    'apc',
    'object',
    'value',
    'args',
    'inferred',
    'text',
  ].map(column);
  const kindCodes = codes(batch, 3);
  const callCodes = codes(batch, 4);
  for (let row = 0; row < batch.numRows; row++) {
    const bits = value!.get(row) as bigint;
    const line = text!.get(row) as string | null;
    const list = args!.get(row) as Iterable<bigint> | null;
    rows.push({
      timeNs: Number(timeNs!.get(row)),
      thread: thread!.get(row) as number,
      kind: kindCodes[row]!,
      call: callCodes[row]!,
      flags: inferred!.get(row) === true ? FLAG_INFERRED : 0,
      subject: ((apc!.get(row) ?? object!.get(row)) as number | null) ?? SUBJECT_NONE,
      valueLow: Number(bits & 0xffffffffn),
      valueHigh: Number(bits >> 32n),
      arguments: list === null ? [] : [...list],
      ...(line === null ? {} : { text: line }),
    });
  }
}

/** The dictionary codes of a column, checked: kinds and calls are numbered as in event.ts. */
function codes(batch: RecordBatch, column: number): Uint8Array {
  const data = batch.data.children[column]!;
  const names = column === 3 ? KIND_NAMES : CALL_NAMES;
  const found = data.values as Uint8Array;
  for (let row = 0; row < batch.numRows; row++) {
    if (found[row]! >= names.length)
      throw new Error(`${column === 3 ? 'kind' : 'call'} ${found[row]} is unknown`);
  }
  return found;
}

/** CRC-32 over every buffer of a batch's columns in order, without padding. */
function checksum(data: Data): string {
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
