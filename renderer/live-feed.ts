import {
  STREAM_CHANNEL,
  type ExportProgress,
  type InterruptedSession,
  type SessionPhase,
  type Settings,
  type SiteLabel,
  type StreamAnswer,
  type StreamMessage,
  type Verdict,
} from '../apc-model/app-api.ts';
import { lostRecord } from '../apc-model/lost-record.ts';
import { Trace } from '../apc-model/trace.ts';
import { MissedEvents } from './missed-events.ts';
import { SessionClock } from './session-clock.ts';

export type NoticeLevel = 'info' | 'warning' | 'error';

/** Told what the stream brought; called between frames, so it should only leave a mark. */
export interface FeedListener {
  sessionBegan(): void;
  /** Of a session: its threads can be shown. */
  hasFirstEvents(): void;
  changed(): void;
  notice(level: NoticeLevel, text: string): void;
  settingsChanged(settings: Settings): void;
  interrupted(sessions: readonly InterruptedSession[]): void;
  exporting(progress: ExportProgress | null): void;
}

/** What the feed needs of the page. */
export interface FeedHost {
  /** A monotonic clock, milliseconds. */
  nowMs(): number;
  /** Runs in a task of its own, after the frames that are due. */
  later(run: () => void): void;
  /** How long one such task may take. */
  turnMs(): number;
}

/** What main streams, as it stands now: the present session's trace, its clock and its verdict. */
export class LiveFeed {
  session = 0;
  trace: Trace | undefined;
  sites: readonly SiteLabel[] = [];
  phase: SessionPhase = 'ended';
  verdict: Verdict | undefined;
  /** It is a saved trace, out of this file. */
  opened: { path: string } | null = null;
  /** Events lost so far, as main counts them. */
  lost = 0;
  /** Events that have happened and are still on their way. */
  toCome = 0;
  /** What main could not send any more. */
  missed = new MissedEvents();
  readonly clock: SessionClock;
  readonly #listener: FeedListener;
  readonly #host: FeedHost;
  #port: MessagePort | undefined;
  #nextSequence: number | undefined;
  /** Came, and has not been looked at. Main sends no more than a few batches ahead. */
  #inbox: StreamMessage[] = [];
  /** A task that takes in is on its way. */
  #hasTurn = false;

  constructor(listener: FeedListener, host: FeedHost) {
    this.#listener = listener;
    this.#host = host;
    this.clock = new SessionClock(() => host.nowMs());
  }

  /** Takes the stream's port and tells main to begin. A port that was there before is closed. */
  attach(port: MessagePort): void {
    this.#port?.close();
    this.#port = port;
    this.#inbox = [];
    port.onmessage = (event: MessageEvent<StreamMessage>) => {
      this.#inbox.push(event.data);
      this.#askForTurn();
    };
    this.#answer({ type: 'ready' });
  }

  close(): void {
    this.#port?.close();
    this.#port = undefined;
  }

  #answer(answer: StreamAnswer): void {
    this.#port?.postMessage(answer);
  }

  #askForTurn(): void {
    if (this.#hasTurn) return;
    this.#hasTurn = true;
    this.#host.later(() => this.#takeIn());
  }

  /** Takes in for as long as a frame may be made to wait; the rest has its turn after the frame. */
  #takeIn(): void {
    this.#hasTurn = false;
    const until = this.#host.nowMs() + this.#host.turnMs();
    try {
      do {
        const message = this.#inbox.shift();
        if (message !== undefined) this.#receive(message);
      } while (this.#inbox.length > 0 && this.#host.nowMs() < until);
    } finally {
      if (this.#inbox.length > 0) this.#askForTurn();
    }
  }

  #receive(message: StreamMessage): void {
    switch (message.type) {
      case 'session':
        this.session = message.session;
        this.trace = new Trace(message.meta, { budgetBytes: message.budgetBytes });
        this.sites = message.sites;
        this.opened = message.opened;
        this.lost = 0;
        this.toCome = 0;
        this.missed = new MissedEvents();
        this.phase = 'running';
        this.verdict = undefined;
        this.clock.reset();
        this.#nextSequence = undefined;
        this.#listener.sessionBegan();
        break;
      case 'batch':
        this.#append(message);
        break;
      case 'missed':
        if (message.session === this.session) this.#leaveGap(message.to - message.from);
        break;
      case 'lost':
        if (message.session !== this.session) return;
        this.lost = message.count;
        break;
      case 'interrupted':
        this.#listener.interrupted(message.sessions);
        return;
      case 'export':
        this.#listener.exporting(message.progress);
        return;
      case 'clock':
        if (message.session !== this.session) return;
        this.phase = message.state;
        this.clock.say(message.nowNs, message.state !== 'ended');
        break;
      case 'verdict':
        if (message.session !== this.session) return;
        this.verdict = message.verdict;
        break;
      case 'notice':
        this.#listener.notice(message.level, message.text);
        return;
      case 'settings':
        this.#listener.settingsChanged(message.settings);
        return;
    }
    this.#listener.changed();
  }

  /** Events that can't be had any more stand in the trace as one event that says how many. */
  #leaveGap(count: number): void {
    if (this.trace === undefined) return;
    const { length, endNs } = this.trace.table;
    this.missed.add(length, count, endNs);
    this.trace.appendRecords(lostRecord(endNs, count));
  }

  #append(batch: Extract<StreamMessage, { type: 'batch' }>): void {
    const { session, sequence } = batch;
    // A batch of a session that has just been replaced is still acknowledged: main counts what is on its way.
    if (session === this.session && this.trace !== undefined) {
      if (this.#nextSequence !== undefined && sequence !== this.#nextSequence) {
        this.#listener.notice(
          'error',
          `Batch ${this.#nextSequence} never arrived (got ${sequence}): this view has a gap. Run the scenario again.`,
        );
      }
      this.#nextSequence = sequence + 1;
      try {
        const isFirst = this.trace.table.length === 0;
        this.trace.appendRecords(batch.records, batch.text);
        if (isFirst) this.#listener.hasFirstEvents();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#listener.notice(
          'error',
          `Events from the engine could not be read (${reason}). Run the scenario again.`,
        );
      }
      this.clock.say(batch.nowNs, this.phase !== 'ended');
      this.toCome = batch.behind;
    }
    this.#answer({ type: 'acknowledge', session, sequence });
  }
}

/** The preload posts the port to this window; nothing else may. */
export function takePortFrom(page: Window, feed: LiveFeed): void {
  page.addEventListener('message', (event: MessageEvent) => {
    const port = event.ports[0];
    if (event.source === page && event.data === STREAM_CHANNEL && port !== undefined) feed.attach(port);
  });
}
