import { app, dialog, type BrowserWindow } from 'electron';
import type { Stream } from './stream.ts';

/** A page that crashes again this soon is not loaded again by itself. */
const CALM_MS = 60_000;
const ABORTED = -3;

/** What becomes of the window when its page crashes, hangs or can't be loaded. The session goes on in any case. */
export function setupPageFaults(window: BrowserWindow, stream: Stream): void {
  const { webContents } = window;
  let crashedAtMs = Number.NEGATIVE_INFINITY;
  let isReplacing = false;

  const replacePage = () => {
    // A page that hangs would not hear a polite request.
    isReplacing = true;
    if (!webContents.isCrashed()) webContents.forcefullyCrashRenderer();
    webContents.reload();
  };

  webContents.on('did-finish-load', () => (isReplacing = false));

  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || isReplacing || window.isDestroyed()) return;
    const isSecond = performance.now() - crashedAtMs < CALM_MS;
    crashedAtMs = performance.now();
    if (isSecond) return void offerReplacement(window, `The page crashed again (${reason}).`, replacePage);
    stream.notify(
      'warning',
      `The page crashed (${reason}) and was loaded again. The session went on and is all here.`,
    );
    replacePage();
  });

  webContents.on('unresponsive', () => {
    const answered = new AbortController();
    webContents.once('responsive', () => answered.abort());
    void offerReplacement(window, 'The page does not respond.', replacePage, answered.signal);
  });

  webContents.on('did-fail-load', (_event, code, description, url, isMainFrame) => {
    if (!isMainFrame || code === ABORTED) return;
    dialog.showErrorBox(
      app.name,
      `The page could not be loaded from ${url} (${description}). Run the set-up again.`,
    );
    app.exit(1);
  });
}

async function offerReplacement(
  window: BrowserWindow,
  message: string,
  replacePage: () => void,
  signal?: AbortSignal,
): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message,
    detail: 'The session is kept: its threads and its recording do not depend on the page.',
    buttons: ['Load the page again', 'Wait', 'Quit'],
    defaultId: 0,
    cancelId: 1,
    ...(signal && { signal }),
  });
  if (signal?.aborted || window.isDestroyed()) return;
  if (response === 0) replacePage();
  if (response === 2) app.quit();
}
