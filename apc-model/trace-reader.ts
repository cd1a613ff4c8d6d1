import { EventTable, type EventRow } from './event-table.ts';
import type { EventIndex } from './event.ts';
import type { Place } from './flatbuffer.ts';
import {
  batchSteps,
  decodeSteps,
  openSteps,
  type DecodeStep,
  type OpenedFile,
  type TraceBatch,
  type TraceEnd,
} from './trace-decoder.ts';
import { TraceFileError } from './trace-file-error.ts';
import type { TraceMeta } from './trace.ts';

/** Where a reader gets its bytes from: a file, or bytes in memory. */
export interface TraceSource {
  /** Bytes in all, as far as this reading is concerned: a file may grow meanwhile. */
  readonly size: number;
  /**
   * Exactly these bytes, in a buffer that the reader may keep and change.
   * Rejects where they can't be had: the reader then does too.
   */
  read: (at: number, length: number) => Promise<Uint8Array>;
}

/**
 * Reads a trace file batch by batch: memory is bounded by its largest batch, whatever the file claims.
 *
 *     const reader = await TraceReader.open(source);
 *     const trace = new Trace(reader.meta);
 *     for await (const { records, text } of reader) trace.appendRecords(records, text);
 *     if (reader.end.damage !== undefined) say(reader.end.damage.sentence);
 */
export class TraceReader {
  readonly meta: TraceMeta;
  readonly #source: TraceSource;
  readonly #steps: Generator<DecodeStep, TraceEnd, Uint8Array>;
  #end: TraceEnd | undefined;

  private constructor(
    source: TraceSource,
    steps: Generator<DecodeStep, TraceEnd, Uint8Array>,
    meta: TraceMeta,
  ) {
    this.#source = source;
    this.#steps = steps;
    this.meta = meta;
  }

  /** @throws a TraceFileError where this is no trace, its schema is damaged, or a newer version wrote it */
  static async open(source: TraceSource): Promise<TraceReader> {
    const steps = decodeSteps(source.size);
    let step = steps.next();
    while (step.done !== true && 'need' in step.value) {
      const { at, length } = step.value.need;
      step = steps.next(await source.read(at, length));
    }
    return new TraceReader(source, steps, metaOf(step));
  }

  /** @returns the next batch; undefined at the end, and then `end` says how it was */
  async next(): Promise<TraceBatch | undefined> {
    if (this.#end !== undefined) return undefined;
    let step = this.#steps.next(NOTHING);
    while (step.done !== true && 'need' in step.value) {
      const { at, length } = step.value.need;
      step = this.#steps.next(await this.#source.read(at, length));
    }
    return this.#found(step);
  }

  /** How the file ended. Only to be asked after its last batch. */
  get end(): TraceEnd {
    if (this.#end === undefined) throw new Error('the trace has not been read to its end');
    return this.#end;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TraceBatch, void> {
    for (let batch = await this.next(); batch !== undefined; batch = await this.next()) yield batch;
  }

  #found(step: IteratorResult<DecodeStep, TraceEnd>): TraceBatch | undefined {
    if (step.done !== true) return 'batch' in step.value ? step.value.batch : undefined;
    this.#end = step.value;
    return undefined;
  }
}

const NOTHING = new Uint8Array(0);

function metaOf(step: IteratorResult<DecodeStep, TraceEnd>): TraceMeta {
  if (step.done === true || !('meta' in step.value)) throw new TraceFileError('it has no schema');
  return step.value.meta;
}

/** Reads single batches of a file, in any order: for who knows where they begin. */
export class BatchReader {
  readonly #source: TraceSource;
  readonly #opened: OpenedFile;

  private constructor(source: TraceSource, opened: OpenedFile) {
    this.#source = source;
    this.#opened = opened;
  }

  /** Throws as TraceReader.open does. */
  static async open(source: TraceSource): Promise<BatchReader> {
    return new BatchReader(source, await drive(source, openSteps(source.size)));
  }

  /**
   * @param place where the batch lies in the file
   * @param first its first event
   * @throws a TraceFileError where it is not there, or damaged
   */
  read(place: Place, first: EventIndex): Promise<TraceBatch> {
    return drive(this.#source, batchSteps(this.#opened, place.at, first, place.at + place.length));
  }
}

async function drive<Result>(
  source: TraceSource,
  steps: Generator<DecodeStep, Result, Uint8Array>,
): Promise<Result> {
  let step = steps.next();
  while (step.done !== true) {
    const { at, length } = 'need' in step.value ? step.value.need : { at: 0, length: 0 };
    step = steps.next(await source.read(at, length));
  }
  return step.value;
}

/** Bytes that are in memory already. */
export const sourceOfBytes = (bytes: Uint8Array): TraceSource => ({
  size: bytes.length,
  read: (at, length) => Promise.resolve(new Uint8Array(bytes.subarray(at, at + length))),
});

/** A whole file that is in memory, at once. Throws as TraceReader.open does. */
export function readTraceBytes(bytes: Uint8Array): { meta: TraceMeta; batches: TraceBatch[]; end: TraceEnd } {
  const steps = decodeSteps(bytes.length);
  const batches: TraceBatch[] = [];
  let meta: TraceMeta | undefined;
  let step = steps.next();
  while (step.done !== true) {
    if ('meta' in step.value) ({ meta } = step.value);
    if ('batch' in step.value) batches.push(step.value.batch);
    const { at, length } = 'need' in step.value ? step.value.need : { at: 0, length: 0 };
    step = steps.next(new Uint8Array(bytes.subarray(at, at + length)));
  }
  if (meta === undefined) throw new TraceFileError('it has no schema');
  return { meta, batches, end: step.value };
}

/** What came out of a file, event by event: for tests and whoever is not in a hurry. */
export interface DecodedTrace {
  meta: TraceMeta;
  rows: EventRow[];
  damage: string | undefined;
}

/** Throws as TraceReader.open does. */
export function decodeTrace(bytes: Uint8Array): DecodedTrace {
  const { meta, batches, end } = readTraceBytes(bytes);
  const table = new EventTable();
  for (const { records, text } of batches) table.appendRecords(records, text);
  const rows = Array.from({ length: table.length }, (_, index) => table.row(index));
  return { meta, rows, damage: end.damage?.sentence };
}
