import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Trace } from '../apc-model/trace.ts';
import { decodeTrace } from '../apc-model/trace-reader.ts';
import { pictureOf } from '../electron/export.ts';
import { LOOK_COLOURS } from '../timeline/looks.ts';
import { PALETTES, type ColourName } from '../timeline/palette.ts';
import { firstScenario } from './scenario-files.ts';
import { expect, test, type Lab } from './lab.ts';
import { Pixels, within } from './pixels.ts';

const scenario = firstScenario();
let folder: string;
test.beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'alertable-e2e-'))));
test.afterEach(() => rm(folder, { recursive: true, force: true }));

/** The first scenario from its start to its end, on the axis with one step an event, where all that it does has width. */
async function runToEnd(lab: Lab): Promise<void> {
  for (const name of scenario.threads) {
    await expect(lab.row(name)).toHaveAttribute('data-state', 'ended', { timeout: 15_000 });
  }
  await lab.button('Events').click();
  await expect.poll(() => lab.command({ type: 'getSettings' })).toMatchObject({ ok: { axis: 'events' } });
}

/** Answers the system's save dialog in the user's place; undefined cancels it. */
const answerDialog = (lab: Lab, filePath: string | undefined) =>
  lab.app.evaluate(({ dialog }, chosen) => {
    const answer =
      chosen === undefined ? { canceled: true, filePath: '' } : { canceled: false, filePath: chosen };
    dialog.showSaveDialog = () => Promise.resolve(answer);
  }, filePath);

async function exportAs(lab: Lab, item: string, file: string | undefined): Promise<void> {
  await answerDialog(lab, file);
  await lab.button('Export').click();
  await lab.page.getByRole('menuitem', { name: item, exact: true }).click();
}

async function save(lab: Lab, item: string, name: string): Promise<Buffer> {
  const file = path.join(folder, name);
  await exportAs(lab, item, file);
  await expect(lab.page.getByText(`Saved ${file}`).first()).toBeVisible();
  return readFile(file);
}

const coloursOf = (lab: Lab) =>
  lab.page.evaluate(() =>
    matchMedia('(prefers-color-scheme: dark)').matches ? ('dark' as const) : ('light' as const),
  );

test('the PNG has its size, and what the layout says where the layout says it', async ({ lab }) => {
  await runToEnd(lab);
  const scale = 2;
  const colours = await coloursOf(lab);
  const pixels = await Pixels.decode(await save(lab, 'PNG…', 'picture.png'), scale);
  const { meta, rows } = decodeTrace(await save(lab, 'Trace…', 'trace.arrows'));
  const trace = new Trace(meta);
  trace.appendRows(rows);
  const picture = pictureOf(trace, { range: null, widthPx: 1600, scale, colours, axis: 'events' });
  expect([pixels.width, pixels.height]).toEqual([picture.widthCss * scale, picture.heightCss * scale]);

  const palette = PALETTES[colours];
  const share = (box: Parameters<typeof within>[0], name: ColourName, tolerance?: number) =>
    pixels.share(box, palette[name], tolerance);
  const { list, lanesLeftCss, legend } = picture;
  const inPicture = <B extends { xCss: number }>(box: B): B => ({ ...box, xCss: box.xCss + lanesLeftCss });

  // Every bar that is wide enough to have an inside.
  const seen = list.lanes.map(() => new Set<string>());
  for (const bar of list.bars.filter(({ widthCss, label }) => widthCss > 14 && label === undefined)) {
    const { fill, pattern } = LOOK_COLOURS[bar.look];
    const inside = within(inPicture(bar), 2.5);
    const words = `${bar.look} at ${bar.xCss}`;
    if (pattern === undefined) expect(share(inside, fill), words).toBeGreaterThan(0.6);
    else {
      expect(share(inside, fill), words).toBeGreaterThan(0.2);
      expect(share(inside, pattern.colour), words).toBeGreaterThan(0.05);
    }
    seen[bar.lane]!.add(bar.look);
  }
  for (const bar of list.bars.filter(({ widthCss, label }) => widthCss > 14 && label !== undefined)) {
    expect(share(within(inPicture(bar), 2.5), LOOK_COLOURS[bar.look].fill), bar.look).toBeGreaterThan(0.15);
    seen[bar.lane]!.add(bar.look);
  }
  const lookOf = (name: string) => [
    ...seen[list.lanes.findIndex(({ thread }) => trace.table.threadName(thread) === name)]!,
  ];
  const [sleeper, waiter] = scenario.threads as [string, string];
  expect(lookOf(sleeper)).toContain('wait');
  expect(lookOf(sleeper)).not.toContain('alertable');
  expect(lookOf(waiter)).toEqual(expect.arrayContaining(['alertable', 'apc']));

  // The bracket under the one alertable wait: its lower line, from end to end.
  expect(list.brackets).toHaveLength(1);
  const bracket = inPicture(list.brackets[0]!);
  const line = { ...bracket, yCss: bracket.yCss + bracket.heightCss, heightCss: 1 };
  expect(share(line, 'alertableEdge', 40)).toBeGreaterThan(0.8);

  // The legend: each swatch that is a plain look, and words beside it.
  const keys = legend.entries.map(({ key }) => key);
  expect(keys).toEqual(
    expect.arrayContaining(['running', 'wait', 'alertable', 'waiting', 'apc', 'drain', 'lost']),
  );
  for (const { key, xCss, yCss } of legend.entries) {
    const swatch = within({ xCss, yCss: yCss + 4, widthCss: 26, heightCss: 15 }, 2.5);
    if (key === 'running' || key === 'wait' || key === 'apc') {
      expect(share(swatch, LOOK_COLOURS[key].fill), key).toBeGreaterThan(0.9);
    }
    expect(
      share({ xCss: xCss + 34, yCss: yCss + 4, widthCss: 40, heightCss: 15 }, 'text', 40),
      key,
    ).toBeGreaterThan(0.05);
  }
  // And nothing where nothing is: the margin is background.
  expect(share({ xCss: 2, yCss: 2, widthCss: 20, heightCss: picture.heightCss - 4 }, 'background')).toBe(1);
});

