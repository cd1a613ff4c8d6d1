import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkChromeTrace } from '../apc-model/export-chrome-check.ts';
import { TraceBuilder } from '../apc-model/trace-builder.ts';
import { encodeTrace } from '../electron/trace-bytes.ts';
import { firstScenario } from './scenario-files.ts';
import { expect, test, type Lab } from './lab.ts';

const scenario = firstScenario();
let folder: string;
test.beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'alertable-e2e-'))));
test.afterEach(() => rm(folder, { recursive: true, force: true }));

/** Answers the system's save dialog in the user's place. */
const answerDialog = (lab: Lab, file: string) =>
  lab.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);

async function exportAs(lab: Lab, item: string, name: string): Promise<string> {
  const file = path.join(folder, name);
  await answerDialog(lab, file);
  await lab.button('Export').click();
  await lab.page.getByRole('menuitem', { name: item, exact: true }).click();
  return file;
}

async function exported(lab: Lab, item: string, name: string): Promise<string> {
  const file = await exportAs(lab, item, name);
  await expect(lab.page.getByText(`Saved ${file}`).first()).toBeVisible();
  return readFile(file, 'utf8');
}

test('a session is exported as Chrome JSON, CSV and JSON lines, which agree', async ({ lab }) => {
  for (const name of scenario.threads)
    await expect(lab.row(name)).toHaveAttribute('data-state', 'ended', { timeout: 15_000 });
  const trace = checkChromeTrace(await exported(lab, 'Chrome JSON…', 'a.json'));
  const csv = (await exported(lab, 'CSV…', 'a.csv')).trimEnd().split('\r\n').slice(1);
  const lines = (await exported(lab, 'JSON lines…', 'a.jsonl')).trimEnd().split('\n');
  expect(csv).toHaveLength(lines.length);
  expect(trace.otherData['events']).toBe(lines.length);
  const names = trace.traceEvents.filter(({ ph }) => ph === 'X').map(({ name }) => name);
  for (const name of scenario.threads) expect(names).toContain(name);
  expect(trace.traceEvents.filter(({ cat, ph }) => cat === 'apc' && ph === 's')).toHaveLength(1);
  // A quick one shows no progress, and leaves nothing but the files.
  expect(await readdir(folder)).toEqual(['a.csv', 'a.json', 'a.jsonl']);
});

test('the window’s menu exports too', async ({ lab }) => {
  await expect(lab.row(scenario.threads[0]!)).toBeVisible();
  const file = path.join(folder, 'menu.json');
  await answerDialog(lab, file);
  await lab.app.evaluate(({ Menu }) => {
    const below = (label: string, { items } = Menu.getApplicationMenu()!) =>
      items.find((item) => item.label.startsWith(label))!;
    const item = below('Chrome JSON', below('Export Trace as', below('&File').submenu).submenu);
    (item.click as () => void)();
  });
  await expect(lab.page.getByText(`Saved as ${file}`).first()).toBeVisible();
  checkChromeTrace(await readFile(file, 'utf8'));
});

/** A thread that sleeps alertably and runs an APC, again and again. */
function longTrace(apcs: number): TraceBuilder {
  const build = new TraceBuilder().define('thread', 2, 'busy').created(2).started(2);
  for (let apc = 1; apc <= apcs; apc++) {
    build.at(apc * 2000).begin(2, 'sleepEx', { ms: 1000, alertable: true });
    build.at(apc * 2000 + 300).queue(0, 2);
    build.at(apc * 2000 + 600).apcBegins(2, apc);
    build.at(apc * 2000 + 900).apcEnds(2, apc);
    build.end(2, 'sleepEx', 0xc0);
  }
  return build.ended(2);
}

test('a long export shows how far it is, and can be cancelled', async ({ launch }) => {
  const source = path.join(folder, 'long.arrows');
  await writeFile(source, encodeTrace(longTrace(120_000).build()));
  const lab = await launch([source]);
  await expect(lab.row('busy')).toHaveAttribute('data-state', 'ended', { timeout: 20_000 });
  await exportAs(lab, 'Chrome JSON…', 'long.json');
  await expect(lab.page.getByRole('progressbar', { name: 'Export' })).toBeVisible();
  await lab.button('Cancel').click();
  await expect(lab.page.getByText('The export was cancelled; no file was written.').first()).toBeVisible();
  await expect(lab.page.getByRole('progressbar', { name: 'Export' })).toHaveCount(0);
  expect(await readdir(folder)).toEqual(['long.arrows']);
});
