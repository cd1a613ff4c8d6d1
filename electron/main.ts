import { app, nativeTheme } from 'electron';
import path from 'node:path';
import { appInfo } from './app-info.ts';
import { commandHandlers } from './command-handlers.ts';
import { Documents } from './documents.ts';
import { isFirstInstance, readStartOptions, setupHandover } from './instance.ts';
import { setupIpc } from './ipc.ts';
import { loadLaboratory } from './load-laboratory.ts';
import { setupLockdown } from './lockdown.ts';
import { readManifest } from './manifest.ts';
import { setupMenu } from './menu.ts';
import { openFiles, openFirst } from './open-files.ts';
import { setupPageFaults } from './page-faults.ts';
import { Pictures } from './pictures.ts';
import { findPlaces } from './places.ts';
import { setupProtocol, setupScheme } from './protocol.ts';
import { setupQuit } from './quit.ts';
import { SettingsStore } from './settings.ts';
import { setupSlips } from './slips.ts';
import { endWithFault } from './start-fault.ts';
import { Stream } from './stream.ts';
import { TraceExports } from './trace-exports.ts';
import { makeWindow, openPage } from './window.ts';

setupScheme();
start().catch(endWithFault);

async function start(): Promise<void> {
  const out = (...parts: string[]) => path.join(app.getAppPath(), 'out', ...parts);
  const places = findPlaces(app.isPackaged ? process.resourcesPath : undefined);
  const { productName, firstScenario } = readManifest(app.getAppPath());
  app.setName(productName);
  const options = readStartOptions();
  if (!isFirstInstance(options)) return app.exit(0);

  await app.whenReady();
  const settings = setupSettings();
  const laboratory = await loadLaboratory(
    places,
    () => settings.get().recordingsMiB * 2 ** 20,
    options.eventMemoryMiB,
  );
  setupQuit(laboratory);
  setupLockdown();
  setupProtocol({ renderer: out('renderer'), fonts: places.fonts });

  const window = makeWindow(out('electron', 'preload.cjs'));
  const stream = new Stream(window, laboratory);
  const info = () => appInfo(laboratory, firstScenario);
  const documents = new Documents(laboratory, settings);
  const pictures = new Pictures(laboratory, () => settings.get(), places.fonts);
  const exports = new TraceExports(laboratory, stream);
  setupSlips(stream);
  setupPageFaults(window, stream);
  setupIpc(
    commandHandlers({ appInfo: info, documents, exports, laboratory, pictures, settings }),
    (other) => other === window,
  );
  setupMenu({ window, appInfo: info, documents, exports, pictures, settings, stream });
  setupHandover(window, (files) => void openFiles(files, documents, stream));
  stream.onFirstReady(() => void openFirst(options, firstScenario, laboratory, documents, stream));
  if (settings.notice !== undefined) stream.notify('warning', settings.notice);
  void documents.offerInterrupted((sessions) => stream.tellInterrupted(sessions));
  openPage(window);
}

function setupSettings(): SettingsStore {
  const settings = new SettingsStore(app.getPath('userData'));
  nativeTheme.themeSource = settings.get().appearance;
  settings.onChange(({ appearance }) => (nativeTheme.themeSource = appearance));
  return settings;
}
