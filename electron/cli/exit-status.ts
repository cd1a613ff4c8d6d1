/** How a verb ended, as contracts.md fixes it. */
export const ExitStatus = {
  held: 0,
  expectationFailed: 1,
  usage: 2,
  notJudged: 3,
  engineFailed: 4,
} as const;
export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus];

/** Bad usage, a bad file, an engine that failed: `message` names the field and the remedy. */
export class CommandFault extends Error {
  readonly status: ExitStatus;
  constructor(status: ExitStatus, message: string) {
    super(message);
    this.name = 'CommandFault';
    this.status = status;
  }
}
