import { MessageChannelMain, type BrowserWindow, type MessagePortMain } from 'electron';
import {
  STREAM_CHANNEL,
  type ExportProgress,
  type InterruptedSession,
  type Settings,
  type StreamMessage,
} from '../apc-model/app-api.ts';
import { parseStreamAnswer } from './command-schema.ts';
import { exactMessage } from './exact-message.ts';
import type { Laboratory } from './laboratory.ts';

export type Notice = Extract<StreamMessage, { type: 'notice' }>;

/**
 * The stream of one window: a MessagePort straight to its page. Each load of the page gets a new port and everything from
 * the session's first event; what the page missed in between is not lost but sent again.
 */
export class Stream {
  readonly #contents: BrowserWindow['webContents'];
  readonly #laboratory: Laboratory;
  #port: MessagePortMain | undefined;
  #isReady = false;
  #notices: Notice[] = [];
  #interrupted: StreamMessage | undefined;
  #whenFirstReady: () => void = () => {};

  constructor(window: BrowserWindow, laboratory: Laboratory) {
    this.#contents = window.webContents;
    this.#laboratory = laboratory;
    this.#contents.on('did-finish-load', () => this.#open());
    // Not when a navigation starts: one that is denied must not cost the page its stream.
    this.#contents.on('did-navigate', () => this.#close());
    this.#contents.on('render-process-gone', () => this.#close());
    window.on('closed', () => this.#close());
  }

  /** Calls back once, when the first page has begun to listen. */
  onFirstReady(callback: () => void): void {
    this.#whenFirstReady = callback;
  }

  /** Says something to the user, as soon as there is a page to say it in. */
  notify(level: Notice['level'], text: string): void {
    const notice: Notice = { type: 'notice', level, text };
    if (this.#isReady) this.#port?.postMessage(notice);
    else this.#notices.push(notice);
  }

  /** Tells the page what an earlier start left unfinished; one that loads later hears it too. */
  tellInterrupted(sessions: InterruptedSession[]): void {
    this.#interrupted = { type: 'interrupted', sessions };
    if (this.#isReady) this.#port?.postMessage(this.#interrupted);
  }

  /** Tells the page how far an export is; one that loads later hears the next word of it. */
  tellExport(progress: ExportProgress | null): void {
    if (this.#isReady) this.#port?.postMessage({ type: 'export', progress } satisfies StreamMessage);
  }

  /** Tells the page of settings that changed elsewhere; one that loads later asks for them. */
  tellSettings({ appearance, axis }: Settings): void {
    if (this.#isReady)
      this.#port?.postMessage({ type: 'settings', settings: { appearance, axis } } satisfies StreamMessage);
  }

  #open(): void {
    this.#close();
    const { port1, port2 } = new MessageChannelMain();
    this.#port = port1;
    port1.on('message', ({ data }) => this.#hear(port1, data));
    port1.on('close', () => {
      if (this.#port === port1) this.#close();
    });
    port1.start();
    this.#contents.postMessage(STREAM_CHANNEL, null, [port2]);
  }

  #hear(port: MessagePortMain, data: unknown): void {
    const parsed = parseStreamAnswer(data);
    if (port !== this.#port || 'error' in parsed) return;
    if (parsed.ok.type === 'acknowledge') {
      if (this.#isReady) this.#laboratory.answer(parsed.ok);
    } else if (!this.#isReady) {
      this.#isReady = true;
      this.#laboratory.attach({ send: (message) => port.postMessage(exactMessage(message)) });
      if (this.#interrupted !== undefined) port.postMessage(this.#interrupted);
      for (const notice of this.#notices.splice(0)) port.postMessage(notice);
      this.#whenFirstReady();
      this.#whenFirstReady = () => {};
    }
  }

  #close(): void {
    if (this.#isReady) this.#laboratory.detach();
    this.#isReady = false;
    const port = this.#port;
    this.#port = undefined;
    port?.close();
  }
}
