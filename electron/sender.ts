import { APP_ORIGIN } from './page-origin.ts';

/** What must be known of a frame to trust its message; Electron's WebFrameMain has all of it. */
export interface SenderFrame {
  readonly url: string;
  readonly origin: string;
  readonly parent: unknown;
}

/**
 * Is this the main frame of one of our windows, showing our own page? After a crash Electron calls the main frame detached
 * for good, though it is the one that was loaded again: that says nothing.
 * @param frame null when it has navigated away or is gone
 * @param isOurWindow whether the frame's contents are those of a window that the app made
 */
export function isTrustedSender(frame: SenderFrame | null, isOurWindow: boolean): boolean {
  return (
    frame !== null &&
    isOurWindow &&
    frame.parent === null &&
    frame.origin === APP_ORIGIN &&
    frame.url.startsWith(`${APP_ORIGIN}/`)
  );
}
