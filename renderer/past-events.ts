import type { EventIndex } from '../apc-model/event.ts';
import { CHUNK_ROWS } from '../apc-model/event-table.ts';
import { moveTexts } from '../apc-model/record-texts.ts';
import type { Trace } from '../apc-model/trace.ts';

/** Events of a session with the names that they define (apc-model/record-texts.ts). `first` is the index of the first. */
export interface EventRange {
  records: Uint8Array;
  text: Uint8Array;
  first: EventIndex;
}

/** Where events that the page has forgotten come from. */
export interface RangeSource {
  /** undefined where they can't be had; whoever answers has told the user why. */
  fetch(from: EventIndex, count: number): Promise<EventRange | undefined>;
}

/** What is known of a stretch before the horizon: an excerpt, or why there is none. */
export type PastLook =
  | { state: 'here'; excerpt: Trace }
  | { state: 'loading' | 'tooMany' | 'unavailable'; from: EventIndex; to: EventIndex };

/** Asked for at a time: 2 MiB of records. */
const FETCH_EVENTS = 4 * CHUNK_ROWS;
/** An excerpt of more events is not built: a picture of so many shows nothing that fits in no memory. */
export const MOST_EVENTS = 64 * CHUNK_ROWS;

/**
 * Brings back what a trace has forgotten, as it is looked at. One excerpt is kept: while looks stay in it or go on to its
 * right, it grows; a look elsewhere begins another.
 */
export class PastEvents {
  readonly #source: RangeSource;
  readonly #changed: () => void;
  #trace: Trace | undefined;
  #excerpt: Trace | undefined;
  /** How far the present excerpt is wanted. */
  #wanted: EventIndex = 0;
  #isLoading = false;
  #hasFailed = false;

  /** @param changed an excerpt has grown, or can't be had */
  constructor(source: RangeSource, changed: () => void) {
    this.#source = source;
    this.#changed = changed;
  }

  /** The events [from, to), which lie before the trace's horizon. What is missing is fetched, and `changed` called then. */
  look(trace: Trace, from: EventIndex, to: EventIndex): PastLook {
    if (to - from > MOST_EVENTS) return { state: 'tooMany', from, to };
    if (this.#trace !== trace || this.#excerpt === undefined || !isNear(this.#excerpt, from))
      this.#begin(trace, from);
    const excerpt = this.#excerpt!;
    if (excerpt.table.length >= to) return { state: 'here', excerpt };
    if (to - excerpt.firstIndex > MOST_EVENTS) return { state: 'tooMany', from, to };
    if (this.#hasFailed) return { state: 'unavailable', from, to };
    this.#wanted = Math.max(this.#wanted, to);
    if (!this.#isLoading) void this.#load(excerpt);
    return { state: 'loading', from, to };
  }

  /** What is known of an instant before the horizon. There counts may be known to the chunk only: then all of it is. */
  lookAt(trace: Trace, count: EventIndex): PastLook {
    const events = count % CHUNK_ROWS === 0 ? CHUNK_ROWS : 1;
    return this.look(trace, count, Math.min(count + events, trace.firstIndex));
  }

  #begin(trace: Trace, from: EventIndex): void {
    this.#trace = trace;
    this.#excerpt = trace.excerpt(from);
    this.#wanted = 0;
    this.#isLoading = false;
    this.#hasFailed = false;
  }

  async #load(excerpt: Trace): Promise<void> {
    this.#isLoading = true;
    while (this.#excerpt === excerpt && excerpt.table.length < this.#wanted) {
      const range = await this.#source.fetch(excerpt.table.length, FETCH_EVENTS).catch(() => undefined);
      if (this.#excerpt !== excerpt) return;
      if (range?.first === excerpt.table.length && range.records.byteLength > 0) {
        // A range brings its names in a table of its own: here they lie behind those that are known.
        moveTexts(range.records, excerpt.table.textBytes);
        excerpt.appendRecords(range.records, range.text);
      } else {
        this.#hasFailed = true;
        break;
      }
      this.#changed();
    }
    if (this.#excerpt !== excerpt) return;
    this.#isLoading = false;
    this.#changed();
  }
}

/** Is it worth while to go on with an excerpt rather than to begin another at this event? */
const isNear = ({ firstIndex, table }: Trace, from: EventIndex): boolean =>
  from >= firstIndex && from <= table.length + FETCH_EVENTS && from - firstIndex < MOST_EVENTS / 2;
