import { spawn } from 'node:child_process';
import { untilEnd } from './child.mjs';
import { fromRoot } from './paths.mjs';
import { runMain } from './setup/fault.mjs';
import { stepsOf } from './setup/goals.mjs';
import { setUp } from './setup/set-up.mjs';
import { whyNoWin32, win32Engine } from './setup/win32.mjs';
import { wineForCommandLine } from './setup/wine.mjs';

/** Of the command line's exit statuses, the one for a set-up that could not be finished. */
const STATUS_ENGINE_FAILED = 4;

async function main() {
  const args = process.argv.slice(2);
  // Where Wine can't be had, it is for the command line to say so, with its own exit status.
  const wine = asksForWin32(args) && whyNoWin32() === undefined;
  await setUp([...stepsOf('cli'), ...(wine ? [win32Engine] : [])], { quiet: true });
  const env = { ...process.env, ...wineForCommandLine() };
  const child = spawn(process.execPath, [fromRoot('out', 'electron', 'cli.js'), ...args], {
    stdio: 'inherit',
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
    env,
  });
  return untilEnd(child, { passesCtrlC: true });
}

/** @param {readonly string[]} args */
function asksForWin32(args) {
  return args.some(
    (word, i) => word === '--engine=win32' || (word === '--engine' && args[i + 1] === 'win32'),
  );
}

await runMain(main, STATUS_ENGINE_FAILED);
