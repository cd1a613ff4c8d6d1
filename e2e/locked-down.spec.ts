import { emptyScenario } from './scenario-files.ts';
import { expect, test } from './lab.ts';

test.use({ args: ['--scenario', emptyScenario().file] });

test('the page has no Node, no Electron and one bridge with two functions', async ({ lab }) => {
  const reach = await lab.page.evaluate(() => {
    const world = globalThis as unknown as Record<string, unknown>;
    const names = [
      'require',
      'process',
      'Buffer',
      'global',
      'module',
      '__dirname',
      'setImmediate',
      'electron',
      'ipcRenderer',
    ];
    return {
      types: Object.fromEntries(names.map((name) => [name, typeof world[name]])),
      bridge: Object.keys(window.alertable),
      opener: String(window.opener),
    };
  });
  expect(new Set(Object.values(reach.types))).toEqual(new Set(['undefined']));
  expect(reach.bridge).toEqual(['command', 'openDropped']);
  expect(reach.opener).toBe('null');
  const preferences = await lab.app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    // Electron has it, and its types do not.
    const contents = window!.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
    const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } =
      contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag };
  });
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
});

test('the page can not name a file that is to be opened', async ({ lab }) => {
  const file = emptyScenario().file;
  const answers = [
    await lab.command({ type: 'openDropped', path: file }),
    await lab.page.evaluate((path) => window.alertable.openDropped(path).catch(() => 'thrown'), file),
    await lab.page.evaluate(() => window.alertable.openDropped(new File(['{}'], 'made.json'))),
  ];
  expect(answers).toMatchObject([
    { error: 'The command was refused: the page opens only what is dropped on it, and names no paths.' },
    'thrown',
    {},
  ]);
  expect(answers[2]).toHaveProperty('error');
});

test('the bridge can not be replaced by a script of the page', async ({ lab }) => {
  const kept = await lab.page.evaluate(() => {
    const before = window.alertable;
    try {
      (window as { alertable: unknown }).alertable = { command: () => 'forged' };
    } catch {
      // Refusing with an exception is as good.
    }
    return window.alertable === before;
  });
  expect(kept).toBe(true);
});

