import { BrowserWindow, app, nativeTheme, screen } from 'electron';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readJsonFile } from './json-file.ts';
import { APP_URL } from './page-origin.ts';
import { FIRST_STATE, MINIMUM, openingBounds, windowStateSchema } from './window-bounds.ts';

/** The page's own background in both themes, so that the window never flashes where the page has not painted yet. */
const background = (): string => (nativeTheme.shouldUseDarkColors ? '#141414' : '#f5f5f5');

/** Makes the window and remembers where the user leaves it. The page is loaded by `openPage`. */
export function makeWindow(preload: string): BrowserWindow {
  const stateFile = path.join(app.getPath('userData'), 'window.json');
  const { value: state } = readJsonFile(stateFile, windowStateSchema, FIRST_STATE);
  const workAreas = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...openingBounds(state.bounds, workAreas),
    minWidth: MINIMUM.width,
    minHeight: MINIMUM.height,
    show: false,
    title: app.name,
    backgroundColor: background(),
    // The toolbar has everything; Alt shows the menu where the system has no bar of its own for it.
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  if (state.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  const followTheme = () => window.setBackgroundColor(background());
  nativeTheme.on('updated', followTheme);
  window.on('closed', () => nativeTheme.off('updated', followTheme));
  window.on('close', () => rememberState(window, stateFile));
  return window;
}

export function openPage(window: BrowserWindow): void {
  // A failure is reported by did-fail-load (page-faults.ts).
  window.loadURL(APP_URL).catch(() => {});
}

function rememberState(window: BrowserWindow, file: string): void {
  try {
    writeFileSync(
      file,
      JSON.stringify({ bounds: window.getNormalBounds(), maximized: window.isMaximized() }),
    );
  } catch {
    // Not worth a word to somebody who is closing the window: it opens at its first size next time.
  }
}
