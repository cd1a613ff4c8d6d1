import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { emptyScenario } from './scenario-files.ts';
import { type Lab, expect, test } from './lab.ts';

const args = ['--scenario', emptyScenario().file];
const newFolder = () => mkdtemp(path.join(tmpdir(), 'alertable-e2e-'));
const isDark = (lab: Lab) => lab.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);

test('the appearance is followed by the window and kept for the next start', async ({ launch }) => {
  const folder = await newFolder();
  const first = await launch(args, folder);
  for (const appearance of ['light', 'dark'] as const) {
    expect(await first.command({ type: 'setSettings', settings: { appearance, axis: 'time' } })).toEqual({
      ok: null,
    });
    await expect.poll(() => isDark(first)).toBe(appearance === 'dark');
  }
  await first.app.close();

  const second = await launch(args, folder);
  expect(await second.command({ type: 'getSettings' })).toEqual({ ok: { appearance: 'dark', axis: 'time' } });
  expect(await isDark(second)).toBe(true);
});

test('a damaged settings file is set aside, said, and defaults are used', async ({ launch }) => {
  const folder = await newFolder();
  const file = path.join(folder, 'settings.json');
  await writeFile(file, '{"appearance": "da');
  const lab = await launch(args, folder);
  await expect(
    lab.page.getByText(/settings\.json was damaged\. It was set aside as .*\.damaged/).first(),
  ).toBeVisible();
  expect(await lab.command({ type: 'getSettings' })).toEqual({
    ok: { appearance: 'system', axis: 'events' },
  });
  expect(await readFile(`${file}.damaged`, 'utf8')).toBe('{"appearance": "da');
});

test('the window opens where it was left', async ({ launch }) => {
  const folder = await newFolder();
  const first = await launch(args, folder);
  const left = { x: 40, y: 30, width: 1100, height: 700 };
  await first.app.evaluate(
    ({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]!.setBounds(bounds),
    left,
  );
  const boundsOf = (lab: Lab) =>
    lab.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds());
  await expect.poll(() => boundsOf(first)).toEqual(left);
  await first.app.close();
  const second = await launch(args, folder);
  await expect.poll(() => boundsOf(second)).toEqual(left);
});

test('the menu sets the appearance too, and the page follows whatever it had chosen before', async ({
  launch,
}) => {
  const lab = await launch(args);
  const name = await lab.newThread();
  const choose = async (label: string) => {
    const loadedAgain = lab.page.waitForEvent('load');
    await lab.app.evaluate(({ Menu }, wanted) => {
      const view = Menu.getApplicationMenu()!.items.find((item) =>
        item.submenu?.items.some(({ label }) => label === 'Appearance'),
      );
      const appearances = view!.submenu!.items.find(({ label }) => label === 'Appearance')!.submenu!;
      const item = appearances.items.find(({ label }) => label === wanted)!;
      // Electron's types say no more of it than that it is a function.
      (item.click as () => void)();
    }, label);
    await loadedAgain;
  };
  const background = () =>
    lab.page.evaluate(
      () => getComputedStyle(document.querySelector('.app') ?? document.body).backgroundColor,
    );
  await choose('Light');
  await expect.poll(() => isDark(lab)).toBe(false);
  await expect(lab.row(name)).toBeVisible();
  const light = await background();
  await choose('Dark');
  await expect.poll(() => isDark(lab)).toBe(true);
  await expect(lab.row(name)).toBeVisible();
  expect(await background()).not.toBe(light);
});
