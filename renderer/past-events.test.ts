import { beforeEach, expect, test } from 'vitest';
import { Call, HEAD, Kind, RECORD_BYTES } from '../apc-model/event.ts';
import { CHUNK_ROWS } from '../apc-model/event-table.ts';
import { Trace } from '../apc-model/trace.ts';
import { MOST_EVENTS, PastEvents, type EventRange, type RangeSource } from './past-events.ts';

const THREAD = 2;
const META = { engine: 'posix', engineLabel: 'test', os: '', startedUnixMs: 0, title: '' };

/** A thread's calls, begin and return by turns, one a microsecond. */
function recordsOf(from: number, count: number): Uint8Array {
  const words32 = new Uint32Array((count * RECORD_BYTES) / 4);
  const words16 = new Uint16Array(words32.buffer);
  for (let row = 0; row < count; row++) {
    words32[row * 8 + HEAD.timeLow32] = (from + row) * 1000;
    words16[row * 16 + HEAD.kind16] = (from + row) % 2 === 0 ? Kind.callBegan : Kind.callReturned;
    words16[row * 16 + HEAD.thread16] = THREAD;
    words16[row * 16 + HEAD.call16] = Call.compute!;
  }
  return new Uint8Array(words32.buffer);
}

class Recording implements RangeSource {
  asked: [from: number, count: number][] = [];
  isBroken = false;

  fetch(from: number, count: number): Promise<EventRange | undefined> {
    this.asked.push([from, count]);
    if (this.isBroken) return Promise.resolve(undefined);
    return Promise.resolve({ records: recordsOf(from, count), text: new Uint8Array(0), first: from });
  }
}

const TOTAL = 160 * CHUNK_ROWS;
let trace: Trace;
let recording: Recording;
let past: PastEvents;
let changes: number;

beforeEach(() => {
  trace = new Trace(META);
  for (let at = 0; at < TOTAL; at += CHUNK_ROWS) trace.appendRecords(recordsOf(at, CHUNK_ROWS));
  trace.evictBefore(TOTAL - 10 * CHUNK_ROWS);
  recording = new Recording();
  changes = 0;
  past = new PastEvents(recording, () => changes++);
});

function excerptAt(count: number): Trace | undefined {
  const look = past.lookAt(trace, count);
  return look.state === 'here' ? look.excerpt : undefined;
}

test('what is looked at is fetched, and then there', async () => {
  const from = 20 * CHUNK_ROWS + 5;
  const to = from + 100_000;
  expect(past.look(trace, from, to)).toEqual({ state: 'loading', from, to });
  await expect.poll(() => past.look(trace, from, to).state).toBe('here');
  expect(changes).toBeGreaterThan(1);
  const excerpt = excerptAt(from)!;
  expect(excerpt.table.timeNs(from)).toBe(from * 1000);
  expect(excerpt.history.atCount(from).threads[0]!.activity).toBe('notStarted');
  const [[first]] = recording.asked as [[number, number]];
  expect(first).toBeLessThanOrEqual(from);
});

test('a look that goes on to the right lets the excerpt grow; one elsewhere begins another', async () => {
  await expect.poll(() => past.look(trace, 1000, 2000).state).toBe('here');
  const asked = recording.asked.length;
  await expect.poll(() => past.look(trace, 60_000, 90_000).state).toBe('here');
  expect(recording.asked.slice(asked).every(([from]) => from > 0)).toBe(true);
  const before = excerptAt(60_000);
  await expect.poll(() => past.look(trace, 100 * CHUNK_ROWS, 101 * CHUNK_ROWS).state).toBe('here');
  expect(excerptAt(100 * CHUNK_ROWS)).not.toBe(before);
});

test('more than fits is not fetched', () => {
  expect(past.look(trace, 0, MOST_EVENTS + 1).state).toBe('tooMany');
  expect(recording.asked).toEqual([]);
});

test('a recording that gives nothing is not asked again and again', async () => {
  recording.isBroken = true;
  expect(past.look(trace, 0, 1000).state).toBe('loading');
  await expect.poll(() => past.look(trace, 0, 1000).state).toBe('unavailable');
  expect(recording.asked).toHaveLength(1);
});
