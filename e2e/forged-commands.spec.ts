import path from 'node:path';
import { ROOT } from '../build/paths.mjs';
import { emptyScenario } from './scenario-files.ts';
import { expect, test, type Lab } from './lab.ts';

test.use({ args: ['--scenario', emptyScenario().file] });

/** What must be the same before and after a refused message. */
async function stateOf(lab: Lab) {
  await lab.settle();
  const rows = await lab
    .rows()
    .evaluateAll((all) =>
      all.map((row) => [
        row.getAttribute('aria-label'),
        row.getAttribute('data-state'),
        row.querySelectorAll('[data-apc]').length,
      ]),
    );
  return { rows, settings: await lab.command({ type: 'getSettings' }) };
}

const errorOf = (answer: unknown): string => (answer as { error?: string }).error ?? 'it was carried out';

const picture = { range: null, widthPx: 1600, scale: 1, colours: 'light' };

/** Messages that the page never sends: the table of command-schema.test.ts is longer; these go all the way to main. */
const forged: [what: string, message: unknown, named: RegExp][] = [
  ['nothing', null, /type/],
  ['a text', 'stop', /type/],
  ['a list of commands', [{ type: 'stop' }], /type/],
  ['an unknown command', { type: 'eval', code: 'process.exit()' }, /type must be one of/],
  ['a name from the prototype', { type: 'toString' }, /type must be one of/],
  ['an unknown field', { type: 'stop', force: true }, /"force"/],
  ['a thread that is no number', { type: 'endThread', thread: '2' }, /thread must be a whole number/],
  ['a thread beyond 16 bits', { type: 'endThread', thread: 65_538 }, /thread must be a whole number/],
  ['a negative thread', { type: 'suspendThread', thread: -1 }, /thread/],
  ['a million APCs', { type: 'queueUserApc', thread: 2, routine: 0, data: 0, count: 1_000_000 }, /count/],
  ['an APC of no routine', { type: 'queueUserApc', thread: 2, data: 0, count: 1 }, /routine/],
  ['a step that is none', { type: 'handStep', thread: 2, step: { do: 'terminateProcess' } }, /step\.do/],
  ['a path to write to', { type: 'savePicture', format: 'png', picture, path: '/etc/passwd' }, /"path"/],
  ['a picture of any size', { type: 'paintPng', picture: { ...picture, widthPx: 1e9 } }, /widthPx/],
  ['a scenario by its path', { type: 'runScenario', name: '../package' }, /package/],
  [
    'settings with more in them',
    { type: 'setSettings', settings: { appearance: 'dark', axis: 'time', shell: 1 } },
    /"shell"/,
  ],
];

test('forged and malformed commands are refused with the field, and nothing changes', async ({ lab }) => {
  const name = await lab.newThread();
  await lab.rowButton(name, 'Queue APC').click();
  await expect(lab.chips(name)).toHaveCount(1);
  const before = await stateOf(lab);
  for (const [what, message, named] of forged) {
    const answer = await lab.command(message);
    expect(errorOf(answer), what).toMatch(named);
    // A sentence, and nothing of how main is made.
    expect(errorOf(answer), what).not.toMatch(/\n|\bat .*:\d+|node:|Error:/);
  }
  expect(await stateOf(lab)).toEqual(before);
  expect(lab.complaints.join('')).not.toMatch(/TypeError|ReferenceError|RangeError/);
});

test('commands about threads that are not there are refused, and nothing changes', async ({ lab }) => {
  await lab.newThread();
  const before = await stateOf(lab);
  for (const thread of [0, 1, 200, 65_535]) {
    for (const message of [
      { type: 'endThread', thread },
      { type: 'suspendThread', thread },
      { type: 'resumeThread', thread },
      { type: 'queueUserApc', thread, routine: 0, data: 0, count: 1 },
      { type: 'handStep', thread, step: { do: 'sleep', milliseconds: 1 } },
    ]) {
      expect(await lab.command(message), JSON.stringify(message)).toHaveProperty('error');
    }
  }
  expect(await stateOf(lab)).toEqual(before);
});

test('a window that the app did not make is refused, whatever it shows', async ({ lab }) => {
  const before = await stateOf(lab);
  const preload = path.join(ROOT, 'out', 'electron', 'preload.cjs');
  for (const url of ['data:text/html,<title>other</title>', 'about:blank', 'alertable://app/index.html']) {
    const answer = await lab.app.evaluate(
      async ({ BrowserWindow }, { url, preload }) => {
        const webPreferences = { preload, sandbox: true, contextIsolation: true };
        const window = new BrowserWindow({ show: false, webPreferences });
        await window.loadURL(url);
        const answer: unknown = await window.webContents.executeJavaScript(
          'window.alertable.command({ type: "createThread", suspended: false })',
        );
        window.destroy();
        return answer;
      },
      { url, preload },
    );
    expect(errorOf(answer), url).toMatch(/did not come from the page of this app/);
  }
  expect(await stateOf(lab)).toEqual(before);
});

test('a frame within the page has no bridge', async ({ lab }) => {
  const reach = await lab.page.evaluate(() => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const inside = frame.contentWindow as unknown as { alertable?: unknown };
    const type = typeof inside.alertable;
    frame.remove();
    return type;
  });
  expect(reach).toBe('undefined');
});
