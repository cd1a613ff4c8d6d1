import { describe, expect, it } from 'vitest';
import { ChromeJsonWriter } from './export-chrome-json.ts';
import { checkChromeTrace, type ChromeEvent, type ChromeTrace } from './export-chrome-check.ts';
import { exportText } from './export-sample.ts';
import { SliceFold } from './export-slices.ts';
import { WHOLE_TRACE, type ExportRange } from './export-writer.ts';
import { Kind } from './event.ts';
import { randomTrace } from './random-trace.ts';
import { TraceBuilder } from './trace-builder.ts';

const META = {
  engine: 'posix',
  engineLabel: 'posix emulation',
  os: 'test',
  startedUnixMs: 0,
  title: 'a “sample”\n',
};

function chromeOf(
  { rows }: TraceBuilder,
  options: { range?: ExportRange; rowsOfBatch?: number } = {},
): ChromeTrace {
  return checkChromeTrace(
    exportText(rows, new ChromeJsonWriter(META, options.range ?? WHOLE_TRACE), options),
  );
}

const events = (trace: ChromeTrace, ph: ChromeEvent['ph'], cat?: string): ChromeEvent[] =>
  trace.traceEvents.filter((event) => event.ph === ph && (cat === undefined || event.cat === cat));

/** Slices of a track as a picture: two spaces for each one around it. */
function picture(trace: ChromeTrace, track: number): string[] {
  const ends: number[] = [];
  return events(trace, 'X')
    .filter(({ tid }) => tid === track)
    .sort((a, b) => a.ts - b.ts || b.dur! - a.dur!)
    .map(({ ts, dur, name, args }) => {
      while (ends.length > 0 && ends.at(-1)! <= ts) ends.pop();
      ends.push(ts + dur!);
      return `${'  '.repeat(ends.length - 1)}${ts}–${Number((ts + dur!).toFixed(3))} ${name} ${JSON.stringify(args)}`;
    });
}

/** T1 sleeps alertably; main queues two APCs to it, of which one runs. */
const oneDrain = () =>
  new TraceBuilder()
    .define('thread', 2, 'T1')
    .define('routine', 0, 'A')
    .at(1000)
    .created(2)
    .started(2)
    .at(1500)
    .begin(2, 'sleepEx', { ms: 5000, alertable: true })
    .at(2001)
    .queueing(0, 2, 1, 0, { argument: 7n })
    .at(2301)
    .queued(0, 1)
    .apcBegins(2, 1)
    .at(3000)
    .log(2, 9)
    .at(4000)
    .apcEnds(2, 1)
    .at(4500)
    .end(2, 'sleepEx', 0xc0)
    .queueing(0, 2, 2)
    .at(5000)
    .queued(0, 2)
    .ended(2, 3)
    .apcLost(2, 2);

