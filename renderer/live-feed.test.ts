import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StreamAnswer, StreamMessage } from '../apc-model/app-api.ts';
import { Kind, RECORD_BYTES, SUBJECT_THREAD } from '../apc-model/event.ts';
import type { TraceMeta } from '../apc-model/trace.ts';
import { LiveFeed } from './live-feed.ts';

const META: TraceMeta = {
  engine: 'posix',
  engineLabel: 'posix emulation',
  os: 'test',
  startedUnixMs: 0,
  title: 'test',
};

let main: MessagePort;
let answers: StreamAnswer[];
let notices: string[];
/** Sessions whose first events came. */
let begun: number[];
let feed: LiveFeed;

beforeEach(() => {
  const channel = new MessageChannel();
  main = channel.port1;
  answers = [];
  notices = [];
  begun = [];
  main.onmessage = (event: MessageEvent<StreamAnswer>) => void answers.push(event.data);
  feed = new LiveFeed(
    {
      sessionBegan: () => {},
      hasFirstEvents: () => void begun.push(feed.session),
      changed: () => {},
      notice: (level, text) => void notices.push(`${level}: ${text}`),
      interrupted: () => {},
      exporting: () => {},
      settingsChanged: (settings) => void notices.push(`appearance: ${settings.appearance}`),
    },
    { nowMs: () => 0, later: setImmediate, turnMs: () => 8 },
  );
  feed.attach(channel.port2);
});

afterEach(() => {
  main.close();
  feed.close();
});

const say = (message: StreamMessage): void => main.postMessage(message);
const heard = (count: number): Promise<void> => expect.poll(() => answers.length).toBe(count);
const session = (number: number): StreamMessage => ({
  type: 'session',
  session: number,
  meta: META,
  sites: [],
  opened: null,
  budgetBytes: 480 * 2 ** 20,
});

/** One threadCreated record. */
function record(timeNs: number, thread: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(RECORD_BYTES));
  bytes.setBigUint64(0, BigInt(timeNs), true);
  bytes.setUint16(12, Kind.threadCreated, true);
  bytes.setUint32(20, SUBJECT_THREAD + thread, true);
  return new Uint8Array(bytes.buffer);
}

const batch = (number: number, sequence: number, records: Uint8Array): StreamMessage => ({
  type: 'batch',
  session: number,
  sequence,
  first: sequence,
  nowNs: 5,
  behind: 0,
  records,
  text: new Uint8Array(0),
});

test('it says that it is ready, appends batches and acknowledges each', async () => {
  say(session(1));
  say(batch(1, 0, record(1, 2)));
  say(batch(1, 1, record(2, 3)));
  await heard(3);
  expect(answers).toEqual([
    { type: 'ready' },
    { type: 'acknowledge', session: 1, sequence: 0 },
    { type: 'acknowledge', session: 1, sequence: 1 },
  ]);
  expect(feed.trace?.table.length).toBe(2);
  expect(feed.clock.nowNs).toBe(5);
});

test('a new session forgets the one before, and late batches of that are acknowledged but not shown', async () => {
  say(session(1));
  say(batch(1, 0, record(1, 2)));
  say(session(2));
  say(batch(1, 1, record(2, 3)));
  await heard(3);
  expect(feed.session).toBe(2);
  expect(feed.trace?.table.length).toBe(0);
});

test('the first events of each session are told once', async () => {
  say(session(1));
  say(batch(1, 0, record(1, 2)));
  say(batch(1, 1, record(2, 3)));
  say(session(2));
  say(batch(2, 0, record(1, 2)));
  await heard(4);
  expect(begun).toEqual([1, 2]);
});

test('a lost batch and unreadable records are said, and the stream goes on', async () => {
  say(session(1));
  say(batch(1, 0, record(1, 2)));
  say(batch(1, 2, record(2, 3)));
  say(batch(1, 3, new Uint8Array(7)));
  say(batch(1, 4, record(3, 4)));
  await heard(5);
  expect(notices).toHaveLength(2);
  expect(notices[0]).toMatch(/Batch 1 never arrived/);
  expect(notices[1]).toMatch(/could not be read/);
  expect(feed.trace?.table.length).toBe(3);
});

test('clock, verdict and notices of main arrive; those of another session do not', async () => {
  say(session(1));
  say({ type: 'verdict', session: 9, verdict: { status: 'failed', expectations: [] } });
  say({ type: 'verdict', session: 1, verdict: { status: 'passed', expectations: [] } });
  say({ type: 'clock', session: 1, nowNs: 70, state: 'ended' });
  say({ type: 'notice', level: 'warning', text: 'the disk is full' });
  say({ type: 'settings', settings: { appearance: 'dark', axis: 'time' } });
  await expect.poll(() => notices).toEqual(['warning: the disk is full', 'appearance: dark']);
  expect(feed.verdict?.status).toBe('passed');
  expect(feed.phase).toBe('ended');
  expect(feed.clock.nowNs).toBe(70);
});

test('what main can’t send any more is one gap in the trace, and what is being lost is known at once', async () => {
  say(session(1));
  say(batch(1, 0, record(1, 2)));
  say({ type: 'missed', session: 1, from: 1, to: 101 });
  say({ type: 'lost', session: 1, count: 7 });
  say(batch(1, 1, record(2, 3)));
  await heard(3);
  const { table } = feed.trace!;
  expect([table.length, table.kind(1), table.valueLow(1)]).toEqual([3, Kind.lost, 100]);
  expect(feed.lost).toBe(7);
});

test('what an earlier port had sent is forgotten with it, and the new one is heard', async () => {
  const turns: (() => void)[] = [];
  const listener = {
    ...{ sessionBegan: () => {}, hasFirstEvents: () => {}, changed: () => {}, notice: () => {} },
    ...{ interrupted: () => {}, exporting: () => {}, settingsChanged: () => {} },
  };
  const late = new LiveFeed(listener, { nowMs: () => 0, later: (run) => turns.push(run), turnMs: () => 8 });
  const [before, after] = [new MessageChannel(), new MessageChannel()];
  late.attach(before.port2);
  before.port1.postMessage(session(1));
  await expect.poll(() => turns.length).toBe(1);
  late.attach(after.port2);
  turns.shift()!();
  expect(late.trace).toBeUndefined();
  after.port1.postMessage(session(2));
  await expect.poll(() => turns.length).toBe(1);
  turns.shift()!();
  expect(late.session).toBe(2);
  late.close();
  for (const { port1 } of [before, after]) port1.close();
});
