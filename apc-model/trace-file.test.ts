import { describe, expect, it } from 'vitest';
import { EventTable } from './event-table.ts';
import { Kind, RECORD_BYTES } from './event.ts';
import { columnRow, jsonLine } from './trace-columns.ts';
import { TraceBuilder } from './trace-builder.ts';
import { TraceEncoder } from './trace-encoder.ts';
import { moveTexts } from './record-texts.ts';
import { recordsOfTable } from './table-records.ts';
import type { TraceBatch } from './trace-decoder.ts';
import { TraceFileError } from './trace-file-error.ts';
import { TraceReader, readTraceBytes, sourceOfBytes } from './trace-reader.ts';

const META = {
  engine: 'posix',
  engineLabel: 'posix emulation',
  os: 'test',
  startedUnixMs: 12,
  title: 'a sample',
};

const sample = () =>
  tableOf(
    new TraceBuilder()
      .define('thread', 2, 'T1')
      .define('text', 0, 'took {elapsedNs} ns ∞')
      .at(5)
      .created(2)
      .started(2)
      .queue(0, 2, 3, { site: 7, argument: 0xffffffffffffffffn })
      .at(1e12)
      .begin(2, 'sleepEx', { ms: 9999999, alertable: true, site: 8 })
      .apcBegins(2, 1)
      .log(2, 0, 123n)
      .apcEnds(2, 1)
      .end(2, 'sleepEx', 0xc0)
      .apcLost(2, 1, { inferred: true })
      .begin(2, 'waitForMultipleObjectsEx', { also: Array.from({ length: 64 }, (_, at) => at) })
      .ended(2),
  );

function tableOf({ rows }: TraceBuilder): EventTable {
  const table = new EventTable();
  for (const row of rows) table.appendRow(row);
  return table;
}

/** A table as a file whose batches begin at these events, as a recorder writes them. */
function encoded(table: EventTable, begins: readonly number[] = [0, 6]): Uint8Array {
  const encoder = new TraceEncoder({ ...META, scenario: '{"alertable":1}' });
  const parts: Uint8Array[] = [];
  begins.forEach((begin, batch) => {
    const { records, text } = recordsOfTable(table, begin, begins[batch + 1] ?? table.length);
    parts.push(...encoder.append(records, text).map(({ bytes }) => bytes));
    parts.push(...[encoder.flush()].flatMap((one) => (one === undefined ? [] : [one.bytes])));
  });
  return new Uint8Array(Buffer.concat([...parts, encoder.end()]));
}

function read(bytes: Uint8Array) {
  const { meta, batches, end } = readTraceBytes(bytes);
  const table = new EventTable();
  for (const { records, text } of batches) table.appendRecords(records, text);
  return { meta, batches, end, table };
}

const lines = (table: EventTable, count = table.length): string[] =>
  Array.from({ length: count }, (_, at) => jsonLine(columnRow(table, at)));

/**
 * Of a damaged file some whole batches come out, just as they were written, and it is told that there were more; or it is
 * refused with a sentence. Many thousands of these run: no matcher, no table.
 */
function howItEnds(bytes: Uint8Array, good: readonly TraceBatch[]): 'refused' | 'interrupted' | 'damaged' {
  let found: ReturnType<typeof readTraceBytes>;
  try {
    found = readTraceBytes(bytes);
  } catch (error) {
    if (error instanceof TraceFileError && /^\S.*[^.]$/s.test(error.message)) return 'refused';
    throw error;
  }
  const same = found.batches.every(({ records }, at) => Buffer.compare(records, good[at]!.records) === 0);
  if (!same || found.end.complete) throw new Error('damage went unnoticed');
  if (found.end.damage === undefined) return 'interrupted';
  if (!/^The file is damaged after event \d+, at byte \d+: .+\.$/.test(found.end.damage.sentence))
    throw new Error(found.end.damage.sentence);
  return 'damaged';
}

