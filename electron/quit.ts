import { app } from 'electron';
import type { Laboratory } from './laboratory.ts';

/** The laboratory promises to end within this; a thread that is wedged beyond it ends with the process. */
const LIMIT_MS = 2_000;

/** No thread, no open recording and no process is left behind, and nobody waits for long. */
export function setupQuit(laboratory: Laboratory): void {
  let isClosed = false;
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    const limit = new Promise<void>((resolve) => setTimeout(resolve, LIMIT_MS));
    const closed = laboratory.close().catch((error: unknown) => console.error(error));
    void Promise.race([closed, limit]).then(() => {
      isClosed = true;
      app.quit();
    });
  });
}
