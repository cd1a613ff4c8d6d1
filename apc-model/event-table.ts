import {
  DefinedClass,
  FLAG_INFERRED,
  HEAD,
  Kind,
  MORE,
  OBJECT_TYPE_NAMES,
  RECORD_BYTES,
  ROUTINE_NONE,
  THREAD_CONTROLLER,
  THREAD_MAIN,
  THREAD_NONE,
  THREAD_SYSTEM,
  moreCount,
  type EventIndex,
  type ObjectTypeName,
} from './event.ts';
import { EventChunk } from './event-chunk.ts';
import { KeptRows } from './kept-rows.ts';

/** Rows of one chunk; also the most rows of one batch in a trace file. */
export const CHUNK_ROWS = 16384;
const CHUNK_SHIFT = 14;
export const CHUNK_MASK = CHUNK_ROWS - 1;
const utf8 = new TextDecoder();
/** What a semaphore has where nobody asked for a maximum. */
const NO_MAXIMUM = 0x7fffffffn;
const OWN_NAMES = new Map([
  [THREAD_MAIN, 'main'],
  [THREAD_CONTROLLER, 'controller'],
  [THREAD_SYSTEM, 'system'],
  [THREAD_NONE, 'no thread'],
]);

/** One event by value: for files, tests and whoever is not in a hurry. */
export interface EventRow {
  timeNs: number;
  thread: number;
  kind: number;
  call: number;
  flags: number;
  subject: number;
  valueLow: number;
  valueHigh: number;
  arguments: readonly bigint[];
  /** Only of `defined` and `marker`: the name or note itself. */
  text?: string;
}

/** Names that `defined` events gave. */
export interface Names {
  threads: Map<number, string>;
  routines: Map<number, string>;
  objects: Map<number, { name: string; type: number; parameters: readonly bigint[] }>;
  texts: Map<number, string>;
}

/**
 * What happened: every event of a session, append-only, in columns. Live batches and loaded files enter here alike, and
 * nothing behind it can tell which.
 */
export class EventTable {
  readonly names: Names = { threads: new Map(), routines: new Map(), objects: new Map(), texts: new Map() };
  /** From chunk `#base` on; undefined where a chunk was dropped. */
  #chunks: (EventChunk | undefined)[] = [];
  #base = 0;
  #first = 0;
  #kept = new KeptRows();
  /** Of each chunk, the largest time up to its end. */
  #chunkEndNs: number[] = [];
  #length = 0;
  #texts = new Map<EventIndex, string>();
  #utf8: Uint8Array = new Uint8Array(0);
  #lastTimeNs = 0;
  /** The largest time before its first chunk. */
  #startNs = 0;

  /** One past the last event's index. */
  get length(): number {
    return this.#length;
  }

  /** Events before this one are not in memory, but for single rows (see `evict`). */
  get firstIndex(): EventIndex {
    return this.#first;
  }

