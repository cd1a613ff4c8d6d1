import { tableFromIPC, type Table } from '@uwdata/flechette';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EventTable } from './event-table.ts';
import { recordsOfTable } from './table-records.ts';
import { columnRow, type ColumnRow } from './trace-columns.ts';
import { TraceEncoder } from './trace-encoder.ts';
import { META_KEYS, SHAPES } from './trace-format.ts';
import { readTraceBytes } from './trace-reader.ts';

// What a session wrote, read by an Arrow implementation that is not the one it was written with.
const RECORDED = resolve(import.meta.dirname, '..', 'scenarios', 'recorded');
const COLUMNS = SHAPES.map((shape) => shape.slice(0, shape.indexOf(':')) as keyof ColumnRow);

function read(bytes: Uint8Array) {
  const { meta, batches, end } = readTraceBytes(bytes);
  const table = new EventTable();
  for (const { records, text } of batches) table.appendRecords(records, text);
  return { meta, table, end };
}

/** The recording as this version writes it. */
function rewritten(): Uint8Array {
  const { meta, table } = read(readFileSync(join(RECORDED, 'seed-format-1.arrows')));
  const encoder = new TraceEncoder(meta);
  const { records, text } = recordsOfTable(table, 0, table.length);
  return Buffer.concat([...encoder.append(records, text).map(({ bytes }) => bytes), encoder.end()]);
}

/** A column's values in the form that ColumnRow has. */
function valuesOf(theirs: Table, column: keyof ColumnRow): unknown[] {
  const values = Array.from(theirs.getChild(column) as Iterable<unknown>);
  if (column !== 'args') return values;
  return values.map((list) => (list === null ? null : Array.from(list as Iterable<bigint>)));
}

describe('another Arrow reader', () => {
  const bytes = rewritten();
  const { meta, table } = read(bytes);
  const theirs = tableFromIPC(bytes, { useBigInt: true });
  const rows = Array.from({ length: table.length }, (_, at) => columnRow(table, at));

  it.each(COLUMNS)('finds in column %s what ours does', (column) => {
    const wide =
      column === 'timeNs' ? (value: unknown) => BigInt(value as number) : (value: unknown) => value;
    expect(valuesOf(theirs, column)).toEqual(rows.map((row) => wide(row[column])));
  });

  it('finds the metadata too', () => {
    const found = theirs.schema.metadata;
    expect(found?.get(META_KEYS.version)).toBe('2');
    expect(found?.get(META_KEYS.engineLabel)).toBe(meta.engineLabel);
    expect(found?.get(META_KEYS.os)).toBe(meta.os);
    expect(found?.get(META_KEYS.scenario)).toBe(meta.scenario);
    expect(Object.values(META_KEYS).every((key) => found?.has(key))).toBe(true);
  });
});

describe('a recording of format 1', () => {
  const bytes = readFileSync(join(RECORDED, 'seed-format-1.arrows'));

  it('opens with all that it had, and each log line has its template again', () => {
    const { meta, table, end } = read(bytes);
    expect(end).toEqual({ events: 62, complete: true, damage: undefined });
    expect(meta.title).toBe('The seed experiment');
    const theirs = tableFromIPC(bytes, { useBigInt: true });
    const rows = Array.from({ length: table.length }, (_, at) => columnRow(table, at));
    for (const column of ['kind', 'call', 'thread', 'apc', 'object', 'args', 'inferred', 'text'] as const)
      expect(valuesOf(theirs, column)).toEqual(rows.map((row) => row[column]));
    for (const row of rows.filter(({ kind }) => kind === 'log'))
      expect(table.names.texts.has(Number(row.value & 0xffffffffn))).toBe(true);
  });

  it('is found out where a bit of a column is flipped', () => {
    const flipped = new Uint8Array(bytes);
    flipped[Buffer.from(bytes).lastIndexOf('User mode APC triggered')]! ^= 1;
    expect(read(flipped).end.damage?.sentence).toMatch(/a checksum fails/);
  });
});
