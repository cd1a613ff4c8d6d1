import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Kind, RECORD_BYTES } from '../apc-model/event.ts';
import { EventTable } from '../apc-model/event-table.ts';
import { readTraceBytes } from '../apc-model/trace-reader.ts';
import { Recorder, type RecorderListener } from './recorder.ts';
import { bundleProgram } from './test-programs/bundle.ts';

// A real disk throughout; a full one is a small tmpfs, which only root can have.
const META = {
  engine: 'posix',
  engineLabel: 'posix emulation',
  os: 'test',
  startedUnixMs: 0,
  title: 'recorded',
};

class Told implements RecorderListener {
  readonly heard: string[] = [];
  missing = 0;
  #watchers: (() => void)[] = [];
  paused = (): void => this.#hear('paused');
  resumed = (): void => this.#hear('resumed');
  grew = (): void => this.#hear('grew');
  leftOut = (count: number): void => void (this.missing = count);
  #hear(what: string): void {
    this.heard.push(what);
    for (const watcher of this.#watchers.splice(0)) watcher();
  }
  async until(what: string): Promise<void> {
    while (!this.heard.includes(what)) await new Promise<void>((next) => this.#watchers.push(next));
  }
}

/** What Save writes: the whole batches of the file, and what waits. */
const wholeOf = (
  path: string,
  { writtenBytes, rest }: { writtenBytes: number; rest: Uint8Array[] },
): Buffer => Buffer.concat([readFileSync(path).subarray(0, writtenBytes), ...rest]);

/** `count` calls that return, numbered by their result. */
function returns(count: number, from = 0): Uint8Array {
  const words = new Uint32Array((count * RECORD_BYTES) / 4);
  for (let event = 0; event < count; event++) {
    const at = event * 8;
    words.set([from + event, 0, 0, Kind.callReturned, 2 | (1 << 16), 0xffffffff, from + event, 0], at);
  }
  return new Uint8Array(words.buffer);
}

const read = (path: string) => readBytes(readFileSync(path));
function readBytes(bytes: Uint8Array) {
  const { batches, end } = readTraceBytes(bytes);
  const table = new EventTable();
  for (const { records, text } of batches) table.appendRecords(records, text);
  return { table, end };
}
const results = (table: EventTable): number[] =>
  Array.from({ length: table.length }, (_, event) => event)
    .filter((event) => table.kind(event) === Kind.callReturned)
    .map((event) => table.valueLow(event));
const range = (to: number, from = 0): number[] => Array.from({ length: to - from }, (_, at) => from + at);

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'alertable-recorder-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a recording', () => {
  it('is a whole trace from its first moment to its last', async () => {
    const path = join(folder, 'a.arrows');
    const recorder = new Recorder(path, META, new Told());
    await recorder.flush();
    expect(read(path)).toMatchObject({ end: { events: 0, complete: false, damage: undefined } });
    recorder.append(returns(20_000), new Uint8Array(0), 20_000);
    await recorder.flush();
    expect(read(path).end).toMatchObject({ events: 20_000, complete: false, damage: undefined });
    await recorder.close();
    expect(read(path).end).toEqual({ events: 20_000, complete: true, damage: undefined });
  });

  it('closes a batch by itself after a quarter of a second', async () => {
    const path = join(folder, 'a.arrows');
    const recorder = new Recorder(path, META, new Told());
    recorder.append(returns(5), new Uint8Array(0), 5);
    await expect.poll(() => recorder.index.events, { timeout: 2000 }).toBe(5);
    await recorder.close();
  });

  it('leaves out what a disk is too slow for, counts it, and shows it as a gap', async () => {
    const told = new Told();
    const path = join(folder, 'a.arrows');
    const recorder = new Recorder(path, META, told, { waitingBytes: 5000 });
    // All in one turn of the event loop: nothing is written meanwhile.
    recorder.append(returns(16_384), new Uint8Array(0), 16_384);
    recorder.append(returns(100, 16_384), new Uint8Array(0), 100);
    recorder.append(returns(50, 16_484), new Uint8Array(0), 50);
    expect(told.missing).toBe(150);
    await recorder.flush();
    recorder.append(returns(10, 16_534), new Uint8Array(0), 10);
    await recorder.close();
    const { table, end } = read(path);
    expect(end.complete).toBe(true);
    expect(results(table)).toEqual([...range(16_384), ...range(16_544, 16_534)]);
    expect([table.kind(16_384), table.valueLow(16_384)]).toEqual([Kind.lost, 150]);
    // The session's events are found behind the gap too, and those in it are not.
    expect(recorder.index.locate(16_383)).toEqual({ inFile: 16_383, inRow: 1 });
    expect(recorder.index.locate(16_384)).toBeUndefined();
    expect(recorder.index.locate(16_533)).toBeUndefined();
    expect(recorder.index.locate(16_534)).toEqual({ inFile: 16_385, inRow: 10 });
    expect(recorder.index.nextOnDisk(16_400)).toBe(16_534);
  });

  it('tells a gap that nothing follows, saved or ended', async () => {
    const path = join(folder, 'a.arrows');
    const recorder = new Recorder(path, META, new Told(), { waitingBytes: 5000 });
    recorder.append(returns(16_384), new Uint8Array(0), 16_384);
    recorder.append(returns(100, 16_384), new Uint8Array(0), 100);
    const saved = readBytes(wholeOf(path, await recorder.whole())).table;
    expect([saved.length, saved.kind(16_384), saved.valueLow(16_384)]).toEqual([16_385, Kind.lost, 100]);
    recorder.append(returns(16_384, 16_484), new Uint8Array(0), 16_384);
    recorder.append(returns(7, 32_868), new Uint8Array(0), 7);
    await recorder.close();
    const { table, end } = read(path);
    expect(end).toMatchObject({ events: 32_770, complete: true });
    expect([table.kind(32_769), table.valueLow(32_769)]).toEqual([Kind.lost, 7]);
  });

  it('that grows faster than the disk takes it can be read back and saved meanwhile', async () => {
    const path = join(folder, 'a.arrows');
    const recorder = new Recorder(path, META, new Told(), { waitingBytes: 1 << 30 });
    let appended = 0;
    const flood = (): void => {
      // Two batches for each that can be written before the next turn.
      for (let part = 0; part < 4; part++, appended += 8192)
        recorder.append(returns(8192, appended), new Uint8Array(0), 8192);
      turn = setImmediate(flood);
    };
    let turn = setImmediate(flood);
    await expect.poll(() => appended).toBeGreaterThan(100_000);
    const before = appended;
    await recorder.flush();
    expect(recorder.index.events).toBeGreaterThanOrEqual(before);
    const whole = await recorder.whole();
    const { table, end } = readBytes(wholeOf(path, whole));
    clearImmediate(turn);
    expect(end).toEqual({ events: table.length, complete: true, damage: undefined });
    expect(table.length).toBeGreaterThan(before);
    expect(results(table)).toEqual(range(table.length));
    await recorder.close();
  });

  it('that has ended is not opened again, whoever asks for what is on disk', async () => {
    const told = new Told();
    const path = join(folder, 'a.arrows');
    const recorder = new Recorder(path, META, told);
    recorder.append(returns(5), new Uint8Array(0), 5);
    await recorder.close();
    await recorder.flush();
    rmSync(path);
    expect((await recorder.whole()).rest).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
    expect([told.heard, recorder.failure]).toEqual([[], undefined]);
  });

  it('can’t be made where there is no folder: that is told, and it ends', async () => {
    const told = new Told();
    const recorder = new Recorder(join(folder, 'nowhere', 'a.arrows'), META, told);
    recorder.append(returns(5), new Uint8Array(0), 5);
    await told.until('paused');
    await recorder.close();
    expect(recorder.failure?.message).toMatch(/ENOENT/);
    await recorder.release();
  });
});

