import type { AlertableBridge, Command, CommandAnswer, CommandResults } from '../apc-model/app-api.ts';
import { notify } from './notices.ts';
import { followLive } from './store.ts';

declare global {
  interface Window {
    readonly alertable: AlertableBridge;
  }
}

/** Asks main. A refusal is shown to the user as main worded it; the answer is then undefined. */
export const ask = <T extends Command['type']>(
  command: Extract<Command, { type: T }>,
): Promise<CommandResults[T] | undefined> => shown(command.type, () => window.alertable.command<T>(command));

/** Opens what was dropped on the window; a refusal is shown as by ask. */
export const openDropped = (file: File): Promise<CommandResults['openDropped'] | undefined> =>
  shown('openDropped', () => window.alertable.openDropped(file));

async function shown<T extends Command['type']>(
  type: T,
  call: () => Promise<CommandAnswer<T>>,
): Promise<CommandResults[T] | undefined> {
  try {
    const answer = await call();
    if ('ok' in answer) return answer.ok;
    notify('error', answer.error);
  } catch (error) {
    notify('error', `${type} failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}

/** As ask, for forms: a refusal is handed back to be shown there, beside the field that it is about if it is about one. */
export async function askPlainly<T extends Command['type']>(
  command: Extract<Command, { type: T }>,
): Promise<CommandAnswer<T>> {
  try {
    return await window.alertable.command<T>(command);
  } catch (error) {
    return { error: `${command.type} failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** For click handlers: whoever starts a command need not wait for it. */
export const send = (command: Command): void => void ask(command);

/** What a hand does to a thread happens now: the board goes to where it can be seen. */
export function act(command: Command): void {
  followLive();
  send(command);
}
