/** A trace file that can't be read, or not from here on: `message` is one sentence for the user, without its full stop. */
export class TraceFileError extends Error {
  override readonly name = 'TraceFileError';
}

/** It ends in the midst of something: what a crash leaves. */
export class TraceCutError extends TraceFileError {
  constructor() {
    super('it is cut off there');
  }
}
