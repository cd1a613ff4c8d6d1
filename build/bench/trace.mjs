import { SetupFault } from '../setup/fault.mjs';
import { describeMachine } from './machine.mjs';
import { bundlePrograms } from './node-programs.mjs';
import { inColumns } from './table.mjs';
import { ROWS, RUNS } from './trace-rows.mjs';

/** @typedef {import('./trace-rows.mjs').Figures} Figures */

const USAGE = `usage: npm run bench -- trace [--only TEXT]

Measures what a trace costs in memory and time, and how the real window keeps up with a session and opens a saved one.
--only measures the runs whose name holds TEXT, such as 1M, calls or stream.
The exit status says whether everything could be measured, not whether goals are met.`;

const say = (/** @type {string} */ text) => void process.stdout.write(`${text}\n`);

/** @param {readonly string[]} args */
export async function benchTrace(args) {
  const only = readOptions(args);
  const names = Object.keys(RUNS).filter((name) => name.includes(only));
  if (names.length === 0)
    throw new SetupFault(`No run's name holds “${only}”: ${Object.keys(RUNS).join(', ')}.`);
  await bundlePrograms(['trace-model', 'trace-files']);
  say(['', ...describeMachine(), ''].join('\n'));
  /** @type {Map<string, Figures>} */
  const figures = new Map();
  /** @type {string[]} */
  const failed = [];
  for (const name of names) {
    if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K${name}`);
    try {
      figures.set(name, (await RUNS[name]?.measure()) ?? {});
    } catch (error) {
      failed.push(`${name}: ${String(error).split('\n')[0]}`);
    }
  }
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[2K');
  say(tableText(figures));
  if (failed.length > 0) say(`\nNot measured\n${failed.map((line) => `  ${line}`).join('\n')}`);
  // A peer that gives up is a result.
  return failed.some((line) => !line.startsWith('speedscope')) ? 1 : 0;
}

/** @param {readonly string[]} args */
function readOptions([option, value, ...more]) {
  if (option === undefined) return '';
  if (option !== '--only' || value === undefined || more.length > 0) throw new SetupFault(USAGE);
  return value;
}

/** @param {ReadonlyMap<string, Figures>} figures */
function tableText(figures) {
  const lines = [['what', 'goal', 'measured', 'beside it', 'ratio', '']];
  for (const row of ROWS) {
    const ours = figures.get(row.run)?.[row.figure];
    if (ours === undefined) continue;
    const theirs = row.peer === undefined ? undefined : figures.get(row.peer)?.[row.figure];
    const text = (/** @type {number} */ number) => `${Number(number.toPrecision(3))} ${row.unit}`;
    lines.push([
      row.title,
      row.goal === undefined ? '' : `${row.isLeast ? '≥' : '≤'} ${row.goal}`,
      text(ours),
      theirs === undefined ? '' : `${text(theirs)} (${nameOfPeer(row.peer ?? '')})`,
      theirs === undefined ? '' : (ours / theirs).toPrecision(2),
      row.goal === undefined ? '' : isMet(row, ours) ? 'met' : 'missed',
    ]);
  }
  return inColumns(lines);
}

/** @param {import('./trace-rows.mjs').Row} row @param {number} value */
const isMet = ({ goal = 0, isLeast }, value) => (isLeast ? value >= goal : value <= goal);

/** @param {string} run */
const nameOfPeer = (run) => (run.startsWith('objects') ? 'an array of objects' : (run.split(' ')[0] ?? ''));
