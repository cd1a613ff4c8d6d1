import { CALL_NAMES, KIND_NAMES, Kind, SUBJECT_NONE, type EventIndex } from './event.ts';
import type { EventTable } from './event-table.ts';
import { logText } from './log-text.ts';

/** The columns of a trace file, in order; also the keys of one `--json` line. Their meaning: contracts.md, "Events". */
export interface ColumnRow {
  index: number;
  timeNs: number;
  thread: number;
  kind: string;
  call: string;
  apc: number | null;
  object: number | null;
  result: number | null;
  lastError: number | null;
  value: bigint;
  args: bigint[] | null;
  inferred: boolean;
  text: string | null;
}

/** Kinds whose subject is an APC. */
export const isAboutApc = (kind: number): boolean =>
  (kind >= Kind.apcQueueing && kind <= Kind.apcLost) || kind === Kind.mismatch;

/** Kinds whose value is a call's result and last error. */
export const hasResult = (kind: number): boolean =>
  kind === Kind.callReturned || kind === Kind.apcQueued || kind === Kind.apcQueueFailed;

/** What the `text` column holds: a name, a note, or the log line ready to read. */
export const columnText = (table: EventTable, at: EventIndex): string | undefined =>
  table.kind(at) === Kind.log ? logText(table, at) : table.text(at);

/** One event under the names of the columns. `first` is the session-wide index of the table's first row. */
export function columnRow(table: EventTable, at: EventIndex, first = 0): ColumnRow {
  const kind = table.kind(at);
  const subject = table.subject(at);
  const about = subject === SUBJECT_NONE || kind === Kind.log ? null : subject;
  const args = table.arguments(at);
  return {
    index: first + at,
    timeNs: table.timeNs(at),
    thread: table.thread(at),
    kind: KIND_NAMES[kind]!,
    call: CALL_NAMES[table.call(at)]!,
    apc: isAboutApc(kind) ? about : null,
    object: isAboutApc(kind) ? null : about,
    result: hasResult(kind) ? table.valueLow(at) : null,
    lastError: hasResult(kind) ? table.valueHigh(at) : null,
    value: valueOf(table, at),
    args: args.length === 0 ? null : args,
    inferred: table.isInferred(at),
    text: columnText(table, at) ?? null,
  };
}

/** Where a name lay in the session's memory is left out; a log event's low half has its template's id (FORMAT.md). */
export function valueOf(table: EventTable, at: EventIndex): bigint {
  const kind = table.kind(at);
  const low = table.valueLow(at);
  if (kind === Kind.defined || kind === Kind.marker) return BigInt(low & 0xffff);
  return (BigInt(table.valueHigh(at)) << 32n) | BigInt(kind === Kind.log ? table.subject(at) : low);
}

/** One JSON line. 64-bit numbers beyond 2^53 are written as strings, so that no reader rounds them. */
export const jsonLine = (row: ColumnRow): string =>
  JSON.stringify(row, (_key, value: unknown) =>
    typeof value === 'bigint' ? (value <= 0x1fffffffffffffn ? Number(value) : value.toString()) : value,
  );
