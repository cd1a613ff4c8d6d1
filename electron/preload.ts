import { contextBridge, ipcRenderer, webUtils } from 'electron';
import {
  COMMAND_CHANNEL,
  STREAM_CHANNEL,
  type AlertableBridge,
  type Command,
  type CommandAnswer,
} from '../apc-model/app-api.ts';

/** The little of the page's world that is needed here: these projects are compiled without the DOM's types. */
declare const window: {
  postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void;
};
declare const location: { readonly origin: string };

const send = (command: Command): Promise<never> =>
  ipcRenderer.invoke(COMMAND_CHANNEL, command) as Promise<never>;

const NO_PATHS: CommandAnswer<'openDropped'> = {
  error: 'The command was refused: the page opens only what is dropped on it, and names no paths.',
};

const bridge: AlertableBridge = {
  command: (command) =>
    (command as Command | null | undefined)?.type === 'openDropped'
      ? Promise.resolve(NO_PATHS as never)
      : send(command),
  openDropped: async (file) =>
    send({
      type: 'openDropped',
      path: webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
    }),
};
contextBridge.exposeInMainWorld('alertable', bridge);

ipcRenderer.on(STREAM_CHANNEL, (event) => window.postMessage(STREAM_CHANNEL, location.origin, event.ports));
