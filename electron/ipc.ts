import { BrowserWindow, ipcMain } from 'electron';
import {
  COMMAND_CHANNEL,
  type Command,
  type CommandError,
  type CommandResults,
} from '../apc-model/app-api.ts';
import { HandFault } from '../apc-model/hand-step.ts';
import { parseCommand } from './command-schema.ts';
import { isTrustedSender } from './sender.ts';
import { sentenceOf } from './slips.ts';

/** One function a command. It may throw or reject with an Error whose message is a sentence for the user. */
export type CommandHandlers = {
  [T in Command['type']]: (
    command: Extract<Command, { type: T }>,
    window: BrowserWindow,
  ) => CommandResults[T] | Promise<CommandResults[T]>;
};

type Result = CommandResults[Command['type']];
type Answer = { ok: Result } | CommandError;

/** The one request channel: who asks is looked at first, then what, and only then is anything done. */
export function setupIpc(handlers: CommandHandlers, isOurs: (window: BrowserWindow) => boolean): void {
  ipcMain.handle(COMMAND_CHANNEL, (event, ...messages: unknown[]): Answer | Promise<Answer> => {
    // Read before anything is awaited: after that it may be null, or another document.
    const frame = event.senderFrame;
    const window = BrowserWindow.fromWebContents(event.sender);
    if (window === null || !isTrustedSender(frame, isOurs(window))) {
      return { error: 'The command was refused: it did not come from the page of this app.' };
    }
    if (messages.length !== 1) return { error: 'The command was refused: it must be one object.' };
    const parsed = parseCommand(messages[0]);
    return 'error' in parsed ? parsed : carryOut(handlers, parsed.ok, window);
  });
}

async function carryOut(handlers: CommandHandlers, command: Command, window: BrowserWindow): Promise<Answer> {
  // The table pairs each type with its own handler, which the compiler can't follow through an index.
  const handle = handlers[command.type] as (
    command: Command,
    window: BrowserWindow,
  ) => Result | Promise<Result>;
  try {
    return { ok: await handle(command, window) };
  } catch (fault) {
    const error = sentenceOf(fault);
    return fault instanceof HandFault
      ? { error, at: { field: fault.field, problem: fault.problem } }
      : { error };
  }
}