  /** Memory that the columns take. */
  get bytes(): number {
    let bytes = this.#kept.bytes;
    for (const chunk of this.#chunks) bytes += chunk?.bytes ?? 0;
    return bytes;
  }

  /**
   * An empty table that goes on at a later event of the same session: it knows this one's names and the rows `kept` of what
   * came before.
   * @param first a whole number of chunks
   * @param startNs the largest time before `first`
   */
  continuedAt(first: EventIndex, startNs: number, kept: KeptRows): EventTable {
    const next = this.successor();
    next.#first = first;
    next.#length = first;
    next.#base = first >>> CHUNK_SHIFT;
    next.#startNs = startNs;
    next.#lastTimeNs = startNs;
    next.#kept = kept;
    return next;
  }

  /** Copies of these rows, for `evict` and `continuedAt`. */
  keep(indices: Iterable<EventIndex>): KeptRows {
    return new KeptRows(indices, (index) => {
      const chunk = this.#chunkAt(index);
      return chunk === undefined
        ? { chunk: this.#kept.chunk, row: this.#kept.rowOf(index) }
        : { chunk, row: index & CHUNK_MASK };
    });
  }

  /** Forgets the events before `first`, a whole number of chunks, but for the rows `kept`. */
  evict(first: EventIndex, kept: KeptRows): void {
    this.#first = first;
    this.#kept = kept;
    this.#chunks.fill(undefined, 0, (first >>> CHUNK_SHIFT) - this.#base);
    for (const index of this.#texts.keys()) {
      if (index >= first) break;
      this.#texts.delete(index);
    }
  }

  /** Indices of the rows before `firstIndex` that are in memory, rising. */
  get keptEvents(): Uint32Array {
    return this.#kept.indices;
  }

  /** The largest time before an event at which a chunk begins. */
  timeBeforeChunkNs(first: EventIndex): number {
    return this.#chunkEndNs[(first >>> CHUNK_SHIFT) - this.#base - 1] ?? this.#startNs;
  }

  /** Bytes of all texts given so far: where the next ones will begin. */
  get textBytes(): number {
    return this.#utf8.length;
  }

  /** An empty table that knows this one's names: for a recorder, which writes rows out and forgets them. */
  successor(): EventTable {
    const next = new EventTable();
    for (const key of ['threads', 'routines', 'texts'] as const) {
      for (const [id, name] of this.names[key]) next.names[key].set(id, name);
    }
    for (const [id, object] of this.names.objects) next.names.objects.set(id, object);
    next.#utf8 = this.#utf8;
    return next;
  }

  /** The largest time so far; 0 when empty. */
  get endNs(): number {
    return this.#lastTimeNs;
  }

  /** Is this event in memory? */
  has(index: EventIndex): boolean {
    return index < this.#length && (index >= this.#first || this.#kept.find(index) >= 0);
  }
  timeNs(index: EventIndex): number {
    const chunk = this.#chunkAt(index);
    return chunk === undefined
      ? this.#kept.chunk.timeNs(this.#kept.rowOf(index))
      : chunk.timeNs(index & CHUNK_MASK);
  }
  kind(index: EventIndex): number {
    const chunk = this.#chunkAt(index);
    return chunk === undefined
      ? this.#kept.chunk.kind(this.#kept.rowOf(index))
      : chunk.kind(index & CHUNK_MASK);
  }
  thread(index: EventIndex): number {
    const chunk = this.#chunkAt(index);
    return chunk === undefined
      ? this.#kept.chunk.thread[this.#kept.rowOf(index)]!
      : chunk.thread[index & CHUNK_MASK]!;
  }
  call(index: EventIndex): number {
    const chunk = this.#chunkAt(index);
    return chunk === undefined
      ? this.#kept.chunk.call[this.#kept.rowOf(index)]!
      : chunk.call[index & CHUNK_MASK]!;
  }
  subject(index: EventIndex): number {
    const chunk = this.#chunkAt(index);
    return chunk === undefined
      ? this.#kept.chunk.subject[this.#kept.rowOf(index)]!
      : chunk.subject[index & CHUNK_MASK]!;
  }
  valueLow(index: EventIndex): number {
    const chunk = this.#chunkAt(index);
    return chunk === undefined
      ? this.#kept.chunk.valueLow[this.#kept.rowOf(index)]!
      : chunk.valueLow[index & CHUNK_MASK]!;
  }
  valueHigh(index: EventIndex): number {
    const chunk = this.#chunkAt(index);
    return chunk === undefined
      ? this.#kept.chunk.valueHigh[this.#kept.rowOf(index)]!
      : chunk.valueHigh[index & CHUNK_MASK]!;
  }
  isInferred(index: EventIndex): boolean {
    const chunk = this.#chunkAt(index);
    return chunk === undefined
      ? this.#kept.chunk.isInferred(this.#kept.rowOf(index))
      : chunk.isInferred(index & CHUNK_MASK);
  }
  argumentCount(index: EventIndex): number {
    const chunk = this.#chunkAt(index);
    return chunk === undefined
      ? this.#kept.chunk.argumentCount(this.#kept.rowOf(index))
      : chunk.argumentCount(index & CHUNK_MASK);
  }
  argument(index: EventIndex, position: number): bigint | undefined {
    const chunk = this.#chunkAt(index);
    return chunk === undefined
      ? this.#kept.chunk.argument(this.#kept.rowOf(index), position)
      : chunk.argument(index & CHUNK_MASK, position);
  }
  arguments(index: EventIndex): bigint[] {
    return Array.from({ length: this.argumentCount(index) }, (_, position) =>
      this.argument(index, position)!,
    );
  }
  /** The name of a `defined`, the note of a `marker`; undefined for other kinds (a log line: see log-text.ts). */
  text(index: EventIndex): string | undefined {
    return this.#texts.get(index);
  }

  /**
   * Appends drained records.
   * @param records whole groups (a head and its `more` records), RECORD_BYTES each, as apc_drain wrote them
   * @param newText the text table's bytes that came since the last call
   * @returns how many events (heads) were appended
   */
  appendRecords(records: Uint8Array, newText: Uint8Array = new Uint8Array(0)): number {
    if (records.byteLength % RECORD_BYTES !== 0) {
      throw new RangeError(
        `records: ${records.byteLength} bytes are not a whole number of ${RECORD_BYTES}-byte records`,
      );
    }
    if (newText.length > 0) this.#utf8 = concat(this.#utf8, newText);
    // A copy, not slice(): that of a Node Buffer is a view.
    const aligned = records.byteOffset % 8 === 0 ? records : new Uint8Array(records);
    const words16 = new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2);
    const words32 = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
    const count = aligned.byteLength / RECORD_BYTES;
    const before = this.#length;
    for (let record = 0; record < count;) {
      const more = moreCount(words16[record * 16 + HEAD.flags16]!);
      if (record + more >= count)
        throw new RangeError(`records: event ${this.#length} is cut before its ${more} further records`);
      this.#appendRecord(words16, words32, record, more);
      record += 1 + more;
    }
    return this.#length - before;
  }

  #appendRecord(words16: Uint16Array, words32: Uint32Array, record: number, more: number): void {
    const at16 = record * 16;
    const at32 = record * 8;
    const chunk = this.#rowChunk();
    const row = this.#length & CHUNK_MASK;
    const kind = words16[at16 + HEAD.kind16]!;
    const timeNs = words32[at32 + HEAD.timeHigh32]! * 0x1_0000_0000 + words32[at32 + HEAD.timeLow32]!;
    chunk.setTime(row, timeNs);
    chunk.setKind(row, kind, words16[at16 + HEAD.flags16]!);
    chunk.thread[row] = words16[at16 + HEAD.thread16]!;
    chunk.call[row] = words16[at16 + HEAD.call16]!;
    chunk.subject[row] = words32[at32 + HEAD.subject32]!;
    chunk.valueLow[row] = words32[at32 + HEAD.valueLow32]!;
    chunk.valueHigh[row] = words32[at32 + HEAD.valueHigh32]!;
    if (more > 0) copyArguments(chunk, row, words32, at32 + 8, more);
    this.#finishRow(timeNs);
    if (kind === Kind.defined) this.#define(this.#length - 1);
  }

