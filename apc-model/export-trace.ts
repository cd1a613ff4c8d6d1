import { EventTable } from './event-table.ts';
import { Kind, type EventIndex } from './event.ts';
import type { ExportEnd, ExportRange, ExportWriter } from './export-writer.ts';
import type { TraceBatch, TraceEnd } from './trace-decoder.ts';

/** Events that a writer gets at a time: their text then stays small, however large a batch is. */
const STRIDE = 4096;

/**
 * Hands a trace to writers, batch by batch, and forgets each: memory stays that of one batch, of names, and of what the
 * writers keep.
 */
export class TraceExport {
  readonly #range: ExportRange;
  readonly #writers: readonly ExportWriter[];
  #table = new EventTable();
  /** The largest time so far: by that, an event is before the range, in it or after it. */
  #reachedNs = 0;
  #events = 0;
  #lostEvents = 0;
  #isPast = false;

  constructor(range: ExportRange, writers: readonly ExportWriter[]) {
    this.#range = range;
    this.#writers = writers;
  }

  /** True from the first event after the range on: nothing more needs to be read. */
  get isPast(): boolean {
    return this.#isPast;
  }
  /** The largest time that was seen. */
  get reachedNs(): number {
    return this.#reachedNs;
  }

  begin(): string[] {
    return this.#writers.map((writer) => writer.begin());
  }

  /** The batch's text in pieces; each piece has one text for each writer. */
  *take(batch: TraceBatch): Generator<string[], void> {
    const table = this.#table.successor();
    this.#table = table;
    table.appendRecords(batch.records, batch.text);
    const rows = this.#split(table);
    for (const [from, to, inRange] of [
      [0, rows.begin, false],
      [rows.begin, rows.end, true],
    ] as const) {
      for (let at = from; at < to; at += STRIDE) {
        const part = { table, first: batch.first, from: at, to: Math.min(at + STRIDE, to), inRange };
        yield this.#writers.map((writer) => writer.take(part));
      }
    }
  }

  end({ damage, complete }: TraceEnd | { damage: undefined; complete: true }): {
    texts: string[];
    end: ExportEnd;
  } {
    const by = this.#isPast ? 'range' : damage === undefined ? 'end' : 'damage';
    const interrupted = complete || this.#isPast ? undefined : INTERRUPTED;
    const end: ExportEnd = {
      endNs: Math.min(this.#reachedNs, this.#range.toNs),
      by,
      events: this.#events,
      lostEvents: this.#lostEvents,
      warning: damage?.sentence ?? interrupted,
    };
    return { texts: this.#writers.map((writer) => writer.end(end)), end };
  }

  /** Where in a batch the range begins and ends. */
  #split(table: EventTable): { begin: EventIndex; end: EventIndex } {
    const { fromNs, toNs } = this.#range;
    let begin = 0;
    let end = 0;
    for (let at = 0; at < table.length && !this.#isPast; at++) {
      this.#reachedNs = Math.max(this.#reachedNs, table.timeNs(at));
      if (this.#reachedNs > toNs) this.#isPast = true;
      else end = at + 1;
      if (this.#reachedNs < fromNs) begin = at + 1;
    }
    for (let at = begin; at < end; at++)
      if (table.kind(at) === Kind.lost) this.#lostEvents += table.valueLow(at);
    this.#events += Math.max(0, end - begin);
    return { begin, end: Math.max(begin, end) };
  }
}

const INTERRUPTED =
  'The recording was interrupted: it is whole up to its last batch, and may lack what happened in the quarter of a second before the interruption.';
