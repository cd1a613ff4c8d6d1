import { app } from 'electron';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { AppInfo } from '../apc-model/app-api.ts';
import type { Laboratory } from './laboratory.ts';

/** @param firstScenario named first in the list, because it is what the window begins with */
export function appInfo(laboratory: Laboratory, firstScenario: string): AppInfo {
  const scenarios = laboratory.scenarios();
  const isFirst = ({ name }: { name: string }) => name === firstScenario;
  return {
    appVersion: app.getVersion(),
    electronVersion: process.versions.electron,
    chromiumVersion: process.versions.chrome,
    nodeVersion: process.versions.node,
    electronSource: app.isPackaged ? '' : electronSource(),
    engineLabel: laboratory.engineLabel,
    os: laboratory.os,
    scenarios: [...scenarios.filter(isFirst), ...scenarios.filter((each) => !isFirst(each))],
  };
}

/** What set-up noted about the Electron that it found; empty when this one was started some other way. */
function electronSource(): string {
  try {
    const note = path.join(app.getAppPath(), '.cache', 'electron', 'path.json');
    const { executable, source } = JSON.parse(readFileSync(note, 'utf8')) as {
      executable: string;
      source: string;
    };
    return path.resolve(executable) === process.execPath ? source : '';
  } catch {
    return '';
  }
}

/** The same in words, for the About box. */
export function aboutText(info: AppInfo): string {
  const source = info.electronSource === '' ? '' : ` (${info.electronSource})`;
  return [
    `Engine: ${info.engineLabel}`,
    `System: ${info.os}`,
    `Electron ${info.electronVersion}${source}, Chromium ${info.chromiumVersion}, Node ${info.nodeVersion}`,
  ].join('\n');
}