test('the SVG has its words as text and not as outlines or pixels', async ({ lab }) => {
  await runToEnd(lab);
  const svg = (await save(lab, 'SVG…', 'picture.svg')).toString('utf8');
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!);
  for (const name of scenario.threads) expect(texts).toContain(name);
  expect(texts.join('\n')).toContain('WAIT_IO_COMPLETION');
  expect(svg).toMatch(/^<\?xml[^>]*>\s*<svg [^>]*width="1600"/);
  expect(svg).not.toMatch(/<(image|script|foreignObject)\b/);
});

test('Copy PNG puts the picture on the clipboard', async ({ lab }) => {
  await runToEnd(lab);
  await lab.app.evaluate(({ clipboard }) => clipboard.clear());
  await lab.button('Export').click();
  await lab.page.getByRole('menuitem', { name: 'Copy PNG' }).click();
  await expect(lab.page.getByText('The picture is on the clipboard.').first()).toBeVisible();
  // Asked by pasting, as another program would: main's own clipboard has changed its form since Electron 44.
  const pasted = lab.page.evaluate(
    () =>
      new Promise<{ width: number; height: number }>((resolve, reject) =>
        document.addEventListener('paste', (event) => {
          const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type === 'image/png');
          if (file === undefined) reject(new Error('there is no PNG on the clipboard'));
          else void createImageBitmap(file).then(({ width, height }) => resolve({ width, height }), reject);
        }),
      ),
  );
  await lab.page.keyboard.press('Control+V');
  const size = await pasted;
  expect(size.width).toBe(3200);
  expect(size.height).toBeGreaterThan(400);
});

test('a dialog that is cancelled writes nothing and says nothing', async ({ lab }) => {
  await runToEnd(lab);
  await exportAs(lab, 'PNG…', undefined);
  expect(
    await lab.command({
      type: 'savePicture',
      format: 'svg',
      picture: { range: null, widthPx: 800, scale: 1, colours: 'light' },
    }),
  ).toEqual({ ok: null });
  expect(await readdir(folder)).toEqual([]);
  await expect(lab.page.getByText(/^Saved /)).toHaveCount(0);
});

test('what can not be written is said with its reason', async ({ lab }) => {
  await runToEnd(lab);
  const file = path.join(folder, 'no', 'such', 'picture.png');
  await exportAs(lab, 'PNG…', file);
  await expect(
    lab.page.getByText(`${file} could not be written: the folder does not exist.`).first(),
  ).toBeVisible();
  expect(await readdir(folder)).toEqual([]);
});
