import { ApcTable, apcLife, type ApcLife } from './apc-table.ts';
import { Kind, type ApcId, type EventIndex } from './event.ts';
import type { EventChunk } from './event-chunk.ts';
import { CHUNK_MASK, EventTable, type EventRow } from './event-table.ts';
import { History } from './history.ts';
import { QueueDepths } from './queue-depths.ts';
import { SpanTable } from './span-table.ts';
import { Statistics } from './statistics.ts';

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

/** A session's events with all that is derived from them as they arrive: the one thing that live and loaded have in common. */
export class Trace {
  readonly meta: TraceMeta;
  readonly table = new EventTable();
  readonly apcs = new ApcTable(this.table);
  readonly spans = new SpanTable(this.table);
  readonly depths = new QueueDepths(this.table, this.apcs);
  readonly history = new History(this.table, this.apcs);
  readonly statistics = new Statistics(this.table, this.apcs, this.spans);
  /** Rises with every append: what a view compares to know whether to look again. */
  revision = 0;
  #seen: EventIndex = 0;

  constructor(meta: TraceMeta) {
    this.meta = meta;
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

  #follow(): void {
    while (this.#seen < this.table.length) {
      const chunk = this.table.chunkOf(this.#seen);
      const end = Math.min(this.table.length, (this.#seen | CHUNK_MASK) + 1);
      for (; this.#seen < end; this.#seen++) this.#take(this.#seen, chunk, this.#seen & CHUNK_MASK);
    }
    this.revision++;
  }

  /** The APCs come first: all others look at them. */
  #take(index: EventIndex, chunk: EventChunk, row: number): void {
    const kind = chunk.kind(row);
    this.apcs.take(index, kind, chunk, row);
    this.spans.take(index, kind, chunk, row);
    const deeper = this.depths.take(index, kind, chunk, row);
    const acting = this.history.take(index, kind, chunk, row);
    this.statistics.take(index, kind, chunk, row);
    if (deeper !== undefined) this.statistics.depthChanged(deeper, this.depths.threads.get(deeper)!.last);
    if (acting !== undefined)
      this.statistics.activityChanged(acting.index, acting.activity, chunk.timeNs(row));
    else if (kind === Kind.threadCreated)
      this.statistics.created(chunk.subject[row]! & 0xffff, chunk.timeNs(row));
  }
}
