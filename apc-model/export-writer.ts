import type { EventTable } from './event-table.ts';
import type { EventIndex } from './event.ts';

/** Which part of a trace is exported: session times, both ends included. */
export interface ExportRange {
  fromNs: number;
  toNs: number;
}

export const WHOLE_TRACE: ExportRange = { fromNs: 0, toNs: Number.POSITIVE_INFINITY };

/** Some events in a row, all of them before the range or all of them in it. */
export interface ExportRows {
  /** Knows the names that were defined up to these events. */
  table: EventTable;
  /** The session-wide index of the table's first row. */
  first: EventIndex;
  /** Rows of the table: from, and one past the last. */
  from: number;
  to: number;
  inRange: boolean;
}

/** How an export ended. */
export interface ExportEnd {
  /** The last instant that it shows. */
  endNs: number;
  /** What was reached there. */
  by: 'end' | 'range' | 'damage';
  /** Events in the range, and those that it says were lost. */
  events: number;
  lostEvents: number;
  /** Why reading stopped, where the file is damaged or its recording was interrupted. */
  warning: string | undefined;
}

/**
 * Turns a trace into text, event by event in order. What it keeps between two calls is bounded by what is open or waits in
 * a queue, never by the length of the trace.
 */
export interface ExportWriter {
  /** What the file begins with. Called once, first. */
  begin: () => string;
  /** What these events add to it. Those before the range set up the state in which it begins. */
  take: (rows: ExportRows) => string;
  /** What the file ends with. Called once, last. */
  end: (end: ExportEnd) => string;
}
