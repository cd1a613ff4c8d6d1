import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StreamMessage } from '../apc-model/app-api.ts';
import { Call, Kind } from '../apc-model/event.ts';
import { logText } from '../apc-model/log-text.ts';
import { decodeTrace } from '../apc-model/trace-reader.ts';
import type { ThreadAt } from '../apc-model/thread-state.ts';
import { Trace } from '../apc-model/trace.ts';
import { IN_FLIGHT } from './feed.ts';
import { Laboratory } from './laboratory.ts';
import { BuiltInScenarios } from './scenarios.ts';

// The real native library, real threads and a real disk; only the window is missing.
const ROOT = resolve(import.meta.dirname, '..');

/** The built-in scenario that has neither threads nor a controller. */
const EMPTY = new BuiltInScenarios(join(ROOT, 'scenarios')).names().find((name) => {
  const { scenario } = new BuiltInScenarios(join(ROOT, 'scenarios')).read(name);
  return scenario.threads === undefined && scenario.controller === undefined;
})!;

/** A page as far as the stream goes: it keeps what comes and acknowledges it. */
class Page {
  trace: Trace | undefined;
  readonly messages: StreamMessage[] = [];
  #watchers: (() => void)[] = [];
  readonly #laboratory: Laboratory;
  acknowledges = true;

