/**
 * Waits for the child that this program is only a door to. A terminal's Ctrl-C reaches the child as well: it decides how to
 * end, and we pass that on.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>} its exit status
 */
export function untilEnd(child) {
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}
