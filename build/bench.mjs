import fs from 'node:fs';
import { describeMachine } from './bench/machine.mjs';
import { canRunRealtime, measure } from './bench/measure.mjs';
import { partsOfAnEvent, profileOf } from './bench/profile.mjs';
import { PROGRAMS } from './bench/rows.mjs';
import { judge, tableText } from './bench/table.mjs';
import { fromCache } from './paths.mjs';
import { SetupFault, runMain } from './setup/fault.mjs';
import { stepsOf } from './setup/goals.mjs';
import { setUp } from './setup/set-up.mjs';
import { withDisplay } from './test/display.mjs';

/**
 * @typedef {import('./bench/measure.mjs').Options} Options
 * @typedef {import('./bench/table.mjs').Judged} Judged
 */

const USAGE = `usage: npm run bench -- native [--rounds N] [--seconds S] [--realtime]
       npm run bench -- trace [--only TEXT]

native measures the native library against its peers, in turns. A round runs every program once, most for S seconds (default 1).
--realtime runs those of Linux above everything else on the machine, which stands still meanwhile (root only).
The exit status says whether everything could be measured, not whether goals are met.`;

const say = (/** @type {string} */ text) => void process.stdout.write(`${text}\n`);

async function main() {
  const [suite, ...args] = process.argv.slice(2);
  if (suite === 'trace') return traceSuite(args);
  return nativeSuite(readOptions([suite ?? '', ...args]));
}

/** @param {readonly string[]} args */
async function traceSuite(args) {
  await setUp(stepsOf('bench-window'), { stream: process.stdout });
  const { benchTrace } = await import('./bench/trace.mjs');
  return withDisplay((env) => {
    Object.assign(process.env, env);
    return benchTrace(args);
  });
}

/** @param {Options} options */
async function nativeSuite(options) {
  await setUp(stepsOf('bench'), { stream: process.stdout });
  fs.mkdirSync(fromCache('bench'), { recursive: true });
  const machine = describeMachine();
  const results = await measure(options, progress);
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[2K');
  const judged = judge(results);
  fs.writeFileSync(
    fromCache('bench', 'native.json'),
    JSON.stringify({ machine, options, rounds: results.rounds }, undefined, 1),
  );
  say(
    [
      '',
      ...machine,
      `${options.rounds} rounds of ${options.seconds} s; ratios are of one round each`,
      '',
    ].join('\n'),
  );
  say(tableText(judged));
  await explain(judged, results, options);
  const count = (/** @type {(one: Judged) => boolean} */ of) => judged.filter(of).length;
  const failed = count((one) => one.failed !== undefined);
  say(
    `\n${count(({ met }) => met === true)} goals met, ${count(({ met }) => met === false)} missed, ${count(({ absent }) => absent !== undefined)} rows skipped, ${failed} failed`,
  );
  return failed > 0 ? 1 : 0;
}

/** @param {readonly string[]} args @returns {Options} */
function readOptions([suite, ...args]) {
  const options = { rounds: 5, seconds: 1, realtime: false };
  if (suite !== 'native') throw new SetupFault(USAGE);
  for (let at = 0; at < args.length; at++) {
    const name = args[at];
    if (name === '--realtime') {
      if (!canRunRealtime()) throw new SetupFault('--realtime needs root and the program chrt.');
      options.realtime = true;
      continue;
    }
    const value = Number(args[++at]);
    if (!(value > 0)) throw new SetupFault(USAGE);
    if (name === '--rounds') options.rounds = Math.ceil(value);
    else if (name === '--seconds') options.seconds = value;
    else throw new SetupFault(USAGE);
  }
  return options;
}

/** @param {string} text */
function progress(text) {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K${text}`);
}

/**
 * What stands in the way of a goal: samples of the lab's own program, and what an event is made of.
 * @param {readonly Judged[]} judged @param {import('./bench/measure.mjs').Results} results @param {Options} options
 */
async function explain(judged, results, options) {
  const missed = judged.filter(({ met }) => met === false);
  if (missed.length === 0) return;
  say('\nWhat stands in the way');
  for (const program of new Set(missed.map(({ row }) => row.of[0]))) {
    const titles = missed.filter(({ row }) => row.of[0] === program).map(({ row }) => row.title);
    say(`  ${titles.join('; ')}`);
    const profile = await profileOf(program, options);
    const lines = profile ?? ['no samples: perf is missing, or sees nothing in Wine'];
    say(lines.map((line) => `    ${line}`).join('\n'));
  }
  for (const engine of new Set(missed.map(({ row }) => PROGRAMS[row.of[0]]?.engine ?? 'posix'))) {
    say(`  An event on ${engine}, and its parts, each in a loop of its own`);
    const parts = partsOfAnEvent(results.rounds, engine === 'posix' ? 'event' : 'win32event');
    say(parts.map((line) => `  ${line}`).join('\n'));
  }
}

await runMain(main);
