import {
  test as base,
  _electron,
  errors,
  expect,
  type ElectronApplication,
  type Locator,
  type Page,
} from '@playwright/test';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AlertableBridge, Command, CommandAnswer } from '../apc-model/app-api.ts';
import { electronBinary } from '../build/electron-binary.mjs';
import { ROOT } from '../build/paths.mjs';

declare global {
  interface Window {
    readonly alertable: AlertableBridge;
  }
}

/** As root, Chromium has no sandbox to start; the tests then go without, as `npm start` does. */
export const SANDBOX_FLAGS = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export function electronExecutable(): string {
  const binary = electronBinary();
  if (binary === undefined) throw new Error('There is no Electron yet. Run `npm run setup -- test` first.');
  return binary.executable;
}

const LAUNCH_TIMEOUT_MS = 12_000;

/**
 * On a busy machine 3 of 120 launches never returned; why is not known. After its time such a one is ended, told, and tried
 * once more; an app that does not start fails the test all the same.
 */
async function launchApp(args: readonly string[]): Promise<ElectronApplication> {
  const launch = () =>
    _electron.launch({
      executablePath: electronExecutable(),
      args: [...args],
      timeout: LAUNCH_TIMEOUT_MS,
      // What the app asks for, and not what Playwright pretends.
      colorScheme: null,
    });
  try {
    return await launch();
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    process.stderr.write(`Playwright did not reach the app within ${LAUNCH_TIMEOUT_MS} ms: once more.\n`);
    return launch();
  }
}

/** The real app, with a user-data folder of its own and whatever of the command line a test wants. */
export class Lab {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly dataFolder: string;
  /** All that main said on standard error. */
  readonly complaints: string[] = [];
  /** Kept, because Playwright forgets it when the app has ended. */
  readonly #process: ReturnType<ElectronApplication['process']>;

  /** @param before what of the command line is for Electron and not for the app */
  static async launch(
    args: readonly string[] = [],
    dataFolder?: string,
    before: readonly string[] = [],
  ): Promise<Lab> {
    const folder = dataFolder ?? (await mkdtemp(path.join(tmpdir(), 'alertable-e2e-')));
    const app = await launchApp([...SANDBOX_FLAGS, ...before, ROOT, '--user-data-dir', folder, ...args]);
    return new Lab(app, await app.firstWindow(), folder);
  }

  private constructor(app: ElectronApplication, page: Page, dataFolder: string) {
    this.app = app;
    this.page = page;
    this.dataFolder = dataFolder;
    this.#process = app.process();
    this.#process.stderr?.on('data', (bytes) => this.complaints.push(String(bytes)));
  }

  /** Ends the app and waits until its process is gone: a start on the same data before that would be handed over to it. */
  async quit(): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return;
    const gone = once(this.#process, 'exit');
    await this.app.close();
    await gone;
  }

  /** Ends the app, where it has not ended yet, and forgets its data. */
  async close(): Promise<void> {
    await this.quit();
    // The app's last child may still write there for a moment.
    await rm(this.dataFolder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  row(name: string): Locator {
    return this.page.getByRole('group', { name: `thread ${name}`, exact: true });
  }
  rows(): Locator {
    return this.page.getByRole('group', { name: /^thread / });
  }
  /** The chips that wait before a thread's gate. */
  chips(name: string): Locator {
    return this.row(name)
      .getByRole('list', { name: `user APC queue of ${name}`, exact: true })
      .getByRole('listitem');
  }
  gate(name: string): Locator {
    return this.row(name).locator('[data-open]');
  }
  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }
  rowButton(thread: string, name: string): Locator {
    return this.row(thread).getByRole('button', { name, exact: true });
  }
  get timeline(): Locator {
    return this.page.getByTestId('timeline');
  }

  /** Makes a thread by the button and gives its name. */
  async newThread(): Promise<string> {
    const before = await this.rows().count();
    await this.button('New thread').click();
    await expect(this.rows()).toHaveCount(before + 1);
    const label = await this.rows().last().getAttribute('aria-label');
    return label!.replace(/^thread /, '');
  }

  /** Opens the inspector, where it is not open yet, on one of its tabs. */
  async inspect(tab: string): Promise<Locator> {
    const inspector = this.page.getByRole('complementary', { name: 'Inspector' });
    if (!(await inspector.isVisible())) await this.button('Inspector').click();
    await inspector.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
    return inspector.getByRole('tabpanel');
  }

  /** Nothing is left to paint. */
  async settle(): Promise<void> {
    await expect(this.page.locator('html')).toHaveAttribute('data-idle', 'true');
  }

  /** Runs an expression in the page by way of main, for when Playwright has lost sight of it; undefined while it can't. */
  async inPage(expression: string): Promise<unknown> {
    return this.app.evaluate(({ BrowserWindow }, code) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!;
      const late = new Promise<undefined>((resolve) => setTimeout(resolve, 1000, undefined));
      return Promise.race([webContents.executeJavaScript(code) as Promise<unknown>, late]);
    }, expression);
  }

  /** Clicks what the menu of the window has under these labels. */
  clickMenu(...labels: string[]): Promise<void> {
    return this.app.evaluate(({ Menu }, wanted) => {
      let items = Menu.getApplicationMenu()!.items;
      for (const label of wanted.slice(0, -1))
        items = items.find((item) => item.label === label)!.submenu!.items;
      const click = items.find((item) => item.label === wanted.at(-1))!.click as () => void;
      click();
    }, labels);
  }

  /** Asks main as the page does. Takes anything, for tests that send what no page of ours would. */
  command<T extends Command['type']>(command: Extract<Command, { type: T }>): Promise<CommandAnswer<T>>;
  command(message: unknown): Promise<{ error: string } | { ok: unknown }>;
  command(message: unknown): Promise<unknown> {
    return this.page.evaluate((sent) => window.alertable.command(sent as Command), message);
  }
}

interface Fixtures {
  /** Starts an app that is ended with the test, however that goes. */
  launch: (...how: Parameters<typeof Lab.launch>) => Promise<Lab>;
  /** What the app is started with. */
  args: string[];
  lab: Lab;
}

export const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads from this pattern which fixtures are needed
  launch: async ({}, use) => {
    const labs: Lab[] = [];
    await use(async (...how) => {
      const lab = await Lab.launch(...how);
      labs.push(lab);
      return lab;
    });
    for (const lab of labs) await lab.close();
  },
  args: [[], { option: true }],
  lab: async ({ args, launch }, use, info) => {
    const lab = await launch(args);
    await use(lab);
    if (info.status !== info.expectedStatus) await info.attach('stderr', { body: lab.complaints.join('') });
  },
});

export { expect };
