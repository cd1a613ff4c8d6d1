import type { Stream } from './stream.ts';

/** What the language itself throws was never meant for the user. */
const SLIPS = [TypeError, RangeError, ReferenceError, SyntaxError, EvalError, URIError];

/** Our errors' messages are sentences for the user; a slip of ours goes to standard error with its stack. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Error && !SLIPS.some((kind) => error instanceof kind)) return error.message;
  console.error(error);
  return 'Alertable made a mistake of its own and did nothing. Its standard error has the details.';
}

/** What nobody caught is told in the page; without this, Electron stops everything with a box that shows a stack. */
export function setupSlips(stream: Stream): void {
  const tell = (error: unknown) => stream.notify('error', sentenceOf(error));
  process.on('uncaughtException', tell);
  process.on('unhandledRejection', tell);
}
