import { app, dialog } from 'electron';
import { sentenceOf } from './slips.ts';

/** The statuses of the command line, used here too. */
export const STATUS = { other: 1, usage: 2, engine: 4 } as const;

/** Why the app can't start, in a sentence, and the status to end with. */
export class StartFault extends Error {
  readonly status: number;

  constructor(message: string, status: number, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/** Says why on standard error and in a box, and ends the app. */
export async function endWithFault(fault: unknown): Promise<void> {
  const message = sentenceOf(fault);
  process.stderr.write(`${app.name}: ${message}\n`);
  await app.whenReady();
  // It returns when the user has read it.
  dialog.showErrorBox(`${app.name} can't start`, message);
  app.exit(fault instanceof StartFault ? fault.status : STATUS.other);
}
