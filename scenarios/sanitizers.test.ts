import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRawRun } from '../electron/raw-trace.ts';
import { NOT_SCENARIOS, readScenarioFile } from '../electron/scenarios.ts';

// Every scenario of this folder as a program in apc-run, built with AddressSanitizer and UndefinedBehaviorSanitizer, then
// with ThreadSanitizer. What a scenario expects is judged elsewhere; here nothing may be found and everything be told.
const ROOT = resolve(import.meta.dirname, '..');
const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json') && !NOT_SCENARIOS.has(file))
  .sort();
/** Sanitized programs are slow: what takes two seconds otherwise may take longer. */
const LIMIT_MS = 30_000;

describe.skipIf(process.platform === 'win32')('every scenario under a sanitizer', () => {
  let folder = '';
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'alertable-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe.each(['asan', 'tsan'])('%s', (build) => {
    const program = resolve(ROOT, '.cache', 'native', build, 'apc-run');

    it('is built: npm test -- --only asan,tsan does it', () => expect(existsSync(program)).toBe(true));

    it.concurrent.for(files)('%s', { timeout: 2 * LIMIT_MS }, async (file) => {
      const compiled = readScenarioFile(join(import.meta.dirname, file));
      const name = join(folder, `${build}-${file.replaceAll(/\W/g, '-')}`);
      writeFileSync(`${name}.bin`, compiled.program);
      const { status, output } = await runPlain(program, [
        `${name}.bin`,
        `${name}.apcraw`,
        '--timeout-ms',
        String(compiled.scenario.timeoutMs ?? LIMIT_MS),
      ]);
      expect(output).toBe('');
      expect([0, 5]).toContain(status);
      const run = readRawRun(readFileSync(`${name}.apcraw`), compiled.scenario.title, '');
      expect(run.final).toBeDefined();
    });
  });
});

/** Without address randomization: GCC 12's sanitizers can't find room for their shadow memory otherwise. */
function runPlain(program: string, args: string[]): Promise<{ status: number; output: string }> {
  const words =
    process.platform === 'linux' ? ['setarch', '--addr-no-randomize', program, ...args] : [program, ...args];
  return new Promise((resolveRun) => {
    execFile(words[0]!, words.slice(1), { timeout: LIMIT_MS * 1.5 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolveRun({ status, output: stdout + stderr });
    });
  });
}
