import type { StreamMessage } from '../apc-model/app-api.ts';
import type { EventIndex } from '../apc-model/event.ts';
import { moveTexts } from '../apc-model/record-texts.ts';
import type { Batch } from './recent-events.ts';
import { joinBatches, type SessionLog } from './session-log.ts';

/**
 * Batches that may be on their way to the page without an acknowledgement: 4 MiB. With four, a page that paints for 30 ms at a
 * time waits more than it takes in.
 */
export const IN_FLIGHT = 16;
/** Of one message: 256 KiB of records without arguments, which is where a MessagePort is fastest. */
const EVENTS_OF_MESSAGE = 8192;

/** What a feed reads from, and whom it tells. */
export interface FeedParts {
  session: number;
  log: SessionLog;
  nowNs: () => number;
  send: (message: StreamMessage) => void;
}

/**
 * Sends a session to one page from its first event on, in numbered batches, as fast as the page acknowledges them. A page
 * that keeps up gets them from memory; one that came late or fell behind gets the older ones from the recording, a few at
 * a time, so that nothing piles up for it. What neither has is told as missed.
 */
export class Feed {
  readonly #parts: FeedParts;
  #next: EventIndex = 0;
  #sent = 0;
  #acknowledged = 0;
  #sentText = 0;
  #isReading = false;
  #isStopped = false;
  #whenClose: (() => void)[] = [];

  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  /** Sends what is new, as far as the page keeps up. */
  feed(): void {
    const { log } = this.#parts;
    while (!this.#isStopped && !this.#isReading && this.#mayGo() && this.#next < log.end) {
      const batches = this.#recent();
      if (batches.length > 0) this.#send(batches);
      else void this.#readOlder();
    }
    if (this.#isStopped || log.end - this.#next < EVENTS_OF_MESSAGE * IN_FLIGHT)
      for (const resolve of this.#whenClose.splice(0)) resolve();
  }

  acknowledge(sequence: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, Math.min(sequence + 1, this.#sent));
    this.feed();
  }

  /** Resolves when the page has nearly everything, or is gone. For who fills the log from a file. */
  caughtUp(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenClose.push(resolve);
      this.feed();
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.feed();
  }

  #mayGo(): boolean {
    return this.#sent - this.#acknowledged < IN_FLIGHT;
  }

  /** The next batches in memory, up to one message. */
  #recent(): Batch[] {
    const batches: Batch[] = [];
    let left = EVENTS_OF_MESSAGE;
    for (let from = this.#next; left > 0;) {
      const batch = this.#parts.log.recentFrom(from, left);
      if (batch === undefined || (batches.length > 0 && batch.events < left && left < EVENTS_OF_MESSAGE / 2))
        break;
      batches.push(batch);
      from += batch.events;
      left -= batch.events;
    }
    return batches;
  }

  #send(batches: readonly Batch[]): void {
    const { session, log, nowNs, send } = this.#parts;
    const first = batches[0]!.first;
    const { records, text } = batches.length === 1 ? copied(batches[0]!) : joinBatches(batches);
    if (text.length > 0) moveTexts(records, this.#sentText);
    this.#sentText += text.length;
    this.#next = batches.reduce((end, one) => end + one.events, first);
    const behind = log.end - this.#next;
    send({ type: 'batch', session, sequence: this.#sent++, first, nowNs: nowNs(), behind, records, text });
  }

  async #readOlder(): Promise<void> {
    this.#isReading = true;
    try {
      const found = await this.#parts.log.read(this.#next, EVENTS_OF_MESSAGE);
      // The log was closed: there will be nothing more to read.
      if (found === undefined) this.#isStopped = true;
      if (this.#isStopped || found === undefined) return;
      if ('batch' in found) return this.#send([found.batch]);
      const { from, to } = found.missed;
      this.#next = to;
      this.#parts.send({ type: 'missed', session: this.#parts.session, from, to });
    } finally {
      this.#isReading = false;
      this.feed();
    }
  }
}

/** Names are moved in a copy: the batch stays as it is for others. */
const copied = ({ records, text }: Batch): Pick<Batch, 'records' | 'text'> =>
  text.length === 0 ? { records, text } : { records: Uint8Array.from(records), text };
