import { app, dialog } from 'electron';

/** The command line's status for an engine that failed, used here too. */
export const STATUS_ENGINE = 4;
export const STATUS_USAGE = 2;

/** Says in one sentence why the app can't start, on standard error and in a box, and ends it. */
export async function endWithFault(message: string, status: number): Promise<void> {
  process.stderr.write(`${app.name}: ${message}\n`);
  await app.whenReady();
  // It returns when the user has read it.
  dialog.showErrorBox(`${app.name} can't start`, message);
  app.exit(status);
}
