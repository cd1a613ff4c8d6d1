import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fromCache, fromRoot } from '../paths.mjs';
import { dropFile, inApp, inElectron } from './app-window.mjs';
import { runProgram } from './node-programs.mjs';
import { installSpeedscope, speedscopePage } from './speedscope.mjs';

/** @param {number} events */
function traceOf(events) {
  const folder = fromCache('bench', 'traces');
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${events}.arrows`);
  return { file, events: runProgram('trace-files', ['write', file, String(events)])['events'] ?? NaN };
}

/**
 * From the moment that a trace is dropped on the window to the first picture of it, and to the last event.
 * @param {number} wanted  events
 */
export function openHere(wanted) {
  const { file, events } = traceOf(wanted);
  return inApp(['--scenario', fromRoot('scenarios', 'blank.json')], async ({ page }) => {
    await page.waitForSelector('html[data-idle=true]');
    await page.evaluate(watchFor, {
      firstMs: { selector: '[role=group][aria-label^="thread "]', text: '' },
      wholeMs: { selector: '.run-indicator', text: `${events}events` },
    });
    const began = await dropFile(page, file);
    return since(began, await page.evaluate(() => window.benchSeen));
  });
}

/**
 * The same in speedscope, which shows nothing before it has read everything.
 * @param {number} wanted  events
 */
export async function openInSpeedscope(wanted) {
  await installSpeedscope();
  const { file } = traceOf(wanted);
  const json = file.replace(/arrows$/, 'json');
  execFileSync(process.execPath, [
    fromRoot('out', 'electron', 'cli.js'),
    'export',
    file,
    '--chrome-json',
    json,
  ]);
  return inElectron(speedscopeApp, async ({ page }) => {
    await page.waitForSelector('input[type=file]', { state: 'attached' });
    const title = { selector: 'title', text: path.basename(json) };
    await page.evaluate(watchFor, { firstMs: title, wholeMs: title });
    await page.evaluate(() =>
      document.addEventListener(
        'change',
        () => Object.assign(window, { benchBegan: performance.now() }),
        true,
      ),
    );
    await page.setInputFiles('input[type=file]', json);
    const seen = await page.evaluate(() => window.benchSeen);
    return since(await page.evaluate(() => window.benchBegan), seen);
  });
}

/** @param {number} beganMs @param {Record<string, number>} seen */
const since = (beganMs, seen) =>
  Object.fromEntries(Object.entries(seen).map(([name, ms]) => [name, ms - beganMs]));

/**
 * Sent to a page: notes for each name the end of the first frame in which an element has a text, by the page's clock in
 * milliseconds. `window.benchSeen` resolves when all have been.
 * @param {Record<string, {selector: string, text: string}>} wanted  text: without spaces
 */
function watchFor(wanted) {
  /** @type {Record<string, number>} */
  const seen = {};
  const benchSeen = new Promise((resolve) => {
    const look = () => {
      for (const [name, { selector, text }] of Object.entries(wanted)) {
        if (name in seen) continue;
        const found = document.querySelector(selector)?.textContent?.replace(/\s/g, '');
        if (found?.includes(text) === true) seen[name] = performance.now();
      }
      if (Object.keys(seen).length === Object.keys(wanted).length) resolve(seen);
      else atEndOfFrame();
    };
    const atEndOfFrame = () => requestAnimationFrame(() => setTimeout(look));
    atEndOfFrame();
  });
  Object.assign(window, { benchSeen });
}

/** An Electron app that is nothing but a window. @param {string} folder */
function speedscopeApp(folder) {
  const main = `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800 }).loadFile(${JSON.stringify(speedscopePage())}));
app.on('window-all-closed', () => app.quit());`;
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "name": "speedscope-window", "main": "main.js" }');
  fs.writeFileSync(path.join(folder, 'main.js'), main);
  return [folder];
}