describe('a trace file', () => {
  it('comes back as it was written', () => {
    const table = sample();
    const found = read(encoded(table));
    expect(found.end).toEqual({ events: table.length, complete: true, damage: undefined });
    expect(found.meta).toEqual({ ...META, scenario: '{"alertable":1}' });
    expect(lines(found.table)).toEqual(lines(table));
    expect(found.table.threadName(2)).toBe('T1');
    expect(found.batches.map(({ first, events }) => [first, events])).toEqual([
      [0, 6],
      [6, table.length - 6],
    ]);
  });

  it('is the same bytes when what came out of it is written again', () => {
    const bytes = encoded(sample());
    const encoder = new TraceEncoder({ ...META, scenario: '{"alertable":1}' });
    const parts = readTraceBytes(bytes).batches.flatMap(({ records, text, firstText }) => {
      moveTexts(records, -firstText);
      encoder.append(records, text);
      return [encoder.flush()!.bytes];
    });
    expect(Buffer.compare(Buffer.concat([...parts, encoder.end()]), bytes)).toBe(0);
  });

  it('of a session without an event has a schema and an end', () => {
    const { end, table } = read(encoded(new EventTable(), [0]));
    expect(end).toEqual({ events: 0, complete: true, damage: undefined });
    expect(table.length).toBe(0);
  });

  it('closes a batch at 16,384 events, and before one grows large by its lists', () => {
    const sleeps = tableOf(
      Array.from({ length: 20_000 }).reduce<TraceBuilder>((b) => b.end(2, 'sleep'), new TraceBuilder()),
    );
    expect(read(encoded(sleeps, [0])).batches.map(({ events }) => events)).toContain(16_384);
    const waits = Array.from({ length: 300 }).reduce<TraceBuilder>(
      (b) => b.begin(2, 'waitForMultipleObjects', { also: Array<number>(765).fill(1) }),
      new TraceBuilder(),
    );
    const found = read(encoded(tableOf(waits), [0]));
    expect(found.batches.length).toBe(2);
    expect(found.end.events).toBe(300);
  });

  it('is read batch by batch from wherever it lies', async () => {
    const bytes = encoded(sample());
    const asked: number[] = [];
    const source = sourceOfBytes(bytes);
    const reader = await TraceReader.open({
      size: source.size,
      read: (at, length) => (asked.push(at + length), source.read(at, length)),
    });
    expect(reader.meta.title).toBe('a sample');
    const first = await reader.next();
    expect(first?.events).toBe(6);
    // Nothing of the second batch has been touched yet.
    expect(Math.max(...asked)).toBe(first!.place.at + first!.place.length);
    expect(() => reader.end).toThrow(/not been read to its end/);
    for await (const batch of reader) expect(batch.first).toBe(6);
    expect(reader.end.complete).toBe(true);
  });
});

describe('a damaged trace file', () => {
  const table = sample();
  const bytes = encoded(table);
  const good = readTraceBytes(bytes).batches;

  it('opens up to the cut, wherever it is cut', { timeout: 60_000 }, () => {
    const seen = new Set<string>();
    for (let cut = 0; cut < bytes.length; cut += 5) seen.add(howItEnds(bytes.subarray(0, cut), good));
    expect([...seen].sort()).toEqual(['damaged', 'interrupted', 'refused']);
  });

  it('is found out, whichever bit was flipped, also of what Arrow says about it', { timeout: 60_000 }, () => {
    for (let at = 0; at < bytes.length; at += 3) {
      const flipped = bytes.slice();
      flipped[at] = flipped[at]! ^ (1 << ((at * 5) % 8));
      howItEnds(flipped, good);
    }
  });

  it('says after which event and at which byte', () => {
    const at = Buffer.from(bytes).indexOf('took 123 ns');
    const flipped = bytes.slice();
    flipped[at] = flipped[at]! ^ 0x10;
    const { end, batches } = read(flipped);
    const second = batches[0]!.place.at + batches[0]!.place.length;
    expect(end.damage).toMatchObject({ at: second });
    expect(end.damage?.sentence).toMatch(
      new RegExp(`^The file is damaged after event 6, at byte ${second}: a checksum fails \\(.+\\)\\.$`),
    );
  });

  it('is not believed where its batches are swapped, doubled or left out', () => {
    const [first, second] = readTraceBytes(bytes).batches.map(({ place }) => place);
    const part = (place: { at: number; length: number }) => bytes.subarray(place.at, place.at + place.length);
    const head = bytes.subarray(0, first!.at);
    const tail = bytes.subarray(second!.at + second!.length);
    for (const order of [[second, first], [first, first, second], [second]]) {
      const forged = Buffer.concat([head, ...order.map((one) => part(one!)), tail]);
      expect(read(forged).end.damage?.sentence).toMatch(/event \d+ stands where \d+ belongs/);
    }
    expect(read(Buffer.concat([bytes, bytes])).end.damage?.sentence).toMatch(/something follows its end/);
  });

  it.each([
    ['nothing at all', new Uint8Array(0), /does not begin as an Arrow IPC stream/],
    ['text', new TextEncoder().encode('{"hello": 1}'), /does not begin as an Arrow IPC stream/],
    ['zeros', new Uint8Array(1000), /does not begin as an Arrow IPC stream/],
  ])('refuses %s with a sentence', (_name, content, message) => {
    expect(() => readTraceBytes(content)).toThrow(message);
  });

  it('refuses a newer format with a sentence that says what reads it', () => {
    const newer = Buffer.from(bytes);
    const key = newer.indexOf('alertable.version');
    const value = [...newer.keys()].find(
      (at) => Math.abs(at - key) < 40 && newer[at] === 0x32 && newer[at + 1] === 0,
    )!;
    newer[value] = 0x37;
    expect(() => readTraceBytes(newer)).toThrow(
      'it has format version 7 and this Alertable reads up to version 2: open it with an Alertable that reads version 7',
    );
  });
});