  /** Appends one event by value. */
  appendRow(event: EventRow): EventIndex {
    const chunk = this.#rowChunk();
    const row = this.#length & CHUNK_MASK;
    chunk.setTime(row, event.timeNs);
    chunk.setKind(row, event.kind, event.flags);
    chunk.thread[row] = event.thread;
    chunk.call[row] = event.call;
    chunk.subject[row] = event.subject;
    chunk.valueLow[row] = event.valueLow;
    chunk.valueHigh[row] = event.valueHigh;
    for (const value of event.arguments)
      chunk.pushArgument(row, Number(value & 0xffffffffn), Number((value >> 32n) & 0xffffffffn));
    this.#finishRow(event.timeNs);
    const index = this.#length - 1;
    if (event.text !== undefined) {
      this.#texts.set(index, event.text);
      if (event.kind === Kind.defined) this.#name(event.subject, event.valueLow, event.text, event.arguments);
    }
    return index;
  }

  row(index: EventIndex): EventRow {
    const text = this.text(index);
    return {
      timeNs: this.timeNs(index),
      thread: this.thread(index),
      kind: this.kind(index),
      call: this.call(index),
      flags: this.isInferred(index) ? FLAG_INFERRED : 0,
      subject: this.subject(index),
      valueLow: this.valueLow(index),
      valueHigh: this.valueHigh(index),
      arguments: this.arguments(index),
      ...(text === undefined ? {} : { text }),
    };
  }

