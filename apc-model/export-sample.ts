import { EventTable, type EventRow } from './event-table.ts';
import { TraceExport } from './export-trace.ts';
import { WHOLE_TRACE, type ExportRange, type ExportWriter } from './export-writer.ts';
import { recordsOfTable } from './table-records.ts';
import type { TraceBatch } from './trace-decoder.ts';

/** Rows as the batches that a reader finds in a file: for tests. */
export function batchesOf(rows: readonly EventRow[], rowsOfBatch: number): TraceBatch[] {
  const table = new EventTable();
  for (const row of rows) table.appendRow(row);
  const batches: TraceBatch[] = [];
  let firstText = 0;
  for (let first = 0; first < table.length; first += rowsOfBatch) {
    const end = Math.min(first + rowsOfBatch, table.length);
    const { records, text } = recordsOfTable(table, first, end, firstText);
    batches.push({ records, text, first, firstText, events: end - first, place: { at: 0, length: 0 } });
    firstText += text.length;
  }
  return batches;
}

/** What a writer makes of rows, whole. */
export function exportText(
  rows: readonly EventRow[],
  writer: ExportWriter,
  { range = WHOLE_TRACE, rowsOfBatch = 100 }: { range?: ExportRange; rowsOfBatch?: number } = {},
): string {
  const made = new TraceExport(range, [writer]);
  let text = made.begin()[0]!;
  for (const batch of batchesOf(rows, rowsOfBatch)) {
    if (made.isPast) break;
    for (const [piece] of made.take(batch)) text += piece!;
  }
  return text + made.end({ damage: undefined, complete: true }).texts[0]!;
}