describe('a trace file that lies', () => {
  /** One event as a record, with what a test changes of it. */
  function record(change: {
    kind?: number;
    call?: number;
    thread?: number;
    subject?: number;
    low?: number;
    timeHigh?: number;
  }) {
    const words = new Uint32Array(RECORD_BYTES / 4);
    words[1] = change.timeHigh ?? 0;
    words[3] = change.kind ?? Kind.threadStarted;
    words[4] = (change.thread ?? 2) | ((change.call ?? 0) << 16);
    words[5] = change.subject ?? 0xffffffff;
    words[6] = change.low ?? 0;
    return new Uint8Array(words.buffer);
  }
  const fileOf = (...records: Uint8Array[]): Uint8Array => {
    const encoder = new TraceEncoder(META);
    return Buffer.concat([
      ...records.flatMap((one) => encoder.append(one)).map((one) => one.bytes),
      encoder.end(),
    ]);
  };

  it.each([
    ['a kind that is none', { kind: 200 }, /a name that is not known \(200\)/],
    ['no kind', { kind: 0 }, /kind 0/],
    ['a call that is none', { call: 200 }, /a name that is not known \(200\)/],
    ['a thread that no session has', { thread: 50_000 }, /thread 50000/],
    ['an APC far beyond all others', { kind: Kind.apcBegan, subject: 0xfffffff0 }, /APC 4294967280/],
    ['an object that no session has', { kind: Kind.objectChanged, subject: 5000 }, /object 5000/],
    ['a handle that is none', { kind: Kind.callBegan, subject: 0x40000009 }, /handle 1073741833/],
    ['a definition of nothing', { kind: Kind.defined, subject: 1, low: 9 }, /definition 1/],
    ['a template that no session has', { kind: Kind.log, subject: 0xf0000000 }, /text 4026531840/],
    ['a time in a thousand years', { timeHigh: 0x7fffffff }, /time 9223372/],
    ['a state that is none', { kind: Kind.resync, low: 77 }, /thread state 77/],
  ])('with %s is damaged there', (_name, change, message) => {
    const { end } = read(fileOf(record({}), record(change)));
    expect(end.damage?.sentence).toMatch(/^The file is damaged after event 1, /);
    expect(end.damage?.sentence).toMatch(message);
  });

  it('with calls that never return is damaged where no thread can have so many', () => {
    const begun = Array.from({ length: 3000 }, () => record({ kind: Kind.callBegan, call: 1 }));
    expect(read(fileOf(...begun)).end.damage?.sentence).toMatch(/after event 2048.*more than 2048 calls/);
  });

  it('with times that run backwards keeps each thread’s from falling', () => {
    const builder = new TraceBuilder().at(100).started(2).at(50).started(3).at(20).ended(2).at(60).ended(3);
    const { table } = read(encoded(tableOf(builder), [0]));
    expect([0, 1, 2, 3].map((index) => table.timeNs(index))).toEqual([100, 50, 100, 60]);
  });
});
