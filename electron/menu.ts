import { Menu, app, dialog, type BrowserWindow, type MenuItemConstructorOptions } from 'electron';
import type { AppInfo, Appearance } from '../apc-model/app-api.ts';
import { aboutText } from './app-info.ts';
import { wholePicture, type PictureFormat, type Pictures, type Saved } from './pictures.ts';
import type { SettingsStore } from './settings.ts';
import { sentenceOf } from './slips.ts';
import type { Stream } from './stream.ts';

export interface MenuParts {
  window: BrowserWindow;
  appInfo: () => AppInfo;
  pictures: Pictures;
  settings: SettingsStore;
  stream: Stream;
}

/** Keys that belong to the page (Ctrl+E, Space …) are not taken here. */
export function setupMenu(parts: MenuParts): void {
  const build = () => Menu.setApplicationMenu(Menu.buildFromTemplate(template(parts)));
  build();
  parts.settings.onChange(build);
}

function template(parts: MenuParts): MenuItemConstructorOptions[] {
  const isMac = process.platform === 'darwin';
  return [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    { label: '&File', submenu: fileMenu(parts) },
    // On macOS a text field has its copy and paste from here.
    ...(isMac ? [{ role: 'editMenu' as const }] : []),
    { label: '&View', submenu: viewMenu(parts) },
    { label: '&Help', role: 'help', submenu: helpMenu(parts) },
  ];
}

function fileMenu({ window, pictures, stream }: MenuParts): MenuItemConstructorOptions[] {
  const save = (work: () => Promise<Saved>) => async () => {
    try {
      const saved = await work();
      if (saved) stream.notify('info', `Saved as ${saved.path}.`);
    } catch (error) {
      stream.notify('error', sentenceOf(error));
    }
  };
  const picture = (format: PictureFormat) => save(() => pictures.savePicture(window, format, wholePicture()));
  return [
    { label: 'Export Picture as PNG…', click: () => void picture('png')() },
    { label: 'Export Picture as SVG…', click: () => void picture('svg')() },
    { label: 'Save Trace…', click: () => void save(() => pictures.saveTrace(window))() },
    { type: 'separator' },
    { role: 'quit' },
  ];
}

function viewMenu({ settings, stream }: MenuParts): MenuItemConstructorOptions[] {
  const names: Record<Appearance, string> = { system: 'As the System', light: 'Light', dark: 'Dark' };
  const choose = async (appearance: Appearance) => {
    const kept = settings.set({ ...settings.get(), appearance });
    // At once: settings hold even where they can't be kept.
    stream.tellSettings(settings.get());
    try {
      await kept;
    } catch (error) {
      stream.notify('error', sentenceOf(error));
    }
  };
  const appearances = (Object.keys(names) as Appearance[]).map((appearance) => ({
    label: names[appearance],
    type: 'radio' as const,
    checked: settings.get().appearance === appearance,
    click: () => void choose(appearance),
  }));
  const development: MenuItemConstructorOptions[] = [
    { type: 'separator' },
    { role: 'reload' },
    { role: 'toggleDevTools' },
  ];
  return [
    { label: 'Appearance', submenu: appearances },
    { type: 'separator' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'resetZoom' },
    { role: 'togglefullscreen' },
    ...(app.isPackaged ? [] : development),
  ];
}

function helpMenu({ window, appInfo }: MenuParts): MenuItemConstructorOptions[] {
  // The page has the list of keys and shows it on `?`: the menu presses that key.
  const pressQuestionMark = () => {
    for (const type of ['keyDown', 'char', 'keyUp'] as const)
      window.webContents.sendInputEvent({ type, keyCode: '?' });
  };
  const about = () => {
    const info = appInfo();
    const message = `${app.name} ${info.appVersion}`;
    return dialog.showMessageBox(window, {
      type: 'info',
      title: `About ${app.name}`,
      message,
      detail: aboutText(info),
    });
  };
  return [
    { label: 'Keys', accelerator: '?', registerAccelerator: false, click: pressQuestionMark },
    { label: `About ${app.name}`, click: () => void about() },
  ];
}
