import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fromRoot } from '../paths.mjs';
import { dropFile, inApp } from './app-window.mjs';
import { shareBelow } from './figures.mjs';
import { runProgram } from './node-programs.mjs';
import { watchStream } from './page-probe.mjs';

/**
 * @typedef {object} Load  threads that queue APCs to themselves, run them, and sleep
 * @property {number} threads
 * @property {number} apcs  of each burst; four events each
 * @property {number} sleepMs  between two bursts
 * @property {number} seconds
 * @property {number} sampled  one event of so many is looked at
 */

/** What the records of the stream look like (apc-model: app-api.ts, event.ts). */
const FORM = { channel: 'alertable:stream', recordBytes: 32, moreOffset: 15 };

/** @param {Load} load */
function scenarioOf({ threads, apcs, sleepMs }) {
  const names = Array.from({ length: threads }, (_, at) => `thread${at + 1}`);
  const burst = { do: 'queueUserApc', thread: 'self', routine: 'nothing', data: 0 };
  return {
    alertable: 1,
    title: `${threads} × ${apcs} APCs every ${sleepMs} ms`,
    timeoutMs: 3_600_000,
    routines: {
      nothing: [],
      bursts: [
        {
          do: 'repeat',
          count: 1_000_000_000,
          steps: [
            { do: 'repeat', count: apcs, steps: [burst] },
            { do: 'sleepEx', milliseconds: 0, alertable: true },
            { do: 'sleep', milliseconds: sleepMs },
          ],
        },
      ],
    },
    threads: Object.fromEntries(names.map((name) => [name, { routine: 'bursts' }])),
  };
}

const SETTLE_MS = 2000;

/**
 * A session that goes on at a steady rate in the real window, seen from its page.
 * @param {Load} load
 * @returns {Promise<Record<string, number>>}
 */
export const measureStream = (load) =>
  inApp(['--scenario', fromRoot('scenarios', 'blank.json')], async ({ app, page, folder, data }) => {
    await app.context().addInitScript(watchStream, FORM);
    await page.reload();
    await page.waitForSelector('html[data-idle=true]');
    const file = path.join(folder, 'load.json');
    fs.writeFileSync(file, JSON.stringify(scenarioOf(load)));
    await dropFile(page, file);
    await page.waitForTimeout(SETTLE_MS);
    await usageOf(app);
    await page.evaluate((nth) => window.benchProbe.begin(nth), load.sampled);
    await page.waitForTimeout(load.seconds * 1000);
    const used = await usageOf(app);
    const seen = await page.evaluate(() => window.benchProbe.end());
    await page.evaluate(() => window.alertable.command({ type: 'stop' }));
    const recorded = runProgram('trace-files', ['count', recordingIn(path.join(data, 'recordings'))]);
    const inPage = await takenIn(page, recorded['events'] ?? NaN);
    const tab = used.find(({ type }) => type === 'Tab');
    const cpu = used.reduce((sum, one) => sum + one.cpu, 0);
    return {
      eventsASecond: seen.events / seen.seconds,
      notInPage: seen.missed + seen.lost + Math.abs((recorded['events'] ?? NaN) - inPage),
      diskBytesAnEvent: (recorded['bytes'] ?? NaN) / (recorded['events'] ?? NaN),
      ...share('delay', seen.delayMs),
      ...share('picture', seen.pictureMs),
      ...share('frame', seen.frameMs),
      framesASecond: seen.frameMs.length / seen.seconds,
      // Electron says how much of the whole machine it was.
      cpuPercent: cpu * os.cpus().length,
      pagePercent: (tab?.cpu ?? NaN) * os.cpus().length,
      pageMiB: (tab?.kib ?? NaN) / 1024,
    };
  });

/**
 * What each process has used since the last call. Under load the answer's promise may be collected before Playwright
 * has it: then it is asked again.
 * @param {import('playwright').ElectronApplication} app
 */
async function usageOf(app, tries = 3) {
  try {
    return await app.evaluate(({ app: electron }) =>
      electron
        .getAppMetrics()
        .map(({ type, cpu, memory }) => ({ type, cpu: cpu.percentCPUUsage, kib: memory.workingSetSize })),
    );
  } catch (error) {
    if (tries === 0 || !String(error).includes('garbage collected')) throw error;
    return usageOf(app, tries - 1);
  }
}

/** @param {string} name @param {readonly number[]} values */
const share = (name, values) => ({
  [`${name}P50Ms`]: shareBelow(values, 0.5),
  [`${name}P95Ms`]: shareBelow(values, 0.95),
  [`${name}P99Ms`]: shareBelow(values, 0.99),
  [`${name}MaxMs`]: shareBelow(values, 1),
});

const PATIENCE_MS = 120_000;

/** How many events the page has of all, when it has had time for them. @param {import('playwright').Page} page @param {number} all */
async function takenIn(page, all) {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const events = await page.evaluate(() => window.benchProbe.events());
    if (events >= all || performance.now() > until) return events;
    await page.waitForTimeout(200);
  }
}

/** The one that was written last. @param {string} folder */
function recordingIn(folder) {
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.arrows'));
  return path.join(folder, files.sort().at(-1) ?? '');
}
