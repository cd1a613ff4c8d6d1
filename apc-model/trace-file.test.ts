import { describe, expect, it } from 'vitest';
import { EventTable } from './event-table.ts';
import { columnRow, jsonLine } from './trace-columns.ts';
import { TraceBuilder } from './trace-builder.ts';
import { TraceEncoder, decodeTrace } from './trace-file.ts';

const sample = () =>
  new TraceBuilder({ title: 'a sample', scenario: '{"alertable":1}' })
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
    .ended(2);

/** The sample in two batches, as a recorder writes them. */
function encoded(): Uint8Array {
  const trace = sample().build();
  const encoder = new TraceEncoder(trace.meta);
  const first = new EventTable();
  const rows = Array.from({ length: trace.table.length }, (_, index) => trace.table.row(index));
  for (const row of rows.slice(0, 6)) first.appendRow(row);
  const second = first.successor();
  for (const row of rows.slice(6)) second.appendRow(row);
  return Buffer.concat([encoder.encode(first), encoder.encode(second), encoder.end()]);
}

describe('a trace file', () => {
  it('comes back as it was written', () => {
    const trace = sample().build();
    const { meta, rows, damage } = decodeTrace(encoded());
    expect(damage).toBeUndefined();
    expect(meta).toEqual(trace.meta);
    const again = new EventTable();
    for (const row of rows) again.appendRow(row);
    const lines = (table: EventTable) =>
      Array.from({ length: table.length }, (_, at) => jsonLine(columnRow(table, at)));
    // A reopened log line has no template any more: its text and values are what count.
    expect(lines(again)).toEqual(lines(trace.table));
    expect(again.threadName(2)).toBe('T1');
  });

  it('opens up to the cut when it is truncated anywhere after its first batch', () => {
    const bytes = encoded();
    const wholeFirst = decodeTrace(bytes.subarray(0, bytes.length - 9));
    expect(wholeFirst.rows.length).toBeGreaterThanOrEqual(6);
    for (let cut = bytes.length - 8; cut > bytes.length - 400; cut -= 7) {
      const { rows } = decodeTrace(bytes.subarray(0, cut));
      expect([6, 13]).toContain(rows.length);
    }
  });

  it('notices a flipped bit in a batch and says after which event', () => {
    const bytes = encoded();
    const good = decodeTrace(bytes);
    const at = Buffer.from(bytes).indexOf('took 123 ns');
    expect(at).toBeGreaterThan(0);
    const flipped = bytes.slice();
    flipped[at] = flipped[at]! ^ 0x10;
    const { rows, damage } = decodeTrace(flipped);
    expect(damage).toMatch(/after event 6 fails its checksum/);
    expect(rows.length).toBe(6);
    expect(good.rows.length).toBe(13);
  });

  it.each([
    ['nothing at all', new Uint8Array(0), /not an Arrow|not an Alertable/],
    ['text', new TextEncoder().encode('{"hello": 1}'), /not an Arrow|not an Alertable/],
  ])('refuses %s with a sentence', (_name, bytes, message) => {
    expect(() => decodeTrace(bytes)).toThrow(message);
  });
});
