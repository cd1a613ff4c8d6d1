import { constants } from 'node:os';

/**
 * Waits for the child that this program is only a door to. A terminal's Ctrl-C reaches the child as well: it decides how to
 * end, and we pass that on.
 * @param {import('node:child_process').ChildProcess} child
 * @param {{ passesCtrlC?: boolean }} [how] whether it may get a SIGINT of ours too: one that takes two for one
 * @returns {Promise<number>} its exit status; of one that a signal ended, as a shell has it
 */
export function untilEnd(child, { passesCtrlC = false } = {}) {
  process.on('SIGINT', () => passesCtrlC && child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
