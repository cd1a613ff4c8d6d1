import { app, type BrowserWindow } from 'electron';
import { mkdirSync } from 'node:fs';
import { sentenceOf } from './slips.ts';
import { STATUS, StartFault } from './start-fault.ts';
import { parseStartOptions, type StartOptions } from './start-options.ts';

/** Reads the command line and settles which user data this instance works on: the lock below goes by that folder. */
export function readStartOptions(): StartOptions {
  // npm runs us in the project's folder and says here where the user stood.
  const options = parse(process.argv.slice(1), process.env['INIT_CWD'] ?? process.cwd());
  if (options.userDataFolder !== undefined) {
    mkdirSync(options.userDataFolder, { recursive: true });
    app.setPath('userData', options.userDataFolder);
  }
  return options;
}

function parse(words: readonly string[], folder: string): StartOptions {
  try {
    return parseStartOptions(words, folder);
  } catch (error) {
    throw new StartFault(sentenceOf(error), STATUS.usage, error);
  }
}

/** False when another instance works on the same user data: that one has been told what was asked here. */
export const isFirstInstance = (options: StartOptions): boolean =>
  app.requestSingleInstanceLock({ ...options });

/** A second start brings the window to the front and hands over its files. */
export function setupHandover(window: BrowserWindow, open: (options: StartOptions) => void): void {
  app.on('second-instance', (_event, _words, _folder, data) => {
    if (window.isMinimized()) window.restore();
    window.focus();
    const { scenarioFile, traceFile } = (data ?? {}) as Record<keyof StartOptions, unknown>;
    open({
      ...(typeof scenarioFile === 'string' && { scenarioFile }),
      ...(typeof traceFile === 'string' && { traceFile }),
    });
  });
}
