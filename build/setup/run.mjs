import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, fromCache } from '../paths.mjs';
import { SetupFault } from './fault.mjs';

/** Between asking a program to end and ending it. */
const LAST_CALL_MS = 10_000;

export const LOG_FILE = fromCache('setup', 'log.txt');

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env]  added to this process's own
 * @property {number} [timeoutMs]
 * @property {AbortSignal} [signal]
 * @property {(text: string) => void} [onOutput]  hears it as it comes
 */

/**
 * Runs a program to its end and keeps all it says, also in `.cache/setup/log.txt`. Never throws for a bad status:
 * a program that can't be started has status 127, one that was ended from outside has 124.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{status: number, output: string}>}
 */
export function run(command, args, { cwd = ROOT, env = {}, timeoutMs, signal, onOutput } = {}) {
  return new Promise((resolve) => {
    // A group of its own, so that a limit ends the program's children too.
    const group = process.platform !== 'win32';
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: group,
    });
    let output = '';
    let ended = false;
    const take = (/** @type {string} */ text) => {
      output += text;
      onOutput?.(text);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const kill = (/** @type {NodeJS.Signals} */ signal) => {
      if (child.pid === undefined) return;
      try {
        if (group) process.kill(-child.pid, signal);
        else child.kill(signal);
      } catch {
        // It ended by itself in the meantime.
      }
    };
    const stop = (/** @type {string} */ reason) => {
      ended = true;
      take(`\n${reason}\n`);
      // Playwright has programs outside this group, and ends them when it is asked to end.
      kill('SIGTERM');
      setTimeout(() => kill('SIGKILL'), LAST_CALL_MS).unref();
    };
    const timer =
      timeoutMs && setTimeout(() => stop(`ended after its limit of ${timeoutMs / 1000} s`), timeoutMs);
    const interrupt = () => {
      kill('SIGTERM');
      // Not at once: programs beside this one have to hear of it too.
      setImmediate(() => process.exit(130));
    };
    const abort = () => stop(String(signal?.reason));
    signal?.addEventListener('abort', abort);
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    const finish = (/** @type {number} */ status) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
      appendToLog(command, args, status, output);
      resolve({ status, output });
    };
    child.on('error', (error) => {
      output += error.message;
      finish(127);
    });
    // What it left behind may hold its output open for ever.
    child.on('exit', () => ended && setTimeout(() => finish(124), 1000));
    child.on('close', (code) => finish(ended ? 124 : (code ?? 1)));
  });
}

/**
 * Like `run`, but a bad status is a fault that shows the end of what the program said.
 * @param {string} what  the sentence's subject, as in "The native library could not be built"
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export async function mustRun(what, command, args, options) {
  const { status, output } = await run(command, args, options);
  if (status === 0) return output;
  const tail = output.trimEnd().split('\n').slice(-30).join('\n');
  throw new SetupFault(
    `${what}: \`${path.basename(command)} ${args.join(' ')}\` ended with status ${status}.\n${tail}\n\nThe whole log: ${LOG_FILE}`,
  );
}

/**
 * The full path of a program on PATH, or undefined.
 * @param {string} name
 */
export function findProgram(name) {
  const endings = process.platform === 'win32' ? (process.env['PATHEXT'] ?? '.EXE').split(';') : [''];
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      if (fs.existsSync(file)) return file;
    }
  }
  return undefined;
}

/** @param {string} command @param {readonly string[]} args @param {number} status @param {string} output */
function appendToLog(command, args, status, output) {
  fs.mkdirSync(path.dirname(LOG_FILE), { recursive: true });
  fs.appendFileSync(LOG_FILE, `$ ${command} ${args.join(' ')}\n${output}\n[status ${status}]\n\n`);
}