describe('a full disk', () => {
  const disk = mkdtempSync(join(tmpdir(), 'alertable-disk-'));
  const isMounted = mounts(disk);
  afterEach(() => {
    if (isMounted) for (const file of ['fill', 'a.arrows']) rmSync(join(disk, file), { force: true });
  });

  /** There is room for 1.5 MB. */
  function recordOnFullDisk() {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'fill'), new Uint8Array(bavail * bsize - 1_500_000));
    const told = new Told();
    const path = join(disk, 'a.arrows');
    return { recorder: new Recorder(path, META, told, { retryMs: 20 }), path, told };
  }

  it.skipIf(!isMounted)(
    'pauses the recording, which stays whole, and lets it go on when there is room',
    async () => {
      const { recorder, path, told } = recordOnFullDisk();
      for (let from = 0; from < 64_000; from += 8000)
        recorder.append(returns(8000, from), new Uint8Array(0), 8000);
      await told.until('paused');
      await recorder.flush();
      expect(recorder.failure).toMatchObject({ code: 'ENOSPC' });
      const paused = read(path);
      expect(paused.end).toMatchObject({ complete: false, damage: undefined });
      expect(paused.table.length).toBeGreaterThan(0);
      expect(paused.table.length).toBeLessThan(64_000);
      // What waits makes it whole: Save writes both.
      const saved = wholeOf(path, await recorder.whole());
      expect(readTraceBytes(saved).end).toEqual({ events: 64_000, complete: true, damage: undefined });

      rmSync(join(disk, 'fill'));
      await told.until('resumed');
      await recorder.close();
      expect(recorder.failure).toBeUndefined();
      const { table, end } = read(path);
      expect(end).toEqual({ events: 64_000, complete: true, damage: undefined });
      expect(results(table)).toEqual(range(64_000));
    },
  );

  it.skipIf(!isMounted)(
    'that stays full to the end leaves what was written whole, and takes the rest when there is room',
    async () => {
      const { recorder, path, told } = recordOnFullDisk();
      recorder.append(returns(64_000), new Uint8Array(0), 64_000);
      await recorder.close();
      expect(recorder.failure).toMatchObject({ code: 'ENOSPC' });
      const { end } = read(path);
      expect(end).toMatchObject({ complete: false, damage: undefined });
      expect(end.events).toBeGreaterThan(0);

      rmSync(join(disk, 'fill'));
      await told.until('resumed');
      await expect
        .poll(() => read(path).end, { timeout: 2000 })
        .toMatchObject({ events: 64_000, complete: true });
      await recorder.release();
      expect(recorder.failure).toBeUndefined();
    },
  );

  it.skipIf(!isMounted)('is not waited for by who is released', async () => {
    const { recorder, path } = recordOnFullDisk();
    recorder.append(returns(64_000), new Uint8Array(0), 64_000);
    await recorder.close();
    await recorder.release();
    const { events } = read(path).end;
    rmSync(join(disk, 'fill'));
    await new Promise((later) => setTimeout(later, 100));
    expect(read(path).end).toMatchObject({ events, complete: false, damage: undefined });
    expect((await recorder.whole()).rest.length).toBeGreaterThan(0);
  });

  it.skipIf(!isMounted)('is taken away again', () => {
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });
});

