import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CompiledScenario } from '../apc-model/compile.ts';
import { readRawRun, type RawRun } from './raw-trace.ts';
import type { Places } from './places.ts';

/** Why the win32 engine can't run under Wine here, or undefined. */
export function whyNoWine(places: Places): string | undefined {
  if (process.platform !== 'linux') return 'Wine is used on Linux only';
  if (wine() === undefined)
    return 'Wine is not installed; as root, "npm test" installs it, or run: apt-get install wine64';
  if (!existsSync(join(places.nativeForWine, 'apc-run.exe'))) {
    return 'the library is not built for Windows yet; "npm test" or a run with --engine win32 builds it';
  }
  return undefined;
}

/** Set by the set-up, which knows where distributions put it. */
const wine = (): string | undefined => process.env['ALERTABLE_WINE'];

/** What Wine itself says when it could not start a program, and how often that is tried again. */
const WINE_FAULT = /^wine client error/m;
const STARTS = 3;

/**
 * Runs a program on the real Win32 API under Wine: a child without Node runs the engine and leaves its trace in a file; it
 * is read back here. Its standard output is a file too, since Wine's programs can't always use a pipe.
 */
export async function runUnderWine(
  places: Places,
  compiled: CompiledScenario,
  scenario: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<RawRun> {
  const folder = await mkdtemp(join(tmpdir(), 'alertable-'));
  try {
    await writeFile(join(folder, 'program.bin'), compiled.program);
    const file = join(folder, 'out.apcraw');
    const args = [
      join(places.nativeForWine, 'apc-run.exe'),
      'program.bin',
      'out.apcraw',
      '--timeout-ms',
      String(timeoutMs),
    ];
    const env = { ...process.env, WINEPREFIX: join(places.cache, 'wine'), WINEDEBUG: '-all' };
    let { code, stderr } = await runChild(wine()!, args, folder, env, signal);
    // Wine's server now and then hangs up on a program that starts while it ends. Nothing of ours has run then.
    for (let again = 0; again < STARTS && !existsSync(file) && WINE_FAULT.test(stderr); again++)
      ({ code, stderr } = await runChild(wine()!, args, folder, env, signal));
    if (!existsSync(file)) {
      signal?.throwIfAborted();
      throw new Error(
        `apc-run.exe under Wine ended with status ${code} and left no trace. ${stderr.trim()}`.trim(),
      );
    }
    const run = readRawRun(await readFile(file), compiled.scenario.title, scenario);
    if (run.final === undefined && signal?.aborted !== true)
      throw new Error(`apc-run.exe under Wine broke off with status ${code}. ${stderr.trim()}`.trim());
    return run;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runChild(
  program: string,
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    const stop = (): void => void child.kill();
    signal?.addEventListener('abort', stop);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('exit', (code) => {
      signal?.removeEventListener('abort', stop);
      resolve({ code, stderr });
    });
  });
}
