import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'vite';
import { fromCache, fromRoot } from '../paths.mjs';
import { SetupFault } from '../setup/fault.mjs';
import { describeMachine } from './machine.mjs';
import { inColumns } from './table.mjs';
import { ROWS, RUNS } from './trace-rows.mjs';

/** @typedef {Record<string, number>} Figures */

const USAGE = `usage: npm run bench -- trace [--only TEXT]

Measures what a trace costs in memory and time. --only measures the runs whose name holds TEXT, such as 1M or calls.
The exit status says whether everything could be measured, not whether goals are met.`;

const HEAP_MIB = 8192;
const say = (/** @type {string} */ text) => void process.stdout.write(`${text}\n`);

/** @param {readonly string[]} args */
export async function benchTrace(args) {
  const only = readOptions(args);
  const names = Object.keys(RUNS).filter((name) => name.includes(only));
  if (names.length === 0)
    throw new SetupFault(`No run's name holds “${only}”: ${Object.keys(RUNS).join(', ')}.`);
  const folder = await bundlePrograms(new Set(names.map((name) => RUNS[name]?.program ?? '')));
  say(['', ...describeMachine(), ''].join('\n'));
  /** @type {Map<string, Figures>} */
  const figures = new Map();
  for (const name of names) {
    if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K${name}`);
    figures.set(name, runProgram(folder, name));
  }
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[2K');
  say(tableText(figures));
  return 0;
}

/** @param {readonly string[]} args */
function readOptions([option, value, ...more]) {
  if (option === undefined) return '';
  if (option !== '--only' || value === undefined || more.length > 0) throw new SetupFault(USAGE);
  return value;
}

/** Each program is one file of plain JavaScript, as in the shipped app. @param {ReadonlySet<string>} programs */
async function bundlePrograms(programs) {
  const folder = fromCache('bench', 'trace');
  await build({
    configFile: false,
    root: fromRoot(),
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20.18',
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(
          [...programs].map((name) => [name, fromRoot('build', 'bench', `${name}.ts`)]),
        ),
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
      },
    },
  });
  return folder;
}

/** @param {string} folder @param {string} name @returns {Figures} */
function runProgram(folder, name) {
  const { program, args } = RUNS[name] ?? { program: '', args: [] };
  const node = ['--expose-gc', `--max-old-space-size=${HEAP_MIB}`, path.join(folder, `${program}.mjs`)];
  return JSON.parse(execFileSync(process.execPath, [...node, ...args], { encoding: 'utf8' }));
}

/** @param {ReadonlyMap<string, Figures>} figures */
function tableText(figures) {
  const lines = [['what', 'goal', 'measured', 'an array of objects', 'ratio', '']];
  for (const row of ROWS) {
    const ours = figures.get(row.run)?.[row.figure];
    if (ours === undefined) continue;
    const theirs = row.peer === undefined ? undefined : figures.get(row.peer)?.[row.figure];
    const text = (/** @type {number} */ number) => `${Number(number.toPrecision(3))} ${row.unit}`;
    lines.push([
      row.title,
      row.goal === undefined ? '' : `≤ ${row.goal}`,
      text(ours),
      theirs === undefined ? '' : text(theirs),
      theirs === undefined ? '' : (ours / theirs).toFixed(2),
      row.goal === undefined ? '' : ours <= row.goal ? 'met' : 'missed',
    ]);
  }
  return inColumns(lines);
}
