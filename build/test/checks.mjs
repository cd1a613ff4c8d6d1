import fs from 'node:fs';
import path from 'node:path';
import { fromCache, fromRoot } from '../paths.mjs';
import { run } from '../setup/run.mjs';
import { countReport, parsePlaywright, parseVitest } from './counts.mjs';
import { withDisplay } from './display.mjs';
import { addressSanitizer, hostNative, threadSanitizer, wineNative } from './native-checks.mjs';

/**
 * @typedef {object} Check
 * @property {string} name  after `--only`
 * @property {string} title
 * @property {() => {reason: string, applies: boolean} | undefined} [skip]
 *   why it can't run here; `applies` is false where it never could, whatever is installed
 * @property {(echo: (text: string) => void) => Promise<import('./counts.mjs').Counts>} work
 */

const CHECK_LIMIT_MS = 15 * 60_000;

/** These three have no clock to disturb: they share the processors. @type {readonly Check[]} */
export const STATIC_CHECKS = [
  tool(
    'prettier',
    'formatting (prettier)',
    ['prettier', 'bin', 'prettier.cjs'],
    ['--check', '--log-level=warn', '.'],
  ),
  tool('eslint', 'lint (eslint)', ['eslint', 'bin', 'eslint.js'], ['--max-warnings=0', '.']),
  tool('types', 'types (tsc)', ['typescript', 'bin', 'tsc'], ['-b', '.', 'build/tsconfig.tests.json']),
];

/** Tests measure time: one after the other. @type {readonly Check[]} */
export const TEST_CHECKS = [
  hostNative,
  wineNative,
  addressSanitizer,
  threadSanitizer,
  {
    name: 'vitest',
    title: 'unit tests (vitest)',
    work: (echo) => runner('vitest', ['vitest', 'vitest.mjs'], ['run'], echo, parseVitest),
  },
  {
    name: 'e2e',
    title: 'end to end (playwright)',
    work: (echo) =>
      withDisplay((env) =>
        runner(
          'playwright',
          ['@playwright', 'test', 'cli.js'],
          ['test', '--config', 'e2e/playwright.config.ts'],
          echo,
          parsePlaywright,
          env,
        ),
      ),
  },
];

/**
 * @param {string} name
 * @param {string} title
 * @param {readonly string[]} program  under node_modules
 * @param {readonly string[]} args
 * @returns {Check}
 */
function tool(name, title, program, args) {
  return {
    name,
    title,
    async work(echo) {
      const { status } = await runProgram(program, args, echo);
      return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
    },
  };
}

/**
 * @param {string} name  of the report that its config writes
 * @param {readonly string[]} program
 * @param {readonly string[]} args
 * @param {(text: string) => void} echo
 * @param {(text: string) => import('./counts.mjs').Counts} parse
 * @param {Record<string, string>} [env]
 */
async function runner(name, program, args, echo, parse, env) {
  const report = fromCache('test', `${name}.json`);
  fs.rmSync(report, { force: true });
  const { status } = await runProgram(program, args, echo, env);
  return countReport(report, status, parse);
}

/** @param {readonly string[]} program @param {readonly string[]} args @param {(text: string) => void} echo @param {Record<string, string>} [env] */
function runProgram(program, args, echo, env = {}) {
  const colour = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };
  return run(process.execPath, [path.join(fromRoot('node_modules'), ...program), ...args], {
    env: { ...colour, ...env },
    timeoutMs: CHECK_LIMIT_MS,
    onOutput: echo,
  });
}
