import type { EventTable } from './event-table.ts';
import { CALL_NAMES, KIND_NAMES, Kind, SUBJECT_NONE, type EventIndex } from './event.ts';
import type { ExportRows, ExportWriter } from './export-writer.ts';
import { columnText, hasResult, isAboutApc, valueOf } from './trace-columns.ts';

/** A JSON line an event, as jsonLine writes it. Definitions from before the range come along, as in export-csv.ts. */
export class JsonLinesWriter implements ExportWriter {
  begin(): string {
    return '';
  }

  take({ table, first, from, to, inRange }: ExportRows): string {
    let text = '';
    for (let at = from; at < to; at++)
      if (inRange || table.kind(at) === Kind.defined) text += fastJsonLine(table, at, first);
    return text;
  }

  end(): string {
    return '';
  }
}

/** The same text as jsonLine(columnRow(…)), a test says, in a fifth of the time. */
function fastJsonLine(table: EventTable, at: EventIndex, first: EventIndex): string {
  const kind = table.kind(at);
  const subject = table.subject(at);
  const about = subject === SUBJECT_NONE || kind === Kind.log ? 'null' : subject;
  const isApc = isAboutApc(kind);
  const told = hasResult(kind);
  const text = columnText(table, at);
  return `{"index":${first + at},"timeNs":${table.timeNs(at)},"thread":${table.thread(at)},"kind":"${
    KIND_NAMES[kind]
  }","call":"${CALL_NAMES[table.call(at)]}","apc":${isApc ? about : 'null'},"object":${
    isApc ? 'null' : about
  },"result":${told ? table.valueLow(at) : 'null'},"lastError":${told ? table.valueHigh(at) : 'null'},"value":${jsonNumber(
    valueOf(table, at),
  )},"args":${argsOf(table, at)},"inferred":${table.isInferred(at)},"text":${
    text === undefined ? 'null' : JSON.stringify(text)
  }}\n`;
}

const argsOf = (table: EventTable, at: EventIndex): string =>
  table.argumentCount(at) === 0 ? 'null' : `[${table.arguments(at).map(jsonNumber).join(',')}]`;

/** A string beyond 2^53, so that no reader rounds it. */
const jsonNumber = (value: bigint): string => (value <= 0x1fffffffffffffn ? String(value) : `"${value}"`);
