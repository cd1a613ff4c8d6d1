import { ApcTable, apcLife, type ApcLife } from './apc-table.ts';
import { Kind, type ApcId, type EventIndex } from './event.ts';
import type { EventChunk } from './event-chunk.ts';
import { CHUNK_MASK, CHUNK_ROWS, EventTable, type EventRow } from './event-table.ts';
import { History } from './history.ts';
import { QueueDepths } from './queue-depths.ts';
import { SessionState } from './session-state.ts';
import { SpanTable } from './span-table.ts';
import { Statistics } from './statistics.ts';
import { makeSeed, seedBytes, type TraceSeed } from './trace-seed.ts';

/** What a trace says of its making: in the file's schema metadata, in every picture and in the window. */
export interface TraceMeta {
  /** `posix` or `win32`. */
  engine: string;
  /** As it is shown: `win32`, `win32 on Wine 8.0`, `posix emulation`. */
  engineLabel: string;
  /** The operating system's build. */
  os: string;
  /** Wall clock at session time 0, in milliseconds since 1970. */
  startedUnixMs: number;
  title: string;
  /** The scenario's JSON source, where one ran. */
  scenario?: string;
}

export interface TraceOptions {
  /** How much memory the trace may take before it forgets its oldest events. */
  budgetBytes?: number;
}

/** A part of this is forgotten at a time, so that forgetting is rare. */
const EVICTED_SHARE = 1 / 8;
const LEAST_EVICTED = 2 * CHUNK_ROWS;
/** A seed is kept about every so many forgotten events, and never more than MOST_SEEDS: then every other one goes. */
const SEED_EVENTS = 16 * CHUNK_ROWS;
const MOST_SEEDS = 512;

/**
 * A session's events with all that is derived from them as they arrive: the one thing that live and loaded have in common.
 *
 * Beyond its budget it forgets its oldest events: those before `firstIndex`, the horizon. What is still open or queued there
 * stays known, and so do the names, the statistics and every now and then a seed, from which an excerpt can be built when
 * somebody brings the events again. Indices stay what they are.
 */
export class Trace {
  readonly meta: TraceMeta;
  readonly table: EventTable;
  readonly apcs: ApcTable;
  readonly spans: SpanTable;
  readonly depths: QueueDepths;
  readonly history: History;
  readonly statistics: Statistics;
  /** Rises with every append: what a view compares to know whether to look again. */
  revision = 0;
  readonly #budgetBytes: number;
  readonly #followers: (() => void)[] = [];
  #seeds: TraceSeed[] = [];
  #seen: EventIndex;

  /** @param seed of `table`, which goes on where the seed ends; without one the trace begins with its session */
  constructor(
    meta: TraceMeta,
    { budgetBytes = Number.POSITIVE_INFINITY }: TraceOptions = {},
    table = new EventTable(),
    seed?: TraceSeed,
  ) {
    this.meta = meta;
    this.table = table;
    this.#budgetBytes = budgetBytes;
    this.#seen = table.length;
    this.apcs = new ApcTable(table);
    this.spans = new SpanTable(table);
    this.depths = new QueueDepths(this.apcs);
    this.statistics = new Statistics(table, this.apcs, this.spans);
    for (const event of seed?.rows.indices ?? []) this.apcs.seed(event);
    if (seed !== undefined) {
      this.spans.seed(seed.spans);
      this.depths.seed(seed.depths);
    }
    const start = seed?.state.clone(table, this.apcs) ?? new SessionState(table, this.apcs);
    this.history = new History(table, start);
  }

  /** Appends drained records (see EventTable.appendRecords). */
  appendRecords(records: Uint8Array, newText?: Uint8Array): number {
    const added = this.table.appendRecords(records, newText);
    this.#follow();
    return added;
  }

  appendRows(rows: Iterable<EventRow>): void {
    for (const row of rows) this.table.appendRow(row);
    this.#follow();
  }

  apc(id: ApcId): ApcLife | undefined {
    return apcLife(this.table, this.apcs, this.spans, id);
  }

