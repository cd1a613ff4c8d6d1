import { spawn } from 'node:child_process';
import path from 'node:path';
import { SOAK_ASAN_BUILD, benchProgram } from './bench/builds.mjs';
import { untilEnd } from './child.mjs';
import { SetupFault, runMain } from './setup/fault.mjs';
import { nativeFolder } from './setup/native.mjs';
import { findProgram } from './setup/run.mjs';
import { stepsOf } from './setup/goals.mjs';
import { setUp } from './setup/set-up.mjs';

/** `npm run soak [-- --apcs N --threads N --rate N --seed N]`: the options are apc-soak's own. */
const SANITIZED = ['--apcs', '300000', '--threads', '200', '--rate', '50000'];

async function main() {
  if (process.platform === 'win32') throw new SetupFault('The soak runs the posix engine: not on Windows.');
  const args = process.argv.slice(2);
  await setUp(stepsOf('soak'), { stream: process.stdout });
  const status = await play('Release', [benchProgram('apc-soak'), ...args]);
  if (status !== 0) return status;
  // GCC 12's sanitizers can't find room for their shadow memory where the kernel spreads addresses widely.
  const fixed = findProgram('setarch') ? ['setarch', '--addr-no-randomize'] : [];
  const program = path.join(nativeFolder(SOAK_ASAN_BUILD.name), 'apc-soak');
  return play('with AddressSanitizer and LeakSanitizer, fewer', [...fixed, program, ...SANITIZED]);
}

/** @param {string} title @param {readonly string[]} words */
function play(title, [command = '', ...args]) {
  process.stdout.write(`\n== ${title} ==\n`);
  return untilEnd(spawn(command, args, { stdio: 'inherit' }));
}

await runMain(main);
