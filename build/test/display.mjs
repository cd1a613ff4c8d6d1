import { spawn } from 'node:child_process';
import { SetupFault } from '../setup/fault.mjs';
import { hasDisplay } from '../setup/system-packages.mjs';

const SCREEN = '1600x1000x24';

/**
 * Runs the work with a display: the user's, or a virtual one of its own whose number the X server picks itself.
 * @template T
 * @param {(env: Record<string, string>) => Promise<T>} work  gets what to add to the environment
 * @returns {Promise<T>}
 */
export async function withDisplay(work) {
  if (hasDisplay()) return work({});
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  try {
    return await work({ DISPLAY: `:${await displayNumber(server)}` });
  } finally {
    server.kill();
  }
}

/** @param {import('node:child_process').ChildProcess} server @returns {Promise<string>} */
function displayNumber(server) {
  return new Promise((resolve, reject) => {
    let text = '';
    const pipe = /** @type {import('node:stream').Readable} */ (server.stdio[3]);
    pipe.on('data', (bytes) => {
      text += String(bytes);
      if (text.includes('\n')) resolve(text.trim());
    });
    server.on('error', () =>
      reject(new SetupFault('There is no display, and Xvfb could not be started. Install xvfb.')),
    );
    server.on('exit', (status) => reject(new SetupFault(`Xvfb ended at once, with status ${status}.`)));
  });
}