// For everybody: a file that may not grow beyond a size, in a process of its own.
describe.skipIf(process.platform === 'win32')('a limit to how large a file may be', () => {
  const LIMIT_BYTES = 1 << 20;
  let program: string;
  beforeAll(async () => void (program = await bundleProgram('electron/test-programs/record-limited.ts')));

  /** @returns its process, and a wait for the next line that it says */
  function record(path: string) {
    // `ulimit -f` counts in blocks of 512 bytes; the soft limit can be raised again.
    const command = `ulimit -S -f ${LIMIT_BYTES / 512} && exec "$0" "$@"`;
    const child = spawn('/bin/sh', ['-c', command, process.execPath, program, path, '64000'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => JSON.parse((await lines.next()).value as string);
    return { child, next };
  }

  it('pauses the recording, which ends whole where the limit stays', async () => {
    const path = join(folder, 'a.arrows');
    const { child, next } = record(path);
    expect(await next()).toEqual({ paused: 'EFBIG' });
    child.stdin.end();
    expect(await next()).toEqual({ failure: 'EFBIG' });
    const { table, end } = read(path);
    expect(end).toMatchObject({ complete: false, damage: undefined });
    expect(results(table)).toEqual(range(end.events));
    expect(end.events).toBeGreaterThan(0);
    expect(statSync(path).size).toBeLessThanOrEqual(LIMIT_BYTES);
  });

  it.skipIf(spawnSync('prlimit', ['--version']).error !== undefined)(
    'lets it go on when it is raised, with nothing missing',
    async () => {
      const path = join(folder, 'a.arrows');
      const { child, next } = record(path);
      expect(await next()).toEqual({ paused: 'EFBIG' });
      execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:']);
      expect(await next()).toEqual({ resumed: true });
      child.stdin.end();
      expect(await next()).toEqual({ failure: 'none' });
      const { table, end } = read(path);
      expect(end).toEqual({ events: 64_000, complete: true, damage: undefined });
      expect(results(table)).toEqual(range(64_000));
    },
  );
});

/** A disk of 8 MiB; only root on Linux can have one. */
function mounts(at: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'alertable-test', at], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
