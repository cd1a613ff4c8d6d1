import { describe, expect, it } from 'vitest';
import { CsvWriter } from './export-csv.ts';
import { JsonLinesWriter } from './export-json-lines.ts';
import { exportText } from './export-sample.ts';
import { EventTable } from './event-table.ts';
import { randomTrace } from './random-trace.ts';
import { columnRow, jsonLine, type ColumnRow } from './trace-columns.ts';
import { TraceBuilder } from './trace-builder.ts';

const sample = () =>
  new TraceBuilder()
    .define('thread', 2, 'a "b", c\nd')
    .define('text', 0, 'n = {n}')
    .define('text', 1, '')
    .at(1000)
    .started(2)
    .queueing(0, 2, 1, 3, { argument: 0xffff_ffff_ffff_ffffn })
    .at(2000)
    .queued(0, 1)
    .begin(2, 'waitForMultipleObjectsEx', { also: [1, 2, 3, 4] })
    .at(3000)
    .log(2, 0, -1n & 0xffff_ffff_ffff_ffffn)
    .apcLost(2, 1, { inferred: true })
    .lostEvents(2, 4);

/** RFC 4180, read by the book. */
function readCsv(text: string): string[][] {
  const records: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  for (;;) {
    const found = field.exec(text);
    if (found === null) throw new Error(`not CSV at ${field.lastIndex}`);
    if (found[0] === '' && field.lastIndex === text.length) break;
    records.at(-1)!.push(found[1]?.replaceAll('""', '"') ?? found[2]!);
    if (found[3] === '\r\n') records.push([]);
    if (field.lastIndex === text.length) break;
  }
  return records.filter((record) => record.length > 0);
}

function tableOf({ rows }: TraceBuilder): EventTable {
  const table = new EventTable();
  for (const row of rows) table.appendRow(row);
  return table;
}

describe.each([
  ['a sample', sample()],
  ['any session', randomTrace(3, 3000)],
])('of %s', (_name, build) => {
  const table = tableOf(build);
  const rows = Array.from({ length: table.length }, (_row, at) => columnRow(table, at));

  it('JSON lines are what jsonLine writes', () => {
    const lines = exportText(build.rows, new JsonLinesWriter(), { rowsOfBatch: 7 }).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines).toEqual(rows.map(jsonLine));
  });

  it('CSV has the columns of the trace file, and reads back', () => {
    const [header, ...records] = readCsv(exportText(build.rows, new CsvWriter(), { rowsOfBatch: 7 }));
    expect(header).toEqual(Object.keys(rows[0]!));
    const cell = (value: ColumnRow[keyof ColumnRow]): string =>
      value === null ? '' : Array.isArray(value) ? value.join(';') : String(value);
    expect(records).toEqual(
      rows.map((row) => (Object.values(row) as ColumnRow[keyof ColumnRow][]).map(cell)),
    );
  });
});

it('a range has its events, and the definitions from before it', () => {
  const range = { fromNs: 1500, toNs: 2500 };
  const lines = exportText(sample().rows, new JsonLinesWriter(), { range, rowsOfBatch: 3 })
    .trim()
    .split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual([
    'defined',
    'defined',
    'defined',
    'apcQueued',
    'callBegan',
  ]);
});

it('CSV tells an empty text from none', () => {
  const text = exportText(new TraceBuilder().define('text', 1, '').started(2).rows, new CsvWriter());
  expect(text.split('\r\n').slice(1, 3)).toEqual([
    '0,0,0,defined,none,,1,,,4,,false,""',
    '1,0,2,threadStarted,none,,,,,1002,,false,',
  ]);
});
