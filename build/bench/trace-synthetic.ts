import {
  Call,
  DefinedClass,
  FLAG_MORE,
  HEAD,
  KIND_MORE,
  Kind,
  MORE,
  RECORD_BYTES,
  SITE_NONE,
  SUBJECT_NONE,
  SUBJECT_THREAD,
  THREAD_FIRST,
} from '../../apc-model/event.ts';

/** What the events of a synthetic session are mostly. */
export type Shape = 'apcs' | 'calls';

const MORE_ARGUMENTS = 1;
const WORDS32 = RECORD_BYTES / 4;
const WORDS16 = RECORD_BYTES / 2;
/** An alertable wait delivers up to this many APCs before it returns. */
const MOST_IN_DRAIN = 4;

/**
 * Writes the records of a made-up session as the native library would: every event paired, times rising, ids dense.
 *
 *     apcs     threads queue APCs to each other and run them in SleepEx, about four events for each APC
 *     calls    threads make short calls, every fourth of which changes an object
 */
export class SyntheticSession {
  readonly #words32: Uint32Array;
  readonly #words16: Uint16Array;
  readonly #bytes: Uint8Array;
  readonly #threads: number;
  readonly #shape: Shape;
  readonly #deepest: number;
  readonly #queues: number[][] = [];
  #at = 0;
  #heads = 0;
  #timeNs = 0;
  #apcs = 0;
  #seed = 1;
  #begun = false;

  /**
   * @param batch the most records of one answer
   * @param deepest queues are filled up to this many APCs, then emptied
   */
  constructor(shape: Shape, { threads = 8, batch = 16_384, deepest = 8 } = {}) {
    this.#shape = shape;
    this.#threads = threads;
    this.#deepest = deepest;
    this.#bytes = new Uint8Array((batch + 1024) * RECORD_BYTES);
    this.#words32 = new Uint32Array(this.#bytes.buffer);
    this.#words16 = new Uint16Array(this.#bytes.buffer);
    for (let thread = 0; thread < threads; thread++) this.#queues.push([]);
  }

  /** The next `events` events or a few more. The bytes are overwritten by the next call. */
  next(events: number): Uint8Array {
    this.#at = 0;
    this.#heads = 0;
    if (!this.#begun) this.#begin();
    while (this.#heads < events) {
      if (this.#shape === 'apcs') this.#apcRound();
      else this.#callRound();
    }
    return this.#bytes.subarray(0, this.#at * RECORD_BYTES);
  }

  #begin(): void {
    this.#begun = true;
    this.#head(0, Kind.defined, 0, 0, DefinedClass.object | (1 << 8), 0);
    for (let thread = 0; thread < this.#threads; thread++) {
      const index = THREAD_FIRST + thread;
      this.#head(0, Kind.threadCreated, 0, SUBJECT_THREAD + index, 1000 + index, 0);
      this.#head(index, Kind.threadStarted, 0, SUBJECT_NONE, 1000 + index, 0);
    }
  }

  /** One thread queues some APCs to another, or that one runs some of those that wait. */
  #apcRound(): void {
    const place = this.#random(this.#threads);
    const queue = this.#queues[place]!;
    const fills = queue.length < this.#deepest && this.#random(this.#deepest) >= queue.length / 2;
    if (fills) {
      const source = THREAD_FIRST + this.#random(this.#threads);
      for (let count = 1 + this.#random(MOST_IN_DRAIN); count > 0; count--) this.#queue(source, place);
    } else this.#drain(place);
  }

  #queue(source: number, place: number): void {
    const apc = ++this.#apcs;
    this.#queues[place]!.push(apc);
    this.#head(source, Kind.apcQueueing, Call.queueUserApc, apc, THREAD_FIRST + place, SITE_NONE << 8, 1);
    this.#more(apc);
    this.#head(source, Kind.apcQueued, Call.queueUserApc, apc, 1, 0);
  }

  #drain(place: number): void {
    const thread = THREAD_FIRST + place;
    this.#head(thread, Kind.callBegan, Call.sleepEx, SUBJECT_NONE, 0xffffffff, ((SITE_NONE << 8) | 1) >>> 0);
    const many = Math.min(this.#queues[place]!.length, MOST_IN_DRAIN);
    for (const apc of this.#queues[place]!.splice(0, many)) {
      this.#head(thread, Kind.apcBegan, Call.queueUserApc, apc, 1 << 16, 0);
      this.#head(thread, Kind.apcEnded, Call.queueUserApc, apc, 1 << 16, 0);
    }
    this.#head(thread, Kind.callReturned, Call.sleepEx, SUBJECT_NONE, 0xc0, 0);
  }

  #callRound(): void {
    const thread = THREAD_FIRST + this.#random(this.#threads);
    const call = this.#random(2) === 0 ? Call.setEvent : Call.compute;
    this.#head(thread, Kind.callBegan, call, 0, 10, (SITE_NONE << 8) >>> 0);
    if (this.#random(4) === 0) this.#head(thread, Kind.objectChanged, 0, 0, this.#random(2), 0);
    this.#head(thread, Kind.callReturned, call, 0, 1, 0);
  }

  #head(
    thread: number,
    kind: number,
    call: number,
    subject: number,
    low: number,
    high: number,
    more = 0,
  ): void {
    this.#timeNs += 200 + this.#random(1600);
    const at32 = this.#at * WORDS32;
    const at16 = this.#at * WORDS16;
    this.#words32[at32 + HEAD.timeLow32] = this.#timeNs;
    this.#words32[at32 + HEAD.timeHigh32] = this.#timeNs / 0x1_0000_0000;
    this.#words32[at32 + HEAD.ticket32] = this.#heads;
    this.#words16[at16 + HEAD.kind16] = kind;
    this.#words16[at16 + HEAD.flags16] = more > 0 ? FLAG_MORE | (more << 8) : 0;
    this.#words16[at16 + HEAD.thread16] = thread;
    this.#words16[at16 + HEAD.call16] = call;
    this.#words32[at32 + HEAD.subject32] = subject;
    this.#words32[at32 + HEAD.valueLow32] = low;
    this.#words32[at32 + HEAD.valueHigh32] = high;
    this.#at++;
    this.#heads++;
  }

  #more(value: number): void {
    const at32 = this.#at * WORDS32;
    this.#words16[this.#at * WORDS16 + MORE.kind16] = KIND_MORE;
    this.#words16[this.#at * WORDS16 + MORE.what16] = MORE_ARGUMENTS;
    this.#words32[at32 + MORE.count32] = 1;
    this.#words32[at32 + MORE.firstValue32] = value;
    this.#words32[at32 + MORE.firstValue32 + 1] = 0;
    this.#at++;
  }

  /** A whole number below `limit`, the same in every run. */
  #random(limit: number): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#seed / 0x1_0000_0000) * limit);
  }
}
