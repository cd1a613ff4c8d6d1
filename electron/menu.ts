import { Menu, app, dialog, type BrowserWindow, type MenuItemConstructorOptions } from 'electron';
import type { AppInfo, Appearance, TraceFormat } from '../apc-model/app-api.ts';
import { aboutText } from './app-info.ts';
import { wholePicture, type PictureFormat, type Pictures, type Saved } from './pictures.ts';
import type { Documents } from './documents.ts';
import type { SettingsStore } from './settings.ts';
import { sentenceOf } from './slips.ts';
import type { Stream } from './stream.ts';
import type { TraceExports } from './trace-exports.ts';

export interface MenuParts {
  window: BrowserWindow;
  appInfo: () => AppInfo;
  documents: Documents;
  exports: TraceExports;
  pictures: Pictures;
  settings: SettingsStore;
  stream: Stream;
}

/** Keys that belong to the page (Ctrl+E, Space …) are not taken here. */
export function setupMenu(parts: MenuParts): void {
  const build = () => Menu.setApplicationMenu(Menu.buildFromTemplate(template(parts)));
  build();
  parts.settings.onChange(build);
  parts.documents.onChange(build);
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

function fileMenu(parts: MenuParts): MenuItemConstructorOptions[] {
  const { window, documents, exports, pictures, stream } = parts;
  const attempt = attemptOf(stream);
  const save = (work: () => Promise<Saved>) => () =>
    attempt(async () => {
      const saved = await work();
      if (saved) stream.notify('info', `Saved as ${saved.path}.`);
    });
  const picture = (format: PictureFormat) => save(() => pictures.savePicture(window, format, wholePicture()));
  const trace = (format: TraceFormat) => save(() => exports.save(window, format, null));
  const recent = documents.recent.map((file) => ({
    label: literal(file),
    click: () => attempt(() => documents.open(file)),
  }));
  return [
    { label: 'Open…', accelerator: 'CmdOrCtrl+O', click: () => attempt(() => documents.choose(window)) },
    {
      label: 'Open Recent',
      enabled: recent.length > 0,
      submenu: [
        ...recent,
        { type: 'separator' },
        { label: 'Clear This List', click: () => documents.forgetRecent() },
      ],
    },
    {
      label: 'Save Trace…',
      accelerator: 'CmdOrCtrl+S',
      click: save(() => documents.save(window)),
    },
    { label: 'Recordings', submenu: recordingsMenu(parts) },
    { type: 'separator' },
    { label: 'Export Picture as PNG…', click: picture('png') },
    { label: 'Export Picture as SVG…', click: picture('svg') },
    {
      label: 'Export Trace as',
      submenu: [
        { label: 'Chrome JSON (Perfetto, speedscope)…', click: trace('chromeJson') },
        { label: 'CSV…', click: trace('csv') },
        { label: 'JSON Lines…', click: trace('jsonLines') },
      ],
    },
    { type: 'separator' },
    { role: 'quit' },
  ];
}

/** Every session is recorded: the latest ones, and what all of them may take. */
function recordingsMenu({ documents, settings, stream }: MenuParts): MenuItemConstructorOptions[] {
  const attempt = attemptOf(stream);
  const { recordingsMiB } = settings.get();
  const recordings = documents.recordings.map(({ path, title, modifiedMs, bytes, pinned }) => ({
    label: literal(`${pinned ? '● ' : ''}${title}, ${dateText(modifiedMs)}, ${sizeText(bytes)}`),
    submenu: [
      { label: 'Open', click: () => attempt(() => documents.open(path)) },
      {
        label: 'Pin: Keep It Whatever the Limit',
        type: 'checkbox' as const,
        checked: pinned,
        click: () => attempt(() => documents.pin(path, !pinned)),
      },
    ],
  }));
  const limits = [512, 2048, 8192, 32_768].map((limit) => ({
    label: sizeText(limit * 2 ** 20),
    type: 'radio' as const,
    checked: limit === recordingsMiB,
    click: () => attempt(() => documents.limitRecordings(limit)),
  }));
  return [
    ...(recordings.length > 0 ? recordings : [{ label: 'None yet', enabled: false }]),
    { type: 'separator' },
    { label: 'Keep at Most', submenu: limits },
  ];
}

/** A single `&` would underline what follows it. */
const literal = (label: string): string => label.replaceAll('&', '&&');

const dateText = (unixMs: number): string =>
  new Date(unixMs).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const sizeText = (bytes: number): string =>
  bytes < 2 ** 20
    ? `${Math.ceil(bytes / 1024)} KiB`
    : bytes < 2 ** 30
      ? `${Math.round(bytes / 2 ** 20)} MiB`
      : `${Math.round(bytes / 2 ** 30)} GiB`;

/** What a menu does by itself has nobody who would see it fail: it is told in the page. */
const attemptOf =
  (stream: Stream) =>
  (work: () => Promise<unknown>): void =>
    void work().catch((error: unknown) => stream.notify('error', sentenceOf(error)));

function viewMenu({ settings, stream }: MenuParts): MenuItemConstructorOptions[] {
  const names: Record<Appearance, string> = { system: 'As the System', light: 'Light', dark: 'Dark' };
  const choose = async (appearance: Appearance) => {
    const kept = settings.set({ appearance });
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
  // The page has the list of keys and shows it on F1, wherever the focus is: the menu presses that key.
  const pressF1 = () => {
    for (const type of ['keyDown', 'keyUp'] as const)
      window.webContents.sendInputEvent({ type, keyCode: 'F1' });
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
    { label: 'Keys', accelerator: 'F1', registerAccelerator: false, click: pressF1 },
    { label: `About ${app.name}`, click: () => void about() },
  ];
}
