import {
  RecordBatch,
  RecordBatchReader,
  type RecordBatchStreamReader,
  RecordBatchStreamWriter,
  Schema,
} from 'apache-arrow';
import { CALL_NAMES, FLAG_INFERRED, KIND_NAMES, SUBJECT_NONE } from './event.ts';
import type { EventRow, EventTable } from './event-table.ts';
import { FIELDS, batchData, checksum } from './trace-batch.ts';
import type { TraceMeta } from './trace.ts';

/** Raised when a column or its meaning changes. */
export const TRACE_FORMAT_VERSION = 1;
/** Custom metadata of each record batch: CRC-32 of its buffers, eight hex digits. */
const CHECKSUM = 'crc32';

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
      const found = checksum(batch.data);
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
