import { SetupFault } from '../setup/fault.mjs';
import { findProgram, run } from '../setup/run.mjs';
import { whyNoWin32 } from '../setup/win32.mjs';
import { WINE_ENVIRONMENT, findWine, warmUp } from '../setup/wine.mjs';
import { benchProgram, whyNoPeer, win32BenchProgram } from './builds.mjs';
import { PROGRAMS } from './rows.mjs';

/**
 * @typedef {import('./rows.mjs').Round} Round
 * @typedef {{rounds: number, seconds: number, realtime: boolean}} Options
 * @typedef {{rounds: Round[], absent: Map<string, string>, failed: Map<string, string>}} Results
 *   by program, why it is not in the rounds
 */

const LIMIT_MS = 120_000;

/**
 * Every program in turn, `rounds` times, every other time backwards: what is compared ran within seconds of each other and
 * saw the same machine.
 * @param {Options} options
 * @param {(text: string) => void} progress
 * @returns {Promise<Results>}
 */
export async function measure(options, progress) {
  const absent = new Map(Object.keys(PROGRAMS).flatMap((name) => absence(name)));
  /** @type {Map<string, string>} */
  const failed = new Map();
  const names = Object.keys(PROGRAMS).filter((name) => !absent.has(name));
  if (names.includes('win32') && process.platform !== 'win32') await warmUp(findWine() ?? 'wine64');
  /** @type {Round[]} */
  const rounds = [];
  for (let at = 0; at < options.rounds; at++) {
    /** @type {Round} */
    const round = {};
    for (const name of at % 2 === 0 ? names : [...names].reverse()) {
      progress(`round ${at + 1} of ${options.rounds}: ${name}`);
      const figures = await runOnce(name, options);
      if (typeof figures === 'string') failed.set(name, figures);
      else round[name] = figures;
    }
    rounds.push(round);
  }
  return { rounds, absent, failed };
}

/** @param {string} name @returns {[string, string][]} */
function absence(name) {
  const program = PROGRAMS[name];
  const onWindows = process.platform === 'win32';
  const reason =
    program?.engine === 'win32'
      ? onWindows
        ? undefined
        : whyNoWin32()
      : onWindows
        ? 'the posix engine is not for Windows'
        : whyNoPeer(program?.file ?? '');
  return reason === undefined ? [] : [[name, reason]];
}

/** The command line of a program, as it is run. @param {string} name @param {Options} options */
export function commandOf(name, { seconds, realtime }) {
  const program = PROGRAMS[name];
  if (!program) throw new SetupFault(`There is no program ${name}.`);
  const args = program.args({ seconds });
  if (program.engine === 'posix')
    return [...(realtime ? ['chrt', '--fifo', '1'] : []), benchProgram(program.file), ...args];
  const wine = process.platform === 'win32' ? [] : [findWine() ?? 'wine64'];
  return [...wine, win32BenchProgram(program.file), ...args];
}

/** @param {string} name @param {Options} options @returns {Promise<import('./rows.mjs').Figures | string>} */
async function runOnce(name, options) {
  const [command = '', ...args] = commandOf(name, options);
  const env = PROGRAMS[name]?.engine === 'win32' ? WINE_ENVIRONMENT : {};
  const { status, output } = await run(command, args, { env, timeoutMs: LIMIT_MS });
  const line = output.split('\n').find((text) => text.startsWith('{'));
  if (status === 0 && line) return JSON.parse(line);
  return `status ${status}${output.trim() ? `: ${output.trim().slice(-200)}` : ''}`;
}

/** Can programs run undisturbed by the rest of the machine? */
export const canRunRealtime = () => findProgram('chrt') !== undefined && process.getuid?.() === 0;
