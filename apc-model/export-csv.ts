import type { EventTable } from './event-table.ts';
import { CALL_NAMES, KIND_NAMES, Kind, SUBJECT_NONE, type EventIndex } from './event.ts';
import type { ExportRows, ExportWriter } from './export-writer.ts';
import { columnText, hasResult, isAboutApc, valueOf } from './trace-columns.ts';

const HEADER = 'index,timeNs,thread,kind,call,apc,object,result,lastError,value,args,inferred,text\r\n';
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$|^$/;

/**
 * RFC 4180, a header and a line an event: the columns of a trace file (contracts.md). Arguments are joined by `;`; what is
 * null there is empty here. Definitions from before the range come along: without them its threads have no names.
 */
export class CsvWriter implements ExportWriter {
  begin(): string {
    return HEADER;
  }

  take({ table, first, from, to, inRange }: ExportRows): string {
    let text = '';
    for (let at = from; at < to; at++)
      if (inRange || table.kind(at) === Kind.defined) text += csvLine(table, at, first);
    return text;
  }

  end(): string {
    return '';
  }
}

function csvLine(table: EventTable, at: EventIndex, first: EventIndex): string {
  const kind = table.kind(at);
  const subject = table.subject(at);
  const about = subject === SUBJECT_NONE || kind === Kind.log ? '' : subject;
  const isApc = isAboutApc(kind);
  const told = hasResult(kind) ? `${table.valueLow(at)},${table.valueHigh(at)}` : ',';
  const args = table.argumentCount(at) === 0 ? '' : table.arguments(at).join(';');
  return `${first + at},${table.timeNs(at)},${table.thread(at)},${KIND_NAMES[kind]},${CALL_NAMES[table.call(at)]},${
    isApc ? about : ''
  },${isApc ? '' : about},${told},${valueOf(table, at)},${args},${table.isInferred(at)},${quoted(columnText(table, at))}\r\n`;
}

function quoted(text: string | undefined): string {
  if (text === undefined) return '';
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