  /** Events before this one are not in memory any more. */
  get firstIndex(): EventIndex {
    return this.table.firstIndex;
  }

  /** About how much memory the trace takes. */
  get bytes(): number {
    const { table, apcs, spans, depths, history } = this;
    const seeds = this.#seeds.reduce((bytes, seed) => bytes + seedBytes(seed), 0);
    return table.bytes + apcs.bytes + spans.bytes + depths.bytes + history.bytes + seeds;
  }

  /**
   * A trace that goes on at the last seed at or before `from`, an event before the horizon: append to it what was drained
   * from its `table.length` on, and it answers like this one would have done from there.
   */
  excerpt(from: EventIndex): Trace {
    const seed = this.#seeds.findLast(({ first }) => first <= from);
    if (seed === undefined) throw new RangeError(`event ${from} is not before the horizon`);
    const table = this.table.continuedAt(seed.first, seed.startNs, seed.rows);
    return new Trace(this.meta, {}, table, seed);
  }

  /** Has `look` called whenever events are about to be forgotten, for whoever derives something of them all. */
  beforeForgetting(look: () => void): void {
    this.#followers.push(look);
  }

  /** Forgets what came before the last checkpoint at or before an event. */
  evictBefore(event: EventIndex): void {
    const checkpoints = this.history.checkpoints(this.firstIndex, event);
    const last = checkpoints.at(-1);
    if (last === undefined || last.count <= this.firstIndex) return;
    for (const look of this.#followers) look();
    for (const state of checkpoints) {
      const isDue =
        state === last || state.count >= (this.#seeds.at(-1)?.first ?? -SEED_EVENTS) + SEED_EVENTS;
      if (isDue) this.#seeds.push(makeSeed(this.table, this.apcs, this.spans, this.depths, state));
    }
    const seed = this.#seeds.at(-1)!;
    if (this.#seeds.length > MOST_SEEDS) this.#seeds = this.#seeds.filter((_, at) => at % 2 === 0);
    this.history.evict(seed.first);
    this.depths.evict(seed.first);
    this.spans.evict(seed.first);
    this.table.evict(seed.first, seed.rows);
    this.apcs.evict(seed.first, seed.apcs);
  }

  #follow(): void {
    while (this.#seen < this.table.length) {
      const chunk = this.table.chunkOf(this.#seen);
      const end = Math.min(this.table.length, (this.#seen | CHUNK_MASK) + 1);
      for (; this.#seen < end; this.#seen++) this.#take(this.#seen, chunk, this.#seen & CHUNK_MASK);
      if ((this.#seen & CHUNK_MASK) === 0) this.#keepBudget();
    }
    this.revision++;
  }

  #keepBudget(): void {
    if (this.#budgetBytes === Number.POSITIVE_INFINITY || this.bytes <= this.#budgetBytes) return;
    const { firstIndex } = this;
    const share = Math.ceil((this.#seen - firstIndex) * EVICTED_SHARE);
    this.evictBefore(firstIndex + Math.max(LEAST_EVICTED, share));
  }

  /** The APCs come first: all others look at them. */
  #take(index: EventIndex, chunk: EventChunk, row: number): void {
    const kind = chunk.kind(row);
    this.apcs.take(index, kind, chunk, row);
    this.spans.take(index, kind, chunk, row);
    let deeper = this.depths.take(index, kind, chunk, row);
    const acting = this.history.take(index, kind, chunk, row);
    if (kind === Kind.resync) {
      deeper = chunk.thread[row]!;
      this.depths.resync(deeper, this.history.depthOf(deeper), index);
    }
    this.statistics.take(index, kind, chunk, row);
    if (deeper !== undefined) this.statistics.depthChanged(deeper, this.depths.threads.near(deeper)!.last);
    if (acting !== undefined)
      this.statistics.activityChanged(acting.index, acting.activity, chunk.timeNs(row));
    else if (kind === Kind.threadCreated)
      this.statistics.created(chunk.subject[row]! & 0xffff, chunk.timeNs(row));
  }
}