  constructor(laboratory: Laboratory) {
    this.#laboratory = laboratory;
    laboratory.attach({ send: (message) => this.#take(message) });
  }

  #take(message: StreamMessage): void {
    this.messages.push(message);
    if (message.type === 'session') this.trace = new Trace(message.meta);
    if (message.type === 'batch') {
      this.trace!.appendRecords(message.records, message.text);
      const { session, sequence } = message;
      if (this.acknowledges)
        setImmediate(() => this.#laboratory.answer({ type: 'acknowledge', session, sequence }));
    }
    for (const watcher of this.#watchers.splice(0)) watcher();
  }

  /** Waits until what has come satisfies a condition; the test's own time limit is the only clock. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((next) => this.#watchers.push(next));
  }

  thread(index: number): ThreadAt | undefined {
    return this.trace?.history.atCount(this.trace.table.length).threads.find((one) => one.index === index);
  }
}

let folder: string;
let laboratory: Laboratory;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alertable-test-'));
  laboratory = new Laboratory({
    nativeFolder: join(ROOT, '.cache', 'native', `${process.platform}-${process.arch}`),
    scenariosFolder: join(ROOT, 'scenarios'),
    recordingsFolder: join(folder, 'recordings'),
  });
});
afterEach(async () => {
  await laboratory.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a session by hand', () => {
  it('lets an APC wait until the thread is alertable, then delivers it', async () => {
    const page = new Page(laboratory);
    await laboratory.execute({ type: 'runScenario', name: EMPTY });
    const { thread, name } = await laboratory.execute({ type: 'createThread', suspended: false });
    await page.until(() => page.thread(thread)?.activity === 'waitingForStep');
    expect(page.thread(thread)?.name).toBe(name);

    expect(await laboratory.execute({ type: 'queueUserApc', thread, routine: 0, data: 7, count: 2 })).toEqual(
      { queued: 2 },
    );
    await page.until(
      () => page.thread(thread)?.userQueue.filter((one) => one.state === 'pending').length === 2,
    );
    expect(page.thread(thread)?.userQueue.map((one) => one.argument)).toEqual([7n, 8n]);

    await laboratory.execute({ type: 'handStep', thread, step: { do: 'sleep', milliseconds: 1 } });
    await page.until(
      () => page.thread(thread)?.mailbox === 0 && page.thread(thread)?.activity === 'waitingForStep',
    );
    expect(page.thread(thread)?.counts.delivered).toBe(0);

    await laboratory.execute({
      type: 'handStep',
      thread,
      step: { do: 'sleepEx', milliseconds: 'INFINITE', alertable: true },
    });
    await page.until(
      () => page.thread(thread)?.counts.delivered === 2 && page.thread(thread)?.activity === 'waitingForStep',
    );
    expect(page.thread(thread)?.userQueue).toEqual([]);
  });

  it('suspends, resumes and ends a thread, and refuses what comes after', async () => {
    const page = new Page(laboratory);
    await laboratory.execute({ type: 'runScenario', name: EMPTY });
    const { thread } = await laboratory.execute({ type: 'createThread', suspended: true });
    await page.until(() => page.thread(thread)?.suspendCount === 1);
    expect(await laboratory.execute({ type: 'suspendThread', thread })).toEqual({ previousCount: 1 });
    expect(await laboratory.execute({ type: 'resumeThread', thread })).toEqual({ previousCount: 2 });
    expect(await laboratory.execute({ type: 'resumeThread', thread })).toEqual({ previousCount: 1 });
    await page.until(() => page.thread(thread)?.activity === 'waitingForStep');
    await laboratory.execute({ type: 'endThread', thread });
    await page.until(() => page.thread(thread)?.activity === 'ended');
    expect(await laboratory.execute({ type: 'queueUserApc', thread, routine: 0, data: 0, count: 1 })).toEqual(
      { queued: 0 },
    );
    await page.until(() => page.thread(thread)?.counts.failed === 1);
  });

  it('lets a thread wait for an object made by hand: an APC ends the wait, then SetEvent does', async () => {
    const page = new Page(laboratory);
    await laboratory.execute({ type: 'runScenario', name: EMPTY });
    const { thread } = await laboratory.execute({ type: 'createThread', suspended: false });
    const { object, name } = await laboratory.execute({
      type: 'createObject',
      name: null,
      object: { type: 'event' },
    });
    const wait = () =>
      laboratory.execute({
        type: 'handStep',
        thread,
        step: { do: 'waitForSingleObjectEx', object: name, milliseconds: 'INFINITE', alertable: true },
      });
    const results = (): number[] =>
      page.trace === undefined
        ? []
        : Array.from({ length: page.trace.table.length }, (_, event) => event)
            .filter(
              (event) =>
                page.trace!.table.kind(event) === Kind.callReturned &&
                page.trace!.table.call(event) === Call.waitForSingleObjectEx,
            )
            .map((event) => page.trace!.table.valueLow(event));
    await wait();
    await page.until(() => page.thread(thread)?.activity === 'alertableWait');
    await laboratory.execute({ type: 'queueUserApc', thread, routine: 0, data: 1, count: 1 });
    await page.until(() => results().length === 1);
    await wait();
    await page.until(() => page.thread(thread)?.activity === 'alertableWait');
    expect(await laboratory.execute({ type: 'changeObject', call: 'setEvent', object, count: 0 })).toEqual({
      succeeded: true,
    });
    await page.until(() => results().length === 2);
    expect(results()).toEqual([0xc0, 0]);
  });

  it('makes what a step needs, and refuses one that names what is not there by its field', async () => {
    const page = new Page(laboratory);
    await laboratory.execute({ type: 'runScenario', name: EMPTY });
    const { thread, name } = await laboratory.execute({ type: 'createThread', suspended: false });
    await laboratory.execute({
      type: 'handStep',
      thread,
      step: { do: 'openHandle', thread: name, desiredAccess: 'SYNCHRONIZE', as: 'mine' },
    });
    const handle = () =>
      page.trace?.history.atCount(page.trace.table.length).objects.find((one) => one.name === 'mine');
    await page.until(() => handle()?.state?.open === true);
    await expect(
      laboratory.execute({ type: 'handStep', thread, step: { do: 'setEvent', object: 'nothing' } }),
    ).rejects.toMatchObject({ name: 'HandFault', field: 'object' });
    await expect(
      laboratory.execute({ type: 'createObject', name: 'mine', object: { type: 'mutex' } }),
    ).rejects.toMatchObject({ field: 'name' });
    await laboratory.execute({ type: 'createObject', name: null, object: { type: 'semaphore', maximum: 1 } });
    expect(
      await laboratory.execute({ type: 'changeObject', call: 'releaseSemaphore', object: 1, count: 2 }),
    ).toEqual({ succeeded: false });
  });

  it('keeps the texts that come by hand, each once, and logs, writes and holds them', async () => {
    const page = new Page(laboratory);
    await laboratory.execute({ type: 'runScenario', name: EMPTY });
    const { thread } = await laboratory.execute({ type: 'createThread', suspended: false });
    const log = (text: string) => laboratory.execute({ type: 'handStep', thread, step: { do: 'log', text } });
    const { object } = await laboratory.execute({
      type: 'createObject',
      name: null,
      object: { type: 'file', text: 'zwölf Bytes' },
    });
    const events = (kind: number): number[] =>
      page.trace === undefined
        ? []
        : Array.from({ length: page.trace.table.length }, (_, event) => event).filter(
            (event) => page.trace!.table.kind(event) === kind,
          );
    await laboratory.execute({ type: 'handStep', thread, step: { do: 'setLastError', value: 7 } });
    await log('error {lastError} ☃');
    await log('error {lastError} ☃');
    await log('');
    await page.until(() => events(Kind.log).length === 3);
    const { table, history } = page.trace!;
    expect(events(Kind.log).map((event) => logText(table, event))).toEqual(['error 7 ☃', 'error 7 ☃', '']);
    const defined = events(Kind.defined).map((event) => table.text(event));
    expect(defined.filter((text) => text === 'error {lastError} ☃')).toHaveLength(1);
    const file = history.atCount(table.length).objects.find(({ index }) => index === object);
    expect(file?.state?.bytes).toBe(12);
  });

  it('says which field is at fault where no more texts fit', async () => {
    await laboratory.execute({ type: 'runScenario', name: EMPTY });
    const { thread } = await laboratory.execute({ type: 'createThread', suspended: true });
    await laboratory.execute({ type: 'createObject', name: 'p', object: { type: 'pipe' } });
    const make = (number: number) =>
      laboratory.execute({
        type: 'createObject',
        name: null,
        object: { type: 'file', text: String(number).padEnd(65_535, '.') },
      });
    for (let number = 0; number < (16 << 20) / 65_536; number++) await make(number);
    await expect(make(999)).rejects.toMatchObject({
      name: 'HandFault',
      field: 'text',
      problem: expect.stringMatching(/no room for more texts/) as string,
    });
    await make(3);
    await laboratory.execute({
      type: 'handStep',
      thread,
      step: { do: 'writePipe', file: 'p.write', bytes: 3 },
    });
  });

  it.each([
    [
      'a thread that is not there',
      { type: 'queueUserApc', thread: 99, routine: 0, data: 0, count: 1 } as const,
    ],
    [
      'a routine that is not there',
      { type: 'queueUserApc', thread: 0, routine: 999, data: 0, count: 1 } as const,
    ],
    [
      'a step for a thread that takes none',
      { type: 'handStep', thread: 1, step: { do: 'sleep', milliseconds: 1 } } as const,
    ],
  ])('refuses %s with a sentence and goes on', async (_name, command) => {
    await laboratory.execute({ type: 'runScenario', name: EMPTY });
    await expect(laboratory.execute(command)).rejects.toThrow(/^[A-Z].*: .+/);
    expect(await laboratory.execute({ type: 'createThread', suspended: false })).toMatchObject({
      name: 'worker-1',
    });
  });

  it('says that there is no session before the first', async () => {
    await expect(laboratory.execute({ type: 'createThread', suspended: false })).rejects.toThrow(
      /no session yet/,
    );
  });
});

describe('a scenario that asks for more than this engine has', () => {
  it('is not judged, and the reason is told', async () => {
    const page = new Page(laboratory);
    const file = join(folder, 'asks.json');
    const asks = {
      alertable: 1,
      title: 'asks',
      needs: ['timeTravel'],
      routines: { r: [{ do: 'sleep', milliseconds: 0, as: 'nap' }] },
      threads: { t: { routine: 'r' } },
      expect: [{ call: 'nap', lastError: 1 }],
    };
    writeFileSync(file, JSON.stringify(asks));
    await laboratory.runScenarioFile(file);
    const verdicts = () => page.messages.filter((message) => message.type === 'verdict');
    await page.until(() => verdicts().length > 0);
    expect(verdicts()[0]?.verdict).toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining('lacks timeTravel') as string,
    });
    expect(verdicts()[0]?.verdict.expectations).toMatchObject([{ status: 'skipped' }]);
  });
});

describe('many at once', () => {
  it('drains ten thousand APCs without losing an event', { timeout: 30_000 }, async () => {
    const page = new Page(laboratory);
    await laboratory.execute({ type: 'runScenario', name: EMPTY });
    const { thread } = await laboratory.execute({ type: 'createThread', suspended: false });
    await page.until(() => page.thread(thread)?.activity === 'waitingForStep');
    await laboratory.execute({ type: 'queueUserApc', thread, routine: 0, data: 1, count: 10_000 });
    await laboratory.execute({
      type: 'handStep',
      thread,
      step: { do: 'sleepEx', milliseconds: 'INFINITE', alertable: true },
    });
    await page.until(() => {
      const present = page.thread(thread);
      return present?.counts.delivered === 10_000 && present.activity === 'waitingForStep';
    });
    expect(page.trace?.history.atCount(page.trace.table.length).lostEvents).toBe(0);
  });
});

describe('the stream to the page', () => {
  it('gives a page that comes back everything from the first event', async () => {
    const first = new Page(laboratory);
    await laboratory.execute({ type: 'runScenario', name: EMPTY });
    const { thread } = await laboratory.execute({ type: 'createThread', suspended: false });
    // An APC that lands before the thread has started runs before its entry (fact 27).
    await first.until(() => first.thread(thread)?.activity === 'waitingForStep');
    await laboratory.execute({ type: 'queueUserApc', thread, routine: 0, data: 1, count: 1 });
    await first.until(() => first.thread(thread)?.userQueue[0]?.state === 'pending');
    const second = new Page(laboratory);
    await second.until(() => second.thread(thread)?.userQueue[0]?.state === 'pending');
    expect(second.trace?.table.length).toBe(first.trace?.table.length);
  });

  it('runs only so far ahead of a page that does not keep up', async () => {
    const page = new Page(laboratory);
    page.acknowledges = false;
    await laboratory.execute({ type: 'runScenario', name: EMPTY });
    const { thread } = await laboratory.execute({ type: 'createThread', suspended: true });
    await laboratory.execute({ type: 'queueUserApc', thread, routine: 0, data: 0, count: 100_000 });
    await laboratory.execute({ type: 'stop' });
    const batches = page.messages.filter((message) => message.type === 'batch');
    expect(batches.length).toBe(IN_FLIGHT);
    for (const { session, sequence } of batches)
      laboratory.answer({ type: 'acknowledge', session, sequence });
    page.acknowledges = true;
    expect(page.messages.filter((message) => message.type === 'batch').length).toBeGreaterThan(IN_FLIGHT);
  });
});

describe('the recording', () => {
  it('holds the whole session when it has been stopped', async () => {
    const page = new Page(laboratory);
    await laboratory.execute({ type: 'runScenario', name: EMPTY });
    const { thread } = await laboratory.execute({ type: 'createThread', suspended: false });
    await page.until(() => page.thread(thread)?.activity === 'waitingForStep');
    await laboratory.execute({ type: 'queueUserApc', thread, routine: 0, data: 1, count: 100 });
    await laboratory.execute({ type: 'stop' });
    await page.until(() =>
      page.messages.some((message) => message.type === 'clock' && message.state === 'ended'),
    );
    await page.until(() => page.thread(thread)?.activity === 'ended');
    const { rows, damage } = decodeTrace(readFileSync(laboratory.traceFile()!));
    expect(damage).toBeUndefined();
    expect(rows.length).toBe(page.trace?.table.length);
    expect(page.thread(thread)?.counts).toMatchObject({ queued: 100, delivered: 0, lost: 100 });
    expect((await laboratory.trace())?.table.length).toBe(rows.length);
  });
});
