import { ApcTable, apcLife, type ApcLife } from './apc-table.ts';
import type { ApcId } from './event.ts';
import { EventTable, type EventRow } from './event-table.ts';
import { History } from './history.ts';
import { QueueDepths } from './queue-depths.ts';
import { SpanTable } from './span-table.ts';

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
  /** Rises with every append: what a view compares to know whether to look again. */
  revision = 0;

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
    this.apcs.follow();
    this.spans.follow();
    this.depths.follow();
    this.history.follow();
    this.revision++;
  }
}
