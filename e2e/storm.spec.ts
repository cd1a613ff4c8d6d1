import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readTraceBytes } from '../apc-model/trace-reader.ts';
import { expect, test, type Lab } from './lab.ts';

/** Three APCs wait on a thread that is not alertable; much later, a storm of events pushes that out of every memory. */
const STORM = {
  alertable: 1,
  title: 'storm',
  timeoutMs: 600_000,
  routines: {
    note: [{ do: 'log', text: 'APC {arg1}' }],
    early: [
      { do: 'sleep', milliseconds: 300 },
      { do: 'sleepEx', milliseconds: 1000, alertable: true },
      { do: 'sleepEx', milliseconds: 'INFINITE', alertable: true },
    ],
    storm: [
      { do: 'sleep', milliseconds: 700 },
      // About a million events a second: what the app is made to keep up with.
      { do: 'repeat', count: 700_000, steps: [{ do: 'compute', microseconds: 2 }] },
      { do: 'log', text: 'calm' },
      { do: 'sleepEx', milliseconds: 'INFINITE', alertable: true },
    ],
  },
  threads: { first: { routine: 'early' }, second: { routine: 'storm' } },
  controller: [
    { do: 'awaitState', thread: 'first', state: 'blocked' },
    ...[1, 2, 3].map((data) => ({ do: 'queueUserApc', thread: 'first', routine: 'note', data })),
  ],
};
/** Main keeps about a million events in memory: beyond that, older ones come from the disk. */
const MORE_THAN_MAIN_KEEPS = 1_200_000;

const folder = mkdtempSync(path.join(tmpdir(), 'alertable-storm-'));
const scenario = path.join(folder, 'storm.json');
writeFileSync(scenario, JSON.stringify(STORM));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));
test.setTimeout(120_000);

const eventsShown = async (lab: Lab): Promise<number> => {
  const text = await lab.page.getByText(/^[\d\s]+ events$/).innerText();
  return Number(text.replace(/\D/g, ''));
};
const calm = (lab: Lab) =>
  expect(lab.row('second')).toHaveAttribute('data-state', 'alertableWait', { timeout: 45_000 });

/** What the board says of the instant under the cursor. */
const board = async (lab: Lab) => ({
  instant: await lab.page.locator('.instant').innerText(),
  rows: await lab.rows().evaluateAll((rows) =>
    rows.map((row) => ({
      name: row.getAttribute('aria-label'),
      state: row.getAttribute('data-state'),
      open: row.querySelector('[data-open]')?.getAttribute('data-open'),
      chips: [...row.querySelectorAll('[data-apc]')].map((chip) => [
        chip.getAttribute('data-apc'),
        chip.getAttribute('data-state'),
      ]),
    })),
  ),
});

/** Every state of the board's past from now on, in a row. */
const watchPast = (lab: Lab) =>
  lab.page.evaluate(() => {
    const seen: (string | null)[] = [];
    Object.assign(window, { seenPast: seen });
    const shown = document.querySelector('.board')!;
    new MutationObserver(() =>
      seen.push(shown.getAttribute('data-past'), shown.getAttribute('aria-busy')),
    ).observe(shown, { attributeFilter: ['data-past', 'aria-busy'] });
  });
const seenPast = (lab: Lab) =>
  lab.page.evaluate(() => (window as unknown as { seenPast: (string | null)[] }).seenPast);

/** Back to the beginning, and from there on by APCs: what the board and the lanes show at each of these instants. */
async function walkFromStart(lab: Lab) {
  const isHere = () => expect(lab.page.locator('.board')).toHaveAttribute('data-past', 'here');
  const instants: Awaited<ReturnType<typeof board>>[] = [];
  await lab.timeline.focus();
  await lab.page.keyboard.press('Home');
  // Until the board is put up anew it says what it showed before.
  await lab.settle();
  await isHere();
  for (let step = 0; step < 8; step++) {
    await lab.page.keyboard.press('Shift+ArrowRight');
    await lab.settle();
    await isHere();
    instants.push(await board(lab));
  }
  return instants;
}

test('what the page forgot is fetched from the recording and is what it was', async ({ launch }) => {
  const small = await launch(['--scenario', scenario, '--event-memory', '4']);
  await calm(small);
  expect(await eventsShown(small)).toBeGreaterThan(MORE_THAN_MAIN_KEEPS);
  await watchPast(small);
  const walked = await walkFromStart(small);
  const seen = await seenPast(small);
  expect(seen.slice(0, 2)).toEqual(['loading', 'true']);
  expect(seen.slice(-2)).toEqual(['here', 'false']);
  // Three APCs waited before a closed gate, then ran, each in its turn.
  const queues = walked.map(({ rows }) => rows.find(({ name }) => name === 'thread first')!);
  expect(queues[2]).toMatchObject({ state: 'wait', open: 'false' });
  expect(queues[2]!.chips.map(([, state]) => state)).toEqual(['pending', 'pending', 'pending']);

  const file = path.join(folder, 'storm.arrows');
  await small.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  expect(await small.command({ type: 'saveTrace' })).toEqual({ ok: { path: file } });
  await small.page.keyboard.press('l');
  await calm(small);
  await expect(small.row('first')).toHaveAttribute('data-state', 'alertableWait');
  await expect(small.chips('first')).toHaveCount(0);
  await small.close();

  const large = await launch(['--trace', file]);
  await calm(large);
  await large.settle();
  await watchPast(large);
  expect(await walkFromStart(large)).toEqual(walked);
  expect(await seenPast(large)).toEqual([]);
});

test('a page that is loaded again in the midst of a storm has all of the session', async ({ launch }) => {
  const lab = await launch(['--scenario', scenario, '--event-memory', '4']);
  await expect.poll(() => eventsShown(lab), { timeout: 45_000, intervals: [50] }).toBeGreaterThan(100_000);
  await lab.page.reload();
  const early = await eventsShown(lab);
  await calm(lab);
  expect(await eventsShown(lab)).toBeGreaterThan(early);
  await lab.button('Stop').click();
  await expect(lab.row('second')).toHaveAttribute('data-state', 'ended');
  await lab.settle();
  const recordings = path.join(lab.dataFolder, 'recordings');
  const [name] = await readdir(recordings);
  const { end } = readTraceBytes(await readFile(path.join(recordings, name!)));
  expect(end).toMatchObject({ complete: true, damage: undefined });
  expect(await eventsShown(lab)).toBe(end.events);
});
