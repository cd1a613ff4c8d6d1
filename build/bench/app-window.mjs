import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron } from 'playwright';
import { electronBinary } from '../electron-binary.mjs';
import { ROOT } from '../paths.mjs';
import { sandboxFlags } from '../sandbox.mjs';
import { SetupFault } from '../setup/fault.mjs';

/**
 * @typedef {import('playwright').ElectronApplication} ElectronApplication
 * @typedef {import('playwright').Page} Page
 *
 * @typedef {object} Opened
 * @property {ElectronApplication} app
 * @property {Page} page
 * @property {string} folder  for files of this run; it is gone afterwards
 * @property {string} data  in it: the user's data
 */

/**
 * Does the work in the real app, with a user-data folder of its own.
 * @template T
 * @param {readonly string[]} args @param {(opened: Opened) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function inApp(args, work) {
  return inElectron(() => [ROOT, ...args], work);
}

/**
 * Does the work in the Electron that the app runs in.
 * @template T
 * @param {(folder: string) => readonly string[]} args @param {(opened: Opened) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function inElectron(args, work) {
  const binary = electronBinary();
  if (binary === undefined) throw new SetupFault('There is no Electron: its set-up did not run.');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'alertable-bench-'));
  const data = path.join(folder, 'data');
  const app = await _electron.launch({
    executablePath: binary.executable,
    args: [...sandboxFlags(), ...args(folder), '--user-data-dir', data],
    colorScheme: null,
  });
  const gone = once(app.process(), 'exit');
  try {
    return await work({ app, page: await app.firstWindow(), folder, data });
  } finally {
    await app.close();
    await gone;
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/**
 * Hands the app a file as if it were dropped on its window.
 * @param {Page} page @param {string} file
 * @returns {Promise<number>} when, by the page's clock in milliseconds
 */
export async function dropFile(page, file) {
  await page.evaluate(() => {
    document.querySelector('#dropped')?.remove();
    document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'dropped' }));
  });
  await page.setInputFiles('#dropped', file);
  return page.evaluate(() => {
    const input = /** @type {HTMLInputElement} */ (document.querySelector('#dropped'));
    const dataTransfer = new DataTransfer();
    for (const one of input.files ?? []) dataTransfer.items.add(one);
    const began = performance.now();
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    return began;
  });
}
