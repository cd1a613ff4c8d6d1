import { app } from 'electron';
import type { Laboratory } from './laboratory.ts';

/** The laboratory promises to end within this; a thread that is wedged beyond it ends with the process. */
const LIMIT_MS = 2_000;

/** No thread, no open recording and no process is left behind, and nobody waits for long. */
export function setupQuit(laboratory: Laboratory): void {
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    event.preventDefault();
    const limit = new Promise<void>((resolve) => setTimeout(resolve, LIMIT_MS));
    const closed = laboratory.close().catch((error: unknown) => console.error(error));
    // In a turn of its own: from within this event, ending would be taken back by the line above.
    void Promise.race([closed, limit]).then(() => setImmediate(() => app.exit()));
  });
}
