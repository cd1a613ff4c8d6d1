import { spawn } from 'node:child_process';
import { cp, mkdtemp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Kind } from '../apc-model/event.ts';
import { decodeTrace } from '../apc-model/trace-reader.ts';
import { ROOT } from '../build/paths.mjs';
import { emptyScenario, firstScenario } from './scenario-files.ts';
import { SANDBOX_FLAGS, electronExecutable, expect, test } from './lab.ts';

interface Ended {
  status: number | null;
  stderr: string;
  ms: number;
}

/** Starts the app without Playwright, to its end. */
function runToEnd(args: readonly string[]): Promise<Ended> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(electronExecutable(), [...SANDBOX_FLAGS, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (bytes) => (stderr += String(bytes)));
    child.on('error', reject);
    child.on('exit', (status) => resolve({ status, stderr, ms: performance.now() - began }));
  });
}

/** Processes whose command line mentions the folder; Linux only. */
async function processesOn(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(folder));
}

const args = ['--scenario', emptyScenario().file];

test('quitting in the middle of a session ends every process within 3 s', async ({ launch }) => {
  const lab = await launch(args);
  const names = [await lab.newThread(), await lab.newThread()];
  await lab.rowButton(names[0]!, 'Sleep').click();
  await lab.rowButton(names[1]!, 'Alertable wait').click();
  await expect(lab.row(names[1]!)).toHaveAttribute('data-state', 'alertableWait');
  const exited = new Promise<number | null>((resolve) => lab.app.process().once('exit', resolve));
  const began = performance.now();
  await lab.app.evaluate(({ app }) => app.quit()).catch(() => {});
  expect(await exited).toBe(0);
  expect(performance.now() - began).toBeLessThan(3_000);
  if (process.platform === 'linux') await expect.poll(() => processesOn(lab.dataFolder)).toEqual([]);
  const recordings = await readdir(path.join(lab.dataFolder, 'recordings'));
  expect(recordings).toHaveLength(1);
  // The recording was closed, with the end of every thread in it.
  const { rows, damage } = decodeTrace(
    await readFile(path.join(lab.dataFolder, 'recordings', recordings[0]!)),
  );
  expect(damage).toBeUndefined();
  expect(rows.filter(({ kind }) => kind === Kind.threadEnded)).toHaveLength(names.length);
});

test('quitting before there is a session ends it too', async ({ launch }) => {
  const lab = await launch(args);
  const exited = new Promise<number | null>((resolve) => lab.app.process().once('exit', resolve));
  await lab.app.evaluate(({ app }) => app.quit()).catch(() => {});
  expect(await exited).toBe(0);
});

test('a signal ends it just as cleanly', async ({ launch }) => {
  test.skip(process.platform === 'win32', 'Windows has no signals to end a program with');
  const lab = await launch(args);
  const name = await lab.newThread();
  await lab.rowButton(name, 'Alertable wait').click();
  await expect(lab.row(name)).toHaveAttribute('data-state', 'alertableWait');
  const exited = new Promise<[number | null, string | null]>((resolve) =>
    lab.app.process().once('exit', (status, signal) => resolve([status, signal])),
  );
  lab.app.process().kill('SIGTERM');
  expect((await exited)[1]).toBeNull();
  if (process.platform === 'linux') await expect.poll(() => processesOn(lab.dataFolder)).toEqual([]);
});

test('a second start on the same data hands its scenario over and ends', async ({ launch }) => {
  const lab = await launch(args);
  await lab.newThread();
  const first = firstScenario();
  const second = await runToEnd([ROOT, '--user-data-dir', lab.dataFolder, '--scenario', first.file]);
  expect(second.status).toBe(0);
  await expect(lab.row(first.threads[0]!)).toBeVisible();
  expect(await lab.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('files that can not be opened are said in the window and on standard error, and the app goes on', async ({
  launch,
}) => {
  const lab = await launch(['--scenario', path.join(tmpdir(), 'no-such-scenario.json')]);
  await expect(lab.page.getByText(/no-such-scenario\.json could not be read/).first()).toBeVisible();
  expect(lab.complaints.join('')).toMatch(/^Alertable: .*no-such-scenario\.json could not be read/m);
  expect(await lab.command({ type: 'runScenario', name: emptyScenario().name })).toHaveProperty('ok');
  await lab.newThread();
  await lab.close();

  const other = await launch(['--trace', path.join(tmpdir(), 'some.arrows'), ...args]);
  await expect(other.page.getByText(/some\.arrows was not opened/).first()).toBeVisible();
  expect(other.complaints.join('')).toMatch(
    /^Alertable: .*some\.arrows was not opened: there is no such file\.$/m,
  );
  await other.newThread();
});

test('a file that is opened before the first scenario has begun is what is shown', async ({ launch }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'alertable-e2e-'));
  try {
    const trace = path.join(ROOT, 'scenarios', 'recorded', 'seed-format-1.arrows');
    const script = path.join(folder, 'early.cjs');
    // A second start hands its trace over as soon as there is a window, long before the page is ready.
    await writeFile(
      script,
      `const { app } = require('electron');
       app.once('browser-window-created', (_, { webContents }) => webContents.once('dom-ready', () =>
         app.emit('second-instance', {}, [], '', { traceFile: ${JSON.stringify(trace)} })));`,
    );
    const lab = await launch([], undefined, ['-r', script]);
    const badge = lab.page.locator('.opened-badge');
    await expect(badge).toHaveText('opened from seed-format-1.arrows');
    await lab.settle();
    await expect(badge).toBeVisible();
    expect(await readdir(path.join(lab.dataFolder, 'recordings'))).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.describe('an app that can not start', () => {
  let folder: string;
  test.beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'alertable-e2e-'))));
  test.afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Notes what a box would have shown, and answers it: nobody is here to press its button. */
  async function answerBoxes(): Promise<string> {
    const script = path.join(folder, 'answer-boxes.cjs');
    const noted = path.join(folder, 'boxes.json');
    await writeFile(
      script,
      `const { dialog } = require('electron');
       dialog.showErrorBox = (...box) => require('fs').writeFileSync(${JSON.stringify(noted)}, JSON.stringify(box));`,
    );
    return script;
  }
  const box = async () => JSON.parse(await readFile(path.join(folder, 'boxes.json'), 'utf8')) as string[];

  test('without its native library says so in a box and ends with status 4', async () => {
    const app = path.join(folder, 'app');
    await mkdir(app);
    for (const each of ['out', 'scenarios', 'package.json'])
      await cp(path.join(ROOT, each), path.join(app, each), { recursive: true });
    await symlink(path.join(ROOT, 'node_modules'), path.join(app, 'node_modules'), 'junction');
    const ended = await runToEnd([
      '-r',
      await answerBoxes(),
      app,
      '--user-data-dir',
      path.join(folder, 'data'),
    ]);
    const [title, text] = await box();
    expect(ended.status).toBe(4);
    expect(title).toMatch(/can't start/);
    expect(text).toMatch(/native library/i);
    expect(text).toContain(app);
    expect(text).not.toMatch(/\bat .*:\d+/);
    expect(ended.stderr).toContain(text);
  });

  test('for an option without its path says which and ends with status 2', async () => {
    const ended = await runToEnd([
      '-r',
      await answerBoxes(),
      ROOT,
      '--user-data-dir',
      path.join(folder, 'data'),
      '--scenario',
    ]);
    expect(ended.status).toBe(2);
    expect((await box())[1]).toBe('The option --scenario needs a path behind it.');
  });
});
