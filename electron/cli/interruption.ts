import { constants } from 'node:os';

/** Ctrl-C, `kill`, and a terminal that is closed. */
const STOPS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal asked for the end: what was begun was ended in order. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** As a shell has it: 128 and the signal's number. */
  readonly status: number;
  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.status = 128 + constants.signals[signal];
  }
}

/**
 * Lets a signal end some work in order, instead of the process at once.
 * @param work ends early when its signal is aborted, whose reason is then an Interrupted
 */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const abort = new AbortController();
  const stop = (signal: NodeJS.Signals): void => abort.abort(new Interrupted(signal));
  for (const one of STOPS) process.on(one, stop);
  try {
    return await work(abort.signal);
  } finally {
    for (const one of STOPS) process.off(one, stop);
  }
}
