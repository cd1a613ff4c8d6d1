import { SetupFault, runMain } from './setup/fault.mjs';
import { stepsOf } from './setup/goals.mjs';
import { seconds } from './setup/report.mjs';
import { setUp } from './setup/set-up.mjs';
import { STATIC_CHECKS, TEST_CHECKS } from './test/checks.mjs';

/**
 * @typedef {import('./test/checks.mjs').Check} Check
 * @typedef {import('./test/counts.mjs').Counts & {title: string, ms: number, reason?: string}} Row
 */

const say = (/** @type {string} */ text) => void process.stdout.write(text);

async function main() {
  const chosen = chooseChecks(process.argv.slice(2));
  say('Set-up\n');
  try {
    await setUp(stepsOf('test'), { stream: process.stdout });
  } catch (error) {
    say(
      `\n${error instanceof SetupFault ? error.message : /** @type {Error} */ (error).stack}\n\n0 passed, 1 failed\n`,
    );
    return 1;
  }
  const rows = await Promise.all(STATIC_CHECKS.filter(chosen).map((check) => runCheck(check, false)));
  for (const check of TEST_CHECKS.filter(chosen)) rows.push(await runCheck(check, true));
  printTable(rows);
  return rows.some((row) => row.failed > 0) ? 1 : 0;
}

/** @param {readonly string[]} args @returns {(check: Check) => boolean} */
function chooseChecks(args) {
  if (args.length === 0) return () => true;
  const names = [...STATIC_CHECKS, ...TEST_CHECKS].map((check) => check.name);
  const [option, list = ''] = args;
  const wanted = list.split(',');
  if (option !== '--only' || args.length !== 2 || !wanted.every((name) => names.includes(name))) {
    throw new SetupFault(`usage: npm test [-- --only <${names.join(' | ')}>[,…]]`);
  }
  return (check) => wanted.includes(check.name);
}

/**
 * @param {Check} check
 * @param {boolean} alone  it runs by itself, so that what it says can be shown as it comes
 * @returns {Promise<Row>}
 */
async function runCheck(check, alone) {
  const began = performance.now();
  let held = '';
  const echo = alone ? say : (/** @type {string} */ text) => void (held += text);
  const heading = () => say(`\n== ${check.title} ==\n`);
  if (alone) heading();
  const skip = check.skip?.();
  const counts = skip ? countSkip(skip) : await workOrFail(check, echo);
  const ms = performance.now() - began;
  if (!alone) heading();
  say(`${held}${skip ? `skipped: ${skip.reason}` : describe(counts)} (${seconds(ms)})\n`);
  return { title: check.title, ms, ...counts, ...(skip && { reason: skip.reason }) };
}

/** On a build machine a check that was left out is one that nobody notices. @param {{applies: boolean}} skip */
function countSkip({ applies }) {
  const fails = applies && process.env['CI'] === 'true';
  return { passed: 0, failed: fails ? 1 : 0, skipped: fails ? 0 : 1 };
}

/** @param {Check} check @param {(text: string) => void} echo */
async function workOrFail(check, echo) {
  try {
    return await check.work(echo);
  } catch (error) {
    echo(`${error instanceof SetupFault ? error.message : /** @type {Error} */ (error).stack}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** @param {import('./test/counts.mjs').Counts} counts */
function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** @param {readonly Row[]} rows */
function printTable(rows) {
  const width = Math.max(...rows.map((row) => row.title.length));
  say(`\n${'check'.padEnd(width)}  passed  failed  skipped     time\n`);
  for (const { title, passed, failed, skipped, ms, reason } of rows) {
    const cells = [
      String(passed).padStart(6),
      String(failed).padStart(6),
      String(skipped).padStart(7),
      seconds(ms).padStart(7),
    ];
    say(`${title.padEnd(width)}  ${cells.join('  ')}${reason ? `  ${reason}` : ''}\n`);
  }
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    rows.reduce((total, row) => total + row[key], 0);
  say(`\n${describe({ passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') })}\n`);
}

await runMain(main);
