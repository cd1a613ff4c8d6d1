import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StreamMessage } from '../apc-model/app-api.ts';
import { Kind } from '../apc-model/event.ts';
import { columnRow, jsonLine } from '../apc-model/trace-columns.ts';
import { readTraceBytes } from '../apc-model/trace-reader.ts';
import { Trace } from '../apc-model/trace.ts';
import { IN_FLIGHT } from './feed.ts';
import { Laboratory, type LaboratoryOptions } from './laboratory.ts';
import { Recordings } from './recordings.ts';
import { bundleProgram } from './test-programs/bundle.ts';

// The real native library, real threads and a real disk; only the window is missing.
const ROOT = resolve(import.meta.dirname, '..');
const NATIVE = join(ROOT, '.cache', 'native', `${process.platform}-${process.arch}`);
const SCENARIOS = join(ROOT, 'scenarios');
const EMPTY = 'blank';

/** A page as far as the stream goes. */
class Page {
  trace: Trace | undefined;
  opened: { path: string } | null | undefined;
  /** One past the last event that came. */
  end = 0;
  readonly messages: StreamMessage[] = [];
  acknowledges = true;
  readonly #laboratory: Laboratory;
  #watchers: (() => void)[] = [];

  constructor(laboratory: Laboratory) {
    this.#laboratory = laboratory;
    laboratory.attach({ send: (message) => this.#take(message) });
  }

  #take(message: StreamMessage): void {
    this.messages.push(message);
    if (message.type === 'session') {
      this.trace = new Trace(message.meta);
      this.opened = message.opened;
      this.end = 0;
    }
    if (message.type === 'missed') this.end = message.to;
    if (message.type === 'batch') {
      expect(message.first).toBe(this.end);
      expect(message.records.length).toBeLessThanOrEqual(512 << 10);
      this.end += this.trace!.appendRecords(message.records, message.text);
      const { session, sequence } = message;
      if (this.acknowledges)
        setImmediate(() => this.#laboratory.answer({ type: 'acknowledge', session, sequence }));
    }
    for (const watcher of this.#watchers.splice(0)) watcher();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((next) => this.#watchers.push(next));
  }
  of<Type extends StreamMessage['type']>(type: Type): Extract<StreamMessage, { type: Type }>[] {
    return this.messages.filter(
      (message): message is Extract<StreamMessage, { type: Type }> => message.type === type,
    );
  }
  hasEnded = (): boolean => this.of('clock').at(-1)?.state === 'ended';
}

const lines = ({ table }: Trace, from = 0, to = table.length): string[] =>
  Array.from({ length: to - from }, (_, at) => jsonLine(columnRow(table, from + at)));

let folder: string;
let recordings: string;
let laboratory: Laboratory;
const open = (options: Partial<LaboratoryOptions> = {}): Laboratory =>
  (laboratory = new Laboratory({
    nativeFolder: NATIVE,
    scenariosFolder: SCENARIOS,
    recordingsFolder: recordings,
    ...options,
  }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alertable-traces-'));
  recordings = join(folder, 'recordings');
});
afterEach(async () => {
  await laboratory.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A session with two events for each APC, stopped. */
async function record(apcs: number, page = new Page(laboratory)): Promise<Page> {
  await recordUnseen(apcs);
  return page;
}

async function recordUnseen(apcs: number): Promise<void> {
  await laboratory.execute({ type: 'runScenario', name: EMPTY });
  const { thread } = await laboratory.execute({ type: 'createThread', suspended: true });
  for (let queued = 0; queued < apcs; queued += 10_000) {
    const count = Math.min(10_000, apcs - queued);
    await laboratory.execute({ type: 'queueUserApc', thread, routine: 0, data: queued, count });
  }
  await laboratory.execute({ type: 'stop' });
}

describe('the stream', () => {
  it('gives a page that comes late everything: what memory has let go comes from the recording', async () => {
    open({ recentBytes: 1 << 20 });
    const first = await record(60_000);
    await first.until(() => first.end > 120_000 && first.hasEnded());
    const second = new Page(laboratory);
    await second.until(() => second.end === first.end);
    expect(second.of('missed')).toEqual([]);
    expect(lines(second.trace!, 0, 2000)).toEqual(lines(first.trace!, 0, 2000));
    expect(second.trace!.table.names).toEqual(first.trace!.table.names);
  });

  it('goes on where a page has fallen behind, from the recording, a few batches at a time', async () => {
    open({ recentBytes: 1 << 20 });
    const page = new Page(laboratory);
    page.acknowledges = false;
    await record(200_000, page);
    expect(page.of('batch').length).toBe(IN_FLIGHT);
    page.acknowledges = true;
    for (const { session, sequence } of page.of('batch'))
      laboratory.answer({ type: 'acknowledge', session, sequence });
    await page.until(() => page.end > 400_000);
    expect(page.of('missed')).toEqual([]);
    // Each said how much was to come behind it: the session has ended, so that is always up to the same event.
    const late = page.of('batch').slice(IN_FLIGHT);
    const ends = late.slice(1).map(({ first }, before) => first + late[before]!.behind);
    expect(new Set(ends).size).toBe(1);
    await page.until(() => page.end === ends[0]);
    expect(page.of('batch').at(-1)!.behind).toBe(0);
    expect(lines((await laboratory.trace())!, 300_000, 300_100)).toEqual(
      lines(page.trace!, 300_000, 300_100),
    );
  });

  it('tells what can’t be had any more', async () => {
    open({ recentBytes: 1 << 20 });
    await recordUnseen(60_000);
    rmSync(laboratory.traceFile()!);
    const late = new Page(laboratory);
    await late.until(() => late.end > 120_000);
    const [missed] = late.of('missed');
    expect(missed).toMatchObject({ from: 0 });
    expect(late.trace!.table.length).toBe(late.end - missed!.to);
  });

  it('hands out ranges with the names that they define', async () => {
    open({ recentBytes: 1 << 20 });
    const page = await record(60_000);
    await page.until(() => page.end > 120_000);
    const { session } = page.of('session')[0]!;
    for (const from of [0, 5, 16_383, 77_777]) {
      const range = await laboratory.execute({ type: 'fetchEvents', session, from, count: 20_000 });
      expect(range).toMatchObject({ first: from, events: 20_000 });
      const part = new Trace(page.trace!.meta);
      part.table.appendRecords(range.records, range.text);
      expect(part.table.length).toBe(20_000);
      for (const at of [0, 1, 777, 19_999])
        expect(part.table.row(at)).toMatchObject({
          subject: page.trace!.table.subject(from + at),
          timeNs: page.trace!.table.timeNs(from + at),
        });
    }
    const last = await laboratory.execute({ type: 'fetchEvents', session, from: page.end - 3, count: 20 });
    expect(last.events).toBe(3);
  });

  it('says at once what a full ring lost, and the file has the same count', { timeout: 60_000 }, async () => {
    open();
    const page = new Page(laboratory);
    const file = join(folder, 'flood.json');
    const flood = {
      alertable: 1,
      title: 'flood',
      routines: { r: [{ do: 'repeat', count: 2_000_000, steps: [{ do: 'setLastError', value: 1 }] }] },
      threads: { t: { routine: 'r' } },
    };
    writeFileSync(file, JSON.stringify(flood));
    await laboratory.runScenarioFile(file);
    // Nobody drains meanwhile.
    for (const until = performance.now() + 1000; performance.now() < until;);
    await page.until(() => page.of('lost').length > 0);
    await laboratory.execute({ type: 'stop' });
    await page.until(() => page.hasEnded());
    const { count } = page.of('lost').at(-1)!;
    expect(count).toBeGreaterThan(0);
    const table = (await laboratory.trace())!.table;
    let inFile = 0;
    for (let event = 0; event < table.length; event++)
      if (table.kind(event) === Kind.lost) inFile += table.valueLow(event);
    expect(inFile).toBe(count);
  });
});

describe('a saved trace', () => {
  it('opens as it was, and nothing runs in it until a new session begins', async () => {
    open();
    const page = await record(20_000);
    await page.until(() => page.end > 40_000 && page.hasEnded());
    const before = lines(page.trace!);
    const file = join(folder, 'saved.arrows');
    await laboratory.saveTrace(file);
    expect(readTraceBytes(readFileSync(file)).end.complete).toBe(true);

    await laboratory.openTrace(file);
    await page.until(() => page.end === before.length);
    expect(page.opened).toEqual({ path: file });
    expect(lines(page.trace!)).toEqual(before);
    expect(page.hasEnded()).toBe(true);
    await expect(laboratory.execute({ type: 'createThread', suspended: false })).rejects.toThrow(
      /saved trace, and nothing runs in it/,
    );
    expect((await laboratory.trace())?.table.length).toBe(before.length);

    expect(await laboratory.execute({ type: 'runAgain' })).toEqual({ title: page.trace!.meta.title });
    expect(page.opened).toBeNull();
    expect(await laboratory.execute({ type: 'createThread', suspended: true })).toMatchObject({
      name: 'worker-1',
    });
  });

  it('of a session that still runs is whole up to now', async () => {
    open();
    const page = new Page(laboratory);
    await laboratory.execute({ type: 'runScenario', name: EMPTY });
    const { thread } = await laboratory.execute({ type: 'createThread', suspended: true });
    await laboratory.execute({ type: 'queueUserApc', thread, routine: 0, data: 0, count: 100 });
    await page.until(() => page.end > 200);
    const file = join(folder, 'now.arrows');
    await laboratory.saveTrace(file);
    expect(readTraceBytes(readFileSync(file)).end).toMatchObject({ complete: true, damage: undefined });
    await laboratory.execute({ type: 'queueUserApc', thread, routine: 0, data: 0, count: 100 });
    await page.until(() => page.end > 400);
  });

  it('that is damaged opens up to there and says where; one that is none leaves all as it was', async () => {
    open();
    const page = await record(20_000);
    const file = join(folder, 'saved.arrows');
    await laboratory.saveTrace(file);
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1]! ^= 4;
    writeFileSync(file, bytes);
    await laboratory.openTrace(file);
    expect(page.of('notice').at(-1)?.text).toMatch(
      /^The file is damaged after event 16384, at byte \d+: a checksum fails .*\. What lies before that is shown\.$/,
    );
    expect(page.end).toBe(16_384);
    truncateSync(file, 40);
    await expect(laboratory.openTrace(file)).rejects.toThrow(
      /saved\.arrows was not opened: it does not begin/,
    );
    await expect(laboratory.openTrace(join(folder, 'none.arrows'))).rejects.toThrow(/was not opened: /);
    expect((await laboratory.trace())?.table.length).toBe(16_384);
  });

  it('larger than memory is read back from the file', async () => {
    open({ recentBytes: 1 << 20 });
    const page = await record(60_000);
    await page.until(() => page.hasEnded());
    const end = (await laboratory.trace())!.table.length;
    const file = join(folder, 'large.arrows');
    await laboratory.saveTrace(file);
    await laboratory.openTrace(file);
    await page.until(() => page.end === end && page.opened !== null);
    const late = new Page(laboratory);
    await late.until(() => late.end === end);
    expect(lines(late.trace!, end - 100)).toEqual(lines(page.trace!, end - 100));
  });
});

describe('after kill -9', () => {
  it('the session is found again, whole up to its last batch', { timeout: 60_000 }, async () => {
    const program = await bundleProgram('electron/test-programs/record.ts');
    const child = spawn(process.execPath, [program, NATIVE, SCENARIOS, recordings], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const folderOf = new Recordings(recordings);
    // It is alive: nothing is interrupted, and nothing of its is removed.
    expect(await folderOf.interrupted()).toEqual([]);
    expect(await folderOf.keepTo(0, new Set())).toEqual({ count: 0, bytes: 0 });
    child.kill('SIGKILL');
    await once(child, 'exit');

    open();
    const [found, ...others] = await laboratory.recordings.interrupted();
    expect(others).toEqual([]);
    expect(found).toMatchObject({ meta: { engine: 'posix' } });
    const page = new Page(laboratory);
    await laboratory.openInterrupted(found!.path);
    expect(page.end).toBeGreaterThanOrEqual(16_384);
    expect(page.of('notice')).toEqual([]);
    const { end } = readTraceBytes(readFileSync(found!.path));
    expect(end).toEqual({ events: page.end, complete: true, damage: undefined });
    expect(await laboratory.recordings.interrupted()).toEqual([]);
  });

  it('a recording that was cut in the midst of a batch loses only that batch', async () => {
    open();
    await record(20_000);
    const file = laboratory.traceFile()!;
    await laboratory.close();
    // As a process that is gone would have left it.
    const left = join(recordings, '2026-01-01T00-00-00-000Z-999999999-1.arrows');
    const bytes = readFileSync(file);
    writeFileSync(left, bytes.subarray(0, bytes.length - 1000));
    expect((await laboratory.recordings.interrupted()).map(({ path }) => path)).toEqual([left]);
    // While it is on offer, no limit takes it away.
    expect(await laboratory.recordings.keepTo(0, new Set([file]))).toEqual({ count: 0, bytes: 0 });
    await laboratory.openInterrupted(left);
    expect(readTraceBytes(readFileSync(left)).end).toMatchObject({ complete: true, damage: undefined });
    expect(await laboratory.recordings.keepTo(0, new Set([file]))).toMatchObject({ count: 1 });
    await expect(laboratory.openInterrupted(left)).rejects.toThrow(
      /was not opened: there is no such file\.$/,
    );
    // One in which nothing had been written yet is not worth a word.
    writeFileSync(join(recordings, '2026-01-01T00-00-00-000Z-999999999-2.arrows'), bytes.subarray(0, 500));
    expect(await laboratory.recordings.interrupted()).toEqual([]);
    expect(readdirSync(recordings)).not.toContain('2026-01-01T00-00-00-000Z-999999999-2.arrows');
  });
});

describe('a recording that was interrupted and is damaged', () => {
  it.each([
    ['in its schema', 100],
    ['in its first batch', 20_000],
    ['in the midst', 0.5],
  ])('%s stays as it is', async (_, at) => {
    open();
    await record(60_000);
    const file = laboratory.traceFile()!;
    await laboratory.close();
    const left = join(recordings, '2026-01-01T00-00-00-000Z-999999999-1.arrows');
    const bytes = readFileSync(file).subarray(0, -1000);
    bytes[at < 1 ? Math.floor(bytes.length * at) : at]! ^= 0x10;
    writeFileSync(left, bytes);
    const offered = await laboratory.recordings.interrupted();
    if (offered.length > 0) await laboratory.openInterrupted(left);
    expect(offered.length).toBe(at === 100 ? 0 : 1);
    expect(readFileSync(left).equals(bytes)).toBe(true);
  });
});

describe('the folder of recordings', () => {
  it('keeps to its limit: the oldest that are not pinned go, never what is shown, and it is told', async () => {
    let limit = Infinity;
    open({ recordingsLimitBytes: () => limit });
    const paths: string[] = [];
    for (let session = 0; session < 4; session++) {
      await record(2000);
      paths.push(laboratory.traceFile()!);
    }
    await laboratory.recordings.pin(paths[1]!, true);
    limit = statSync(paths[0]!).size * 2.5;
    const page = new Page(laboratory);
    await laboratory.keepToLimit();
    expect(page.of('notice').at(-1)?.text).toMatch(/^The 2 oldest recordings were removed \(1 MB\)/);
    const left = (await laboratory.recordings.list()).map(({ path, pinned }) => [path, pinned]);
    expect(left).toEqual([
      [paths[3], false],
      [paths[1], true],
    ]);
    limit = 0;
    await laboratory.keepToLimit();
    expect((await laboratory.recordings.list()).length).toBe(2);
  });
});
