import { app, nativeTheme } from 'electron';
import path from 'node:path';
import { appPaths, readManifest } from './app-paths.ts';
import { commandHandlers } from './command-handlers.ts';
import { startSession } from './first-session.ts';
import { isFirstInstance, readStartOptions, setupHandover } from './instance.ts';
import { sentenceOf, setupIpc } from './ipc.ts';
import { setupLockdown } from './lockdown.ts';
import { setupMenu } from './menu.ts';
import { setupPageFaults } from './page-faults.ts';
import { Pictures } from './pictures.ts';
import { setupProtocol, setupScheme } from './protocol.ts';
import { setupQuit } from './quit.ts';
import { SettingsStore } from './settings.ts';
import { STATUS_ENGINE, STATUS_USAGE, endWithFault } from './start-fault.ts';
import type { StartOptions } from './start-options.ts';
import { Stream } from './stream.ts';
import { makeWindow, openPage } from './window.ts';

const paths = appPaths(app.getAppPath(), process.resourcesPath, app.isPackaged);
const manifest = readManifest(app.getAppPath());

setupScheme();
app.setName(manifest.productName);
let options: StartOptions | undefined;
try {
  options = readStartOptions();
} catch (error) {
  void endWithFault(sentenceOf(error), STATUS_USAGE);
}
if (options !== undefined) {
  if (isFirstInstance(options)) void start(options);
  else app.exit(0);
}

async function start(asked: StartOptions): Promise<void> {
  await app.whenReady();
  const laboratory = await makeLaboratory();
  if (laboratory === undefined) return;
  setupQuit(laboratory);
  setupLockdown();
  setupProtocol(paths);

  const settings = new SettingsStore(app.getPath('userData'));
  nativeTheme.themeSource = settings.get().appearance;
  settings.onChange(({ appearance }) => (nativeTheme.themeSource = appearance));

  const window = makeWindow(paths.preload);
  const open = (files: StartOptions, first?: string) => startSession(files, first, laboratory, stream);
  let isStarted = false;
  const stream = new Stream(window, laboratory, () => {
    if (!isStarted) void open(asked, manifest.alertable.firstScenario);
    isStarted = true;
  });
  if (settings.notice !== undefined) stream.notify('warning', settings.notice);

  const pictures = new Pictures(laboratory, () => settings.get());
  setupPageFaults(window, stream);
  setupHandover(window, (files) => void open(files));
  setupIpc(commandHandlers({ laboratory, pictures, settings }), (other) => other === window);
  setupMenu({ window, laboratory, pictures, settings, stream });
  openPage(window);
}

/** Loaded apart from the rest, so that a native library that can't be loaded ends in a sentence and not in a stack. */
async function makeLaboratory() {
  try {
    const { Laboratory } = await import('./laboratory.ts');
    return new Laboratory({
      nativeFolder: paths.nativeFolder,
      scenariosFolder: paths.scenarios,
      recordingsFolder: path.join(app.getPath('userData'), 'recordings'),
    });
  } catch (error) {
    await endWithFault(error instanceof Error ? error.message : String(error), STATUS_ENGINE);
    return undefined;
  }
}