  /**
   * The number of events that had happened at `timeNs`: events below the answer are at or before it by the running
   * maximum (times never fall within a thread, but may between threads). Before `firstIndex` to the chunk only.
   */
  countAt(timeNs: number): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#chunkEndNs[middle]! <= timeNs) low = middle + 1;
      else high = middle;
    }
    if (low === this.#chunks.length) return this.#length;
    const start = (low + this.#base) * CHUNK_ROWS;
    const chunk = this.#chunks[low];
    if (chunk === undefined) return start;
    const rows = Math.min(CHUNK_ROWS, this.#length - start);
    let row = 0;
    while (row < rows && chunk.timeNs(row) <= timeNs) row++;
    return start + row;
  }

  /** The name of a thread; the lab's own have theirs without a definition. */
  threadName(thread: number): string {
    return this.names.threads.get(thread) ?? OWN_NAMES.get(thread) ?? `thread ${thread}`;
  }
  routineName(routine: number): string {
    if (routine === ROUTINE_NONE) return 'NULL';
    return this.names.routines.get(routine) ?? `routine ${routine}`;
  }
  objectName(object: number): string {
    return this.names.objects.get(object)?.name ?? `object ${object}`;
  }
  objectType(object: number): ObjectTypeName {
    return OBJECT_TYPE_NAMES[this.names.objects.get(object)?.type ?? 0] ?? 'none';
  }
  /** Of a semaphore: what its count may reach; undefined where it has no maximum to speak of, or the trace does not say. */
  maximumOf(object: number): number | undefined {
    if (this.objectType(object) !== 'semaphore') return undefined;
    const maximum = this.names.objects.get(object)?.parameters[1];
    return maximum === undefined || maximum >= NO_MAXIMUM ? undefined : Number(maximum);
  }

  /** The columns that hold an event from `firstIndex` on, in row `index % CHUNK_ROWS`: for whoever looks at every event. */
  chunkOf(index: EventIndex): EventChunk {
    const chunk = this.#chunkAt(index);
    if (chunk === undefined) throw new RangeError(`event ${index} is not in memory`);
    return chunk;
  }

  /** undefined for a row that is kept without its chunk. */
  #chunkAt(index: EventIndex): EventChunk | undefined {
    if (index >= this.#length) throw new RangeError(`event ${index} of ${this.#length}`);
    return this.#chunks[(index >>> CHUNK_SHIFT) - this.#base];
  }

  #rowChunk(): EventChunk {
    const place = (this.#length >>> CHUNK_SHIFT) - this.#base;
    if (place === this.#chunks.length) {
      this.#chunks.at(-1)?.seal();
      this.#chunks.push(new EventChunk(CHUNK_ROWS));
    }
    return this.#chunks[place]!;
  }

  #finishRow(timeNs: number): void {
    if (timeNs > this.#lastTimeNs) this.#lastTimeNs = timeNs;
    this.#chunkEndNs[(this.#length >>> CHUNK_SHIFT) - this.#base] = this.#lastTimeNs;
    this.#length++;
  }

  #define(index: EventIndex): void {
    const low = this.valueLow(index);
    const offset = this.valueHigh(index);
    const text = utf8.decode(this.#utf8.subarray(offset, offset + (low >>> 16)));
    this.#texts.set(index, text);
    this.#name(this.subject(index), low, text, this.arguments(index));
  }

  #name(id: number, classAndType: number, text: string, parameters: readonly bigint[]): void {
    switch (classAndType & 0xff) {
      case DefinedClass.thread:
        this.names.threads.set(id, text);
        break;
      case DefinedClass.routine:
        this.names.routines.set(id, text);
        break;
      case DefinedClass.object:
        this.names.objects.set(id, { name: text, type: (classAndType >>> 8) & 0xff, parameters });
        break;
      case DefinedClass.text:
        this.names.texts.set(id, text);
        break;
    }
  }
}

function copyArguments(
  chunk: EventChunk,
  row: number,
  words32: Uint32Array,
  from: number,
  more: number,
): void {
  for (let record = 0; record < more; record++) {
    const at = from + record * 8;
    const count = Math.min(3, words32[at + MORE.count32]!);
    for (let value = 0; value < count; value++) {
      const word = at + MORE.firstValue32 + value * 2;
      chunk.pushArgument(row, words32[word]!, words32[word + 1]!);
    }
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