test('the policy blocks inline script, eval, remote sources, strings into the DOM and frames', async ({
  lab,
}) => {
  const outcome = await lab.page.evaluate(async () => {
    const blocked: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
    const attempt = (work: () => unknown): string => {
      try {
        work();
        return 'worked';
      } catch (error) {
        return (error as Error).name;
      }
    };
    // In a task of its own: a debugger's evaluation, such as this one at its start, may do what the page may not.
    await new Promise((resolve) => setTimeout(resolve));
    const inline = document.createElement('script');
    const text = document.createTextNode('window.inlineRan = true');
    const tried = {
      eval: attempt(() => (0, eval)('1')),
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- what must not work
      makeFunction: attempt(() => new Function('return 1')),
      html: attempt(() => (document.createElement('div').innerHTML = '<b>x</b>')),
      scriptUrl: attempt(() => (document.createElement('script').src = 'https://example.invalid/x.js')),
    };
    attempt(() => {
      inline.append(text);
      document.head.append(inline);
    });
    const image = document.createElement('img');
    image.src = 'https://example.invalid/x.png';
    const style = document.createElement('style');
    style.textContent = 'body { outline: 9px solid red }';
    const frame = document.createElement('iframe');
    frame.src = '/index.html';
    document.body.append(image, style, frame);
    const fetched = await fetch('https://example.invalid/').then(
      () => 'worked',
      () => 'refused',
    );
    // Violations are reported in tasks of their own.
    for (
      let turns = 0;
      turns < 200 &&
      !['connect-src', 'frame-src', 'img-src', 'style-src-elem'].every((each) => blocked.includes(each));
      turns++
    ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const ran = 'inlineRan' in window;
    const outlined = getComputedStyle(document.body).outlineWidth;
    for (const element of [inline, image, style, frame]) element.remove();
    return { tried, fetched, ran, outlined, blocked };
  });
  expect(outcome.tried).toEqual({
    eval: 'EvalError',
    makeFunction: 'EvalError',
    html: 'TypeError',
    scriptUrl: 'TypeError',
  });
  expect(outcome.ran).toBe(false);
  expect(outcome.outlined).not.toBe('9px');
  expect(outcome.fetched).toBe('refused');
  expect(outcome.blocked).toEqual(
    expect.arrayContaining(['connect-src', 'frame-src', 'img-src', 'style-src-elem']),
  );
});

test('every answer of the page protocol has its headers, and each document a nonce of its own', async ({
  lab,
}) => {
  const load = () =>
    lab.page.evaluate(async () => {
      const response = await fetch('/index.html');
      const policy = response.headers.get('content-security-policy') ?? '';
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
      return {
        nonce,
        isInText: (await response.text()).includes(nonce),
        names: [...response.headers.keys()],
      };
    });
  const [first, second] = [await load(), await load()];
  expect(first.nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/);
  expect(first.isInText).toBe(true);
  expect(second.nonce).not.toBe(first.nonce);
  expect(first.names).toEqual(
    expect.arrayContaining([
      'cross-origin-embedder-policy',
      'cross-origin-opener-policy',
      'x-content-type-options',
    ]),
  );
  expect(await lab.page.evaluate(() => crossOriginIsolated)).toBe(true);
});

test('the page protocol serves nothing beside the page and its fonts', async ({ lab }) => {
  const statuses = await lab.page.evaluate(async () => {
    const paths = [
      '/../package.json',
      '/..%2f..%2fpackage.json',
      '/%2e%2e/electron/main.js',
      '/fonts/..%2frenderer%2findex.html',
      '/main.js',
      '/',
    ];
    return Promise.all(paths.map(async (each) => (await fetch(each)).status));
  });
  expect(statuses).toEqual([404, 404, 404, 404, 404, 404]);
  expect(await lab.page.evaluate(async () => (await fetch('/index.html', { method: 'POST' })).status)).toBe(
    405,
  );
  expect(
    await lab.page.evaluate(async () =>
      (await fetch('/fonts/Inter-Regular.woff2')).headers.get('content-type'),
    ),
  ).toBe('font/woff2');
});

test('new windows and navigation are denied, and the session goes on as if nothing had been tried', async ({
  lab,
}) => {
  const name = await lab.newThread();
  const url = lab.page.url();
  const opened = await lab.page.evaluate(() =>
    ['https://example.invalid/', '/index.html', 'about:blank'].map((each) => window.open(each)),
  );
  expect(opened).toEqual([null, null, null]);
  await lab.page.evaluate(() => ((window as { isFirst?: boolean }).isFirst = true));
  for (const target of [
    'https://example.invalid/',
    'file:///etc/hosts',
    'alertable://other/index.html',
    'alertable://app/fonts/LICENSE.txt',
    'data:text/html,x',
  ]) {
    // Through main, because Playwright would wait for navigations that never come about.
    await lab.inPage(`{
      const link = document.createElement('a');
      link.href = ${JSON.stringify(target)};
      document.body.append(link);
      link.click();
      link.remove();
      location.assign(link.href);
    }`);
    // Main has looked at the navigation by the time that it answers a command sent after it.
    await lab.inPage('window.alertable.command({ type: "getSettings" })');
    expect(await lab.inPage('[location.href, window.isFirst]')).toEqual([url, true]);
  }
  expect(await lab.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  // The stream is still there too.
  const state = `document.querySelector('[aria-label="thread ${name}"]').dataset.state`;
  expect(await lab.inPage(state)).toBe('waitingForStep');
  await lab.inPage(`document.querySelector('[aria-label="thread ${name}"] [aria-label="End"]').click()`);
  await expect.poll(() => lab.inPage(state)).toBe('ended');
});

test('every permission is denied but writing to the clipboard', async ({ lab }) => {
  const states = await lab.page.evaluate(async () => {
    const names = [
      'geolocation',
      'notifications',
      'camera',
      'microphone',
      'midi',
      'clipboard-read',
      'clipboard-write',
      'persistent-storage',
    ];
    const query = async (name: string) =>
      (await navigator.permissions.query({ name: name as PermissionName })).state;
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await query(name)] as const)),
    );
  });
  const { 'clipboard-write': writing, ...others } = states;
  expect(writing).toBe('granted');
  expect(new Set(Object.values(others))).toEqual(new Set(['denied']));
  const asked = await lab.page.evaluate(async () => ({
    notification: await Notification.requestPermission(),
    place: await new Promise((resolve) =>
      navigator.geolocation.getCurrentPosition(
        () => resolve('granted'),
        (error) => resolve(error.code === error.PERMISSION_DENIED ? 'denied' : error.message),
      ),
    ),
    reading: await navigator.clipboard.readText().then(
      () => 'granted',
      (error: Error) => error.name,
    ),
  }));
  expect(asked).toEqual({ notification: 'denied', place: 'denied', reading: 'NotAllowedError' });
});
