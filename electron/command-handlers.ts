import type { AppInfo } from '../apc-model/app-api.ts';
import type { Documents } from './documents.ts';
import type { CommandHandlers } from './ipc.ts';
import type { Laboratory, LaboratoryCommand } from './laboratory.ts';
import type { Pictures } from './pictures.ts';
import type { SettingsStore } from './settings.ts';
import type { TraceExports } from './trace-exports.ts';

export interface Services {
  appInfo: () => AppInfo;
  laboratory: Laboratory;
  documents: Documents;
  exports: TraceExports;
  pictures: Pictures;
  settings: SettingsStore;
}

/** Who carries out each command of the page. */
export function commandHandlers({
  appInfo,
  documents,
  exports,
  laboratory,
  pictures,
  settings,
}: Services): CommandHandlers {
  const execute = <C extends LaboratoryCommand>(command: C) => laboratory.execute(command);
  return {
    getAppInfo: appInfo,
    runScenario: execute,
    runAgain: execute,
    stop: execute,
    createThread: execute,
    queueUserApc: execute,
    handStep: execute,
    createObject: execute,
    changeObject: execute,
    suspendThread: execute,
    resumeThread: execute,
    endThread: execute,
    fetchEvents: execute,
    openFile: (_command, window) => documents.choose(window),
    openDropped: ({ path }) => documents.open(path),
    openInterrupted: ({ id }) => documents.openInterrupted(id),
    discardInterrupted: ({ id }) => documents.discardInterrupted(id),
    savePicture: ({ format, picture }, window) => pictures.savePicture(window, format, picture),
    paintPng: ({ picture }) => pictures.paintPng(picture),
    saveTrace: (_command, window) => documents.save(window),
    exportTrace: ({ format, range }, window) => exports.save(window, format, range),
    cancelExport: () => {
      exports.cancel();
      return null;
    },
    getSettings: () => {
      const { appearance, axis } = settings.get();
      return { appearance, axis };
    },
    setSettings: async (command) => {
      await settings.set(command.settings);
      return null;
    },
  };
}
