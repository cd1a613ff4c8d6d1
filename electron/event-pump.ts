import { RECORD_BYTES } from '../apc-model/event.ts';
import type { NativeSession } from './native/bridge.ts';

/** One drain's events: whole records, how many heads they have, and the text table's bytes that came with them. */
export interface Drained {
  records: Uint8Array;
  text: Uint8Array;
  events: number;
}

const BATCH_RECORDS = 8192;
/** Between two drains while events come. */
const INTERVAL_MS = 8;
/** After so long without an event the pump sleeps behind the doorbell. */
const PATIENCE_MS = 100;
/** The longest that one turn of the event loop may drain. */
const TURN_MS = 6;

/**
 * Drains a native session in bulk, with no object or callback an event. While events come it drains on a timer; after
 * PATIENCE_MS of silence it arms the native doorbell and does nothing at all until that rings.
 */
export class EventPump {
  readonly #session: NativeSession;
  readonly #take: (drained: Drained) => void;
  readonly #turned: () => void;
  readonly #buffer = new Uint8Array(BATCH_RECORDS * RECORD_BYTES);
  #heads = 0;
  #textBytes = 0;
  #quietSince = 0;
  #timer: NodeJS.Timeout | undefined;
  #running = false;

  /**
   * @param take receives what each drain brought; it may keep and change it
   * @param turned is called after each turn, also an empty one: the place to look whether threads have ended
   */
  constructor(session: NativeSession, take: (drained: Drained) => void, turned: () => void) {
    this.#session = session;
    this.#take = take;
    this.#turned = turned;
    session.setDoorbell(() => this.wake());
  }

  start(): void {
    this.#running = true;
    this.wake();
  }

  /** Something may have happened: drain soon, and go on until it is quiet. */
  wake(): void {
    this.#quietSince = performance.now();
    if (this.#running && this.#timer === undefined) this.#timer = setTimeout(() => this.#turn(), 0);
  }

  /** Hands out everything that has been published by now; a thread that goes on publishing can't hold it here. */
  flush(): void {
    const { published } = this.#session.status();
    while (this.#heads < published && this.#drain(0).left);
  }

  /** Hands out the rest, and no more by itself. */
  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.flush();
  }

  #turn(): void {
    this.#timer = undefined;
    const now = performance.now();
    const { events, left } = this.#drain(now + TURN_MS);
    if (events > 0) this.#quietSince = now;
    this.#turned();
    if (!this.#running || this.#timer !== undefined) return;
    if (now - this.#quietSince < PATIENCE_MS || !this.#session.armDoorbell()) {
      this.#timer = setTimeout(() => this.#turn(), left ? 0 : INTERVAL_MS);
    }
  }

  #drain(deadline: number): { events: number; left: boolean } {
    let events = 0;
    for (;;) {
      const info = this.#session.drain(this.#buffer);
      const text = this.#session.text(this.#textBytes, Math.max(this.#textBytes, info.textBytes));
      this.#textBytes += text.length;
      if (info.records > 0) {
        const records = this.#buffer.slice(0, info.records * RECORD_BYTES);
        this.#take({ records, text, events: info.heads });
        events += info.heads;
        this.#heads += info.heads;
      }
      if (!info.left) return { events, left: false };
      if (performance.now() >= deadline) return { events, left: true };
    }
  }
}
