import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { COMMAND_CHANNEL, STREAM_CHANNEL, type AlertableBridge } from '../apc-model/app-api.ts';

/** The little of the page's world that is needed here: these projects are compiled without the DOM's types. */
declare const window: {
  postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void;
};
declare const location: { readonly origin: string };

const bridge: AlertableBridge = {
  command: (command) => ipcRenderer.invoke(COMMAND_CHANNEL, command),
  pathOf: (file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
};
contextBridge.exposeInMainWorld('alertable', bridge);

ipcRenderer.on(STREAM_CHANNEL, (event) => window.postMessage(STREAM_CHANNEL, location.origin, event.ports));