describe('a Chrome JSON trace', () => {
  it('has a track a thread, waits and APCs in it, arrows from the queuing call and the depth of the queue', () => {
    const trace = chromeOf(oneDrain());
    expect(picture(trace, 3)).toEqual([
      '1–5 T1 {"exitCode":3,"end":"returned"}',
      '  1.5–4.5 SleepEx(5000, TRUE) {"result":"WAIT_IO_COMPLETION"}',
      '    2.301–4 APC A {"apc":1,"arguments":[7],"by":"main: QueueUserAPC"}',
    ]);
    expect(picture(trace, 1)).toEqual([
      '2.001–2.301 QueueUserAPC(A, T1, 7) {"apc":1,"result":"1"}',
      '4.5–5 QueueUserAPC(A, T1, 0) {"apc":2,"result":"1"}',
    ]);
    expect(events(trace, 's')).toMatchObject([{ ts: 2.001, tid: 1, id: 1 }]);
    expect(events(trace, 'f')).toMatchObject([{ ts: 2.301, tid: 3, id: 1 }]);
    expect(events(trace, 'C').map(({ name, ts, args }) => [name, ts, args!['APCs']])).toEqual([
      ['user APCs waiting for T1', 2.001, 1],
      ['user APCs waiting for T1', 2.301, 0],
      ['user APCs waiting for T1', 4.5, 1],
      ['user APCs waiting for T1', 5, 0],
    ]);
    expect(events(trace, 'i').map(({ name }) => name)).toEqual(['(text 9)', 'APC 2 lost']);
    expect(events(trace, 'M').map(({ name, tid, args }) => [name, tid, Object.values(args!)[0]])).toEqual([
      ['process_name', 1, 'a “sample”\ufffd · posix emulation'],
      ['thread_name', 3, 'T1 (1002)'],
      ['thread_sort_index', 3, 4],
      ['thread_name', 1, 'main'],
      ['thread_sort_index', 1, 0],
    ]);
    expect(trace.otherData).toMatchObject({ engineLabel: 'posix emulation', events: 15, lostEvents: 0 });
  });

  it('closes what is open at the end, and says so', () => {
    const build = new TraceBuilder().started(2).at(1000).begin(2, 'sleep', { ms: 5 }).at(9000).log(3, 0);
    expect(picture(chromeOf(build), 3)).toEqual([
      '0–9 thread 2 {"open":"at the end of the trace"}',
      '  1–9 Sleep(5) {"open":"at the end of the trace"}',
    ]);
  });

  it('cuts at the edges of a range, and begins with what was so there', () => {
    const trace = chromeOf(oneDrain(), { range: { fromNs: 2200, toNs: 3500 }, rowsOfBatch: 5 });
    expect(picture(trace, 3)).toEqual([
      '2.2–3.5 T1 {"open":"at the end of the range","clipped":"began 1.2 µs before the range"}',
      '  2.2–3.5 SleepEx(5000, TRUE) {"open":"at the end of the range","clipped":"began 700 ns before the range"}',
      '    2.301–3.5 APC A {"apc":1,"arguments":[7],"by":"main: QueueUserAPC","open":"at the end of the range"}',
    ]);
    expect(events(trace, 's')).toEqual([]);
    expect(events(trace, 'C').map(({ ts, args }) => [ts, args!['APCs']])).toEqual([
      [2.2, 1],
      [2.301, 0],
    ]);
    expect(trace.otherData).toMatchObject({ from: '2.2 µs', to: '3.5 µs', events: 3 });
  });

  it('a range without an event shows what goes on in it', () => {
    const trace = chromeOf(oneDrain(), { range: { fromNs: 3100, toNs: 3200 } });
    expect(picture(trace, 3)).toHaveLength(3);
    expect(picture(trace, 3)[0]).toMatch(/^3.1–3.2 T1 /);
    expect(events(trace, 'M').map(({ args }) => args!['name'])).toContain('T1 (1002)');
  });

  it('suspension has a track of its own, for it may overlap anything', () => {
    const build = new TraceBuilder()
      .started(2)
      .at(1000)
      .begin(2, 'compute', { ms: 5 })
      .at(2000)
      .suspended(2, 1, 0)
      .at(3000)
      .suspended(2, 2, 1)
      .at(4000)
      .suspended(2, 0, 2)
      .at(5000)
      .end(2, 'compute')
      .ended(2);
    const trace = chromeOf(build);
    expect(picture(trace, 100_002)).toEqual(['2–4 suspended {}']);
    expect(events(trace, 'M', undefined).map(({ args }) => args!['name'])).toContain('thread 2: suspended');
  });

  it('a gap is told, and what lost its end is cut', () => {
    const build = new TraceBuilder()
      .started(2)
      .at(1000)
      .begin(2, 'sleepEx', { alertable: true })
      .at(2000)
      .begin(2, 'setEvent')
      .at(3000)
      .lostEvents(2, 12)
      .at(4000)
      .end(2, 'sleepEx', 0)
      .ended(2);
    const trace = chromeOf(build);
    expect(picture(trace, 3)[2]).toBe('    2–4 SetEvent() {"cut":"its end was lost"}');
    expect(events(trace, 'i', 'notice')).toMatchObject([{ name: '12 events lost here', ts: 3, s: 'p' }]);
    expect(trace.otherData['lostEvents']).toBe(12);
  });

  it('failed calls stand out; numbers beyond 2^53 are written in hex', () => {
    const build = new TraceBuilder()
      .define('thread', 2, 'T1')
      .started(2)
      .begin(2, 'setEvent')
      .end(2, 'setEvent', 0, 6)
      .queue(2, 2, 0, { fails: 31 })
      .queue(2, 2, 0, { argument: 0xffff_ffff_ffff_ffffn })
      .apcBegins(2, 2)
      .apcEnds(2, 2);
    const trace = chromeOf(build);
    expect(events(trace, 'i').map(({ name }) => name)).toEqual([
      'SetEvent failed: ERROR_INVALID_HANDLE',
      'QueueUserAPC failed: ERROR_GEN_FAILURE',
    ]);
    expect(events(trace, 'X', 'apc')[0]!.args!['arguments']).toEqual(['0xffffffffffffffff']);
  });

  it('of a timer leads the arrow from the call that set it; the queue grows when it is due', () => {
    const build = new TraceBuilder()
      .started(2)
      .at(1000)
      .begin(2, 'setWaitableTimer', { ms: 1, subject: 0 })
      .armed(2, 1)
      .at(2000)
      .end(2, 'setWaitableTimer', 1)
      .begin(2, 'sleepEx', { ms: 9, alertable: true })
      .at(3000)
      .queued(0xffff, 1, 'setWaitableTimer')
      .at(4000)
      .apcBegins(2, 1)
      .at(5000)
      .apcEnds(2, 1);
    const trace = chromeOf(build);
    expect(events(trace, 's')).toMatchObject([{ ts: 1, tid: 3, id: 1 }]);
    expect(events(trace, 'f')).toMatchObject([{ ts: 4, tid: 3, id: 1 }]);
    expect(events(trace, 'C').map(({ ts, args }) => [ts, args!['APCs']])).toEqual([
      [3, 1],
      [4, 0],
    ]);
    expect(events(trace, 'i')).toMatchObject([
      { ts: 3, tid: 65_536, name: 'APC 1 is due (SetWaitableTimer)' },
    ]);
  });

  it('two threads of one name have a counter each', () => {
    const build = new TraceBuilder()
      .define('thread', 2, 'T')
      .define('thread', 3, 'T')
      .queue(0, 2)
      .queue(0, 3);
    const names = events(chromeOf(build), 'C').map(({ name }) => name);
    expect(names).toEqual(['user APCs waiting for T', 'user APCs waiting for T (3)']);
  });

  it('of a hand-driven thread shows the wait for its next step', () => {
    const build = new TraceBuilder()
      .createdByHand(2)
      .started(2)
      .at(1000)
      .queueing(2, 2, 1)
      .at(2000)
      .queued(2, 1)
      .at(3000)
      .ended(2);
    expect(picture(chromeOf(build), 3).map((line) => line.trim().replace(/ \(.*| \{.*/, ''))).toEqual([
      '0–3 thread 2',
      '0–1 waiting for the next step',
      '1–2 QueueUserAPC(routine 0, thread 2, 0)',
      '2–3 waiting for the next step',
    ]);
  });

  it.each([1, 2, 3, 4, 5, 6])('of any session nests, pairs and counts (seed %i)', (seed) => {
    const { rows } = randomTrace(seed, 6000);
    const trace = chromeOf({ rows } as TraceBuilder, { rowsOfBatch: 777 });
    const count = (kind: number): number => rows.filter((row) => row.kind === kind).length;
    expect(events(trace, 'X', 'call').length + events(trace, 'X', 'wait').length).toBe(count(Kind.callBegan));
    expect(events(trace, 'X', 'apc')).toHaveLength(count(Kind.apcBegan));
    expect(events(trace, 'X', 'queueing')).toHaveLength(count(Kind.apcQueueing));
    expect(events(trace, 'X', 'alive')).toHaveLength(count(Kind.threadStarted));
    const named = (pattern: RegExp): number =>
      events(trace, 'i').filter(({ name }) => pattern.test(name)).length;
    expect(named(/^APC \d+ lost$/)).toBe(count(Kind.apcLost));
    expect(named(/ events? lost here$/)).toBe(count(Kind.lost));
    const queued = new Set(
      rows.filter(({ kind }) => kind === Kind.apcQueueing).map(({ subject }) => subject),
    );
    const delivered = rows.filter(({ kind, subject }) => kind === Kind.apcBegan && queued.has(subject));
    expect(events(trace, 's')).toHaveLength(delivered.length);
    expect(trace.otherData['events']).toBe(rows.length);
  });

  it.each([7, 8, 9])(
    'of any part of any session nests and pairs, and agrees with the whole (seed %i)',
    (seed) => {
      const { rows } = randomTrace(seed, 3000);
      const endNs = Math.max(...rows.map(({ timeNs }) => timeNs));
      const range = { fromNs: Math.floor(endNs * 0.3), toNs: Math.floor(endNs * 0.6) };
      const part = chromeOf({ rows } as TraceBuilder, { range, rowsOfBatch: 100 });
      const whole = chromeOf({ rows } as TraceBuilder);
      const fromUs = range.fromNs / 1000;
      const toUs = range.toNs / 1000;
      const overlapping = events(whole, 'X').filter(
        ({ ts, dur }) => ts <= toUs && (ts >= fromUs || ts + dur! > fromUs),
      );
      expect(events(part, 'X')).toHaveLength(overlapping.length);
      expect(part.traceEvents.every(({ ph, ts }) => ph === 'M' || (ts >= fromUs && ts <= toUs))).toBe(true);
      // The last depth before the range is the first in it.
      const before = new Map<string, unknown>();
      for (const { name, ts, args } of events(whole, 'C')) if (ts < fromUs) before.set(name, args!['APCs']);
      const first = new Map<string, unknown>();
      for (const { name, ts, args } of events(part, 'C'))
        if (ts === fromUs && !first.has(name)) first.set(name, args!['APCs']);
      for (const [name, depth] of before) if (depth !== 0) expect(first.get(name), name).toBe(depth);
    },
  );
});

it('keeps nothing of an APC that is gone', () => {
  const build = new TraceBuilder().started(2).begin(2, 'sleepEx', { alertable: true });
  for (let apc = 1; apc <= 1000; apc++)
    build.queueing(0, 2, apc).queued(0, apc).apcBegins(2, apc).apcEnds(2, apc);
  const nothing = () => {};
  const fold = new SliceFold({
    opened: nothing,
    closing: nothing,
    closed: nothing,
    instant: nothing,
    depth: nothing,
  });
  const { table } = build.build();
  for (let index = 0; index < table.length; index++) fold.take(table, index, index);
  expect(fold.pending).toBe(0);
  expect([...fold.depths()]).toEqual([]);
});
