import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readTraceBytes } from '../apc-model/trace-reader.ts';
import { ROOT } from '../build/paths.mjs';
import { expect, test, type Lab } from './lab.ts';
import { firstScenario } from './scenario-files.ts';

const scenario = firstScenario();
/** A trace that a version of long ago recorded. */
const RECORDED = path.join(ROOT, 'scenarios', 'recorded', 'seed-format-1.arrows');

let folder: string;
test.beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'alertable-e2e-'))));
test.afterEach(() => rm(folder, { recursive: true, force: true }));

/** Answers the system's dialogs in the user's place. */
const answerDialogs = (lab: Lab, file: string) =>
  lab.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
  }, file);

const openedFrom = (lab: Lab) => lab.page.locator('.opened-badge');

test('a session is saved, opened again as it was, and Run begins a new one', async ({ lab }) => {
  const [first] = scenario.threads;
  await expect(lab.row(first!)).toHaveAttribute('data-state', 'ended', { timeout: 15_000 });
  const file = path.join(folder, 'saved.arrows');
  await answerDialogs(lab, file);
  await lab.clickMenu('&File', 'Save Trace…');
  await expect(lab.page.getByText(`Saved as ${file}`).first()).toBeVisible();
  const { end } = readTraceBytes(await readFile(file));
  expect(end).toMatchObject({ complete: true, damage: undefined });

  await expect(openedFrom(lab)).toBeHidden();
  await lab.clickMenu('&File', 'Open…');
  await expect(openedFrom(lab)).toHaveText('opened from saved.arrows');
  await expect(lab.page.getByText(`${end.events} events`)).toBeVisible();
  await expect(lab.row(first!)).toHaveAttribute('data-state', 'ended');
  for (const name of ['New thread', 'New object']) {
    await expect(lab.button(name)).toBeDisabled();
    await lab.button(name).hover();
    await expect(
      lab.page.getByRole('tooltip', { name: /saved trace, and nothing runs in it/ }),
    ).toBeVisible();
  }
  expect(await lab.command({ type: 'createThread', suspended: false })).toMatchObject({
    error: expect.stringMatching(/saved trace, and nothing runs in it/),
  });
  await lab.button('Run').click();
  await expect(openedFrom(lab)).toBeHidden();
  await expect(lab.row(first!)).toBeVisible();
});

test('a trace of an older format opens from the command line, and one that is cut says where', async ({
  launch,
}) => {
  const file = path.join(folder, 'cut.arrows');
  await copyFile(RECORDED, file);
  const lab = await launch([file]);
  await expect(openedFrom(lab)).toHaveText('opened from cut.arrows');
  await expect(lab.page.getByText('62 events')).toBeVisible();
  await truncate(file, 6000);
  await answerDialogs(lab, file);
  await lab.clickMenu('&File', 'Open…');
  await expect(lab.page.getByText(/The file is damaged after event 0, at byte \d+/).first()).toBeVisible();
});

test('a file that is dropped on the window is opened, and what is no trace is refused with a sentence', async ({
  lab,
}) => {
  const drop = async (name: string) => {
    // The system's own drag is not to be had here: a file input gives a File with a path, and the event is ours.
    await lab.page.evaluate(() => {
      document.querySelector('#dropped')?.remove();
      const input = Object.assign(document.createElement('input'), { type: 'file', id: 'dropped' });
      document.body.append(input);
    });
    await lab.page.setInputFiles('#dropped', name);
    await lab.page.evaluate(() => {
      const [file] = document.querySelector<HTMLInputElement>('#dropped')!.files!;
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(file!);
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    });
  };
  // The first scenario begins by itself.
  await expect(lab.rows().first()).toBeVisible();
  await drop(RECORDED);
  await expect(openedFrom(lab)).toHaveText('opened from seed-format-1.arrows');
  await drop(path.join(ROOT, 'package.json'));
  await expect(lab.page.getByText(/package\.json/).first()).toBeVisible();
  await drop(path.join(ROOT, 'LICENSE'));
  await expect(
    lab.page.getByText(/LICENSE was not opened: a saved trace ends in \.arrows/).first(),
  ).toBeVisible();
  await expect(openedFrom(lab)).toHaveText('opened from seed-format-1.arrows');
});

test('after a crash the session is offered: opened it is whole, discarded it is gone', async ({ launch }) => {
  const data = path.join(folder, 'data');
  await mkdir(data);
  const recordings = path.join(data, 'recordings');
  const arrows = async () => (await readdir(recordings)).filter((name) => name.endsWith('.arrows'));
  const crash = async (before: number) => {
    const lab = await launch([], data);
    await expect(lab.rows().first()).toBeVisible();
    await expect.poll(async () => (await arrows()).length).toBeGreaterThan(before);
    // Two batches' time.
    await expect(lab.page.getByText(/^[1-9]\d* events/)).toBeVisible();
    await lab.page.waitForTimeout(600);
    const ended = new Promise((resolve) => lab.app.process().once('exit', resolve));
    lab.app.process().kill('SIGKILL');
    await ended;
  };
  await crash(0);
  await crash(1);
  const lab = await launch([], data);
  const offer = lab.page.getByText(/was interrupted on/);
  await expect(offer).toBeVisible();
  await lab.button('Open').click();
  await expect(openedFrom(lab)).toBeVisible();
  // The one before it is next.
  await expect(offer).toBeVisible();
  const before = (await arrows()).length;
  await lab.button('Discard').click();
  await expect(offer).toBeHidden();
  await expect.poll(async () => (await arrows()).length).toBe(before - 1);
});
