import { app, session, type WebContents } from 'electron';
import { APP_ORIGIN, APP_URL } from './page-origin.ts';

/** The one permission that the page has: to put a picture on the clipboard after a click. */
const GRANTED = 'clipboard-sanitized-write';

/** Denies everything that the page has no need of: navigation, windows, webviews, permissions, devices. */
export function setupLockdown(): void {
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, decide, details) =>
    decide(permission === GRANTED && isOurs(details.requestingUrl) && details.isMainFrame),
  );
  // Without this one, Electron answers every check with yes.
  defaultSession.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === GRANTED && isOurs(origin),
  );
  defaultSession.setDevicePermissionHandler(() => false);
}

function lockContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    // The page may load itself again, and nothing else.
    if (event.url !== APP_URL) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

const isOurs = (url: string | undefined): boolean =>
  url === APP_ORIGIN || url?.startsWith(`${APP_ORIGIN}/`) === true;
