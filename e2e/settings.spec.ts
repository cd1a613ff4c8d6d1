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
  await first.quit();

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
  await first.quit();
  const second = await launch(args, folder);
  await expect.poll(() => boundsOf(second)).toEqual(left);
});

test('the menu sets the appearance too, and the page follows whatever it had chosen before', async ({
  launch,
}) => {
  const lab = await launch(args);
  const choose = (label: string) =>
    lab.app.evaluate(({ Menu }, wanted) => {
      const view = Menu.getApplicationMenu()!.items.find((item) =>
        item.submenu?.items.some(({ label }) => label === 'Appearance'),
      );
      const appearances = view!.submenu!.items.find(({ label }) => label === 'Appearance')!.submenu!;
      const item = appearances.items.find(({ label }) => label === wanted)!;
      // Electron's types say no more of it than that it is a function.
      (item.click as () => void)();
    }, label);
  /** Of the page, and of the window behind it, which shows where the page has not painted yet. */
  const backgrounds = async () => {
    const page = await lab.page.evaluate(
      () => getComputedStyle(document.querySelector('.app') ?? document.body).backgroundColor,
    );
    const behind = await lab.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.getBackgroundColor(),
    );
    const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(behind.slice(at, at + 2), 16));
    return { page, behind: `rgb(${red}, ${green}, ${blue})` };
  };
  const seen: string[] = [];
  // The page's own choice first, which the menu's must then overrule.
  await lab.button('Appearance').click();
  await lab.page.getByRole('menuitemradio', { name: 'Light' }).click();
  for (const isToBeDark of [false, true, false]) {
    if (seen.length > 0) await choose(isToBeDark ? 'Dark' : 'Light');
    await expect.poll(() => isDark(lab)).toBe(isToBeDark);
    await expect.poll(async () => (await backgrounds()).page).not.toBe(seen.at(-1));
    const { page, behind } = await backgrounds();
    expect(behind).toBe(page);
    seen.push(page);
  }
  expect(seen[2]).toBe(seen[0]);
  expect(await lab.command({ type: 'getSettings' })).toMatchObject({ ok: { appearance: 'light' } });
});
