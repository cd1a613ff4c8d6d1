import { fromCache } from '../paths.mjs';
import { findProgram, run } from '../setup/run.mjs';
import { spreadOf } from './figures.mjs';
import { commandOf } from './measure.mjs';
import { PROGRAMS } from './rows.mjs';

/** A program's own functions and the system's, sorted by what they are for. @type {readonly [string, RegExp][]} */
const KINDS = [
  ['the clock', /clock_gettime|backend_now_ns|session_now_ns/],
  ['writing events', /^(put|publish\w*|make_room|tell_gap)\b/],
  ['locks', /mutex|lll_lock|cond_/],
  ['draining (the pump)', /apc_drain|lab_take|see_last/],
  ['the queue and the wait', /life_|backend_|os_|apc_list|apc_pool|deliver|next_apc|count_|wait_locked/],
  ['interpreting steps', /interpret|run_step|step_|handle_|value_of|activation/],
];

/** What one event is made of, in loops of their own: the figures of `apc-bench event`. */
const PARTS = /** @type {const} */ ([
  ['clockNs', 'the clock'],
  ['ticketNs', 'the ticket: fetch_add on a line of its own'],
  ['recordNs', 'the record: 32 bytes'],
  ['orderedStoreNs', "the tail: a sequentially consistent store, the doorbell's half"],
  ['releaseStoreNs', 'the same as a release store'],
  ['doorbellNs', 'the look at the doorbell'],
]);

/** @param {readonly import('./rows.mjs').Round[]} rounds @param {'event' | 'win32event'} program */
export function partsOfAnEvent(rounds, program) {
  const median = (/** @type {string} */ name) =>
    spreadOf(rounds.map((round) => round[program]?.[name] ?? NaN).filter((value) => !Number.isNaN(value)))
      .median;
  return [/** @type {const} */ (['eventNs', 'the whole']), ...PARTS].map(
    ([name, words]) => `${median(name).toFixed(1).padStart(6)} ns  ${words}`,
  );
}

/**
 * Where a program of the lab's spends its time, by samples of all its threads; undefined where there is no perf.
 * @param {string} name  of PROGRAMS
 * @param {import('./measure.mjs').Options} options
 */
export async function profileOf(name, options) {
  if (PROGRAMS[name]?.engine !== 'posix' || !findProgram('perf')) return undefined;
  const data = fromCache('bench', `${name}.perf`);
  const record = ['record', '-e', 'cpu-clock', '-F', '2000', '-o', data, '--', ...commandOf(name, options)];
  if ((await run('perf', record)).status !== 0) return undefined;
  const { status, output } = await run('perf', ['script', '-i', data, '-F', 'ip,sym,dso']);
  return status === 0 ? shares(output) : undefined;
}

/** @param {string} script  a sample a line: address, symbol, (file) */
function shares(script) {
  /** @type {Map<string, number>} */
  const kinds = new Map();
  /** @type {Map<string, number>} */
  const symbols = new Map();
  let total = 0;
  for (const line of script.split('\n')) {
    const [, symbol = '', file = ''] = /^\s*[0-9a-f]+ (\S+).*\((.*)\)$/.exec(line) ?? [];
    if (!symbol) continue;
    total++;
    const isKernel = file.includes('kernel');
    const kind = isKernel ? 'the kernel' : (KINDS.find(([, words]) => words.test(symbol))?.[0] ?? 'the rest');
    add(kinds, kind);
    add(symbols, isKernel ? `[kernel] ${symbol}` : symbol);
  }
  const list = (/** @type {Map<string, number>} */ of, /** @type {number} */ most) =>
    [...of]
      .sort((a, b) => b[1] - a[1])
      .slice(0, most)
      .map(([name, count]) => `${name} ${((100 * count) / total).toFixed(0)} %`)
      .join(', ');
  return [list(kinds, 9), list(symbols, 10)];
}

/** @param {Map<string, number>} to @param {string} key */
const add = (to, key) => void to.set(key, (to.get(key) ?? 0) + 1);
