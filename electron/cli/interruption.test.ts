import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Kind } from '../../apc-model/event.ts';
import { decodeTrace, readTraceBytes } from '../../apc-model/trace-reader.ts';
import { bundleProgram } from '../test-programs/bundle.ts';

/** Of the three the one that Node does not catch itself, from its first moment on. */
const SIGHUP_BIT = 1n << 0n;

/** A thread that logs a line and then waits for longer than any test. */
const LONG = {
  alertable: 1,
  title: 'long',
  timeoutMs: 600_000,
  routines: {
    body: [
      { do: 'log', text: 'began' },
      { do: 'sleepEx', milliseconds: 'INFINITE', alertable: true },
    ],
  },
  threads: { T1: { routine: 'body' } },
  expect: [{ thread: 'T1', exitCode: 0 }],
};

// /proc tells when the program is ready for its signal.
describe.skipIf(process.platform !== 'linux')('a signal', () => {
  let program: string;
  let folder: string;
  beforeAll(async () => void (program = await bundleProgram('electron/cli.ts')));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'alertable-signal-'));
    writeFileSync(join(folder, 'long.json'), JSON.stringify(LONG));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function start(...args: string[]) {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env: { ...process.env, INIT_CWD: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { out: '', err: '' };
    child.stdout.on('data', (bytes) => (said.out += String(bytes)));
    child.stderr.on('data', (bytes) => (said.err += String(bytes)));
    return { child, said };
  }

  async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown> {
    const takesSignals = (): boolean => {
      const caught = /^SigCgt:\s*(\w+)$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      return (BigInt(`0x${caught}`) & SIGHUP_BIT) !== 0n;
    };
    await expect.poll(takesSignals, { timeout: 10_000 }).toBe(true);
    // The session has begun, too, also on a busy machine.
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const closed = once(child, 'close');
    child.kill(signal);
    return (await closed)[0];
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends a run in order with %i: what was recorded is whole', async (signal, status) => {
    const { child, said } = start('run', 'long.json', '--trace', 'a.arrows');
    expect(await end(child, signal)).toBe(status);
    const bytes = readFileSync(join(folder, 'a.arrows'));
    expect(readTraceBytes(bytes).end).toMatchObject({ complete: true, damage: undefined });
    expect(decodeTrace(bytes).rows.filter(({ kind }) => kind === Kind.threadEnded)).toHaveLength(1);
    expect(said.err).toBe(`alertable: interrupted by ${signal}\n`);
    expect(said.out).toContain('began');
    expect(said.out).not.toContain('verdict');
  });

  it('ends many runs with no verdict at all', async () => {
    const { child, said } = start('verify', 'long.json', '--json', '-');
    expect(await end(child, 'SIGTERM')).toBe(143);
    expect(said.out).toBe('');
  });
});
