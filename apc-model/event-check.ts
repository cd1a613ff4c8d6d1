import {
  CALL_NAMES,
  DefinedClass,
  Kind,
  KIND_NAMES,
  PSEUDO_HANDLE_NAMES,
  SUBJECT_HANDLE,
  SUBJECT_NONE,
  SUBJECT_THREAD,
  THREAD_NONE,
  THREAD_SYSTEM,
  ThreadState,
} from './event.ts';
import { isAboutApc } from './trace-columns.ts';
import { TraceFileError } from './trace-file-error.ts';

/** What a session can have at the most (native-bridge/src): more than that no recorder has written. */
const MOST = {
  threads: 4098,
  objects: 4096,
  texts: 1 << 20,
  routines: 0xffff,
  /** Calls and APCs open at once on one thread: twice what 256 nested APCs can have. */
  open: 2048,
  /** A session of 104 days: beyond it nanoseconds are no longer exact. */
  timeHigh: 1 << 21,
};
/**
 * APC ids are dense but for what was lost. Tables of the page grow with the largest, so it has to stay in proportion to
 * what the file has: four to an event, one to an event that is told to be lost, and a million besides.
 */
const APCS_AT_FIRST = 1 << 20;
const APCS_AN_EVENT = 4;
const MOST_APCS_LOST = 1 << 23;

/**
 * The one place where the values of a loaded event are looked at: what passes here, nothing behind it can be led astray
 * by (a table that grows with a number, a stack without an end, a name that is none). One for each file, in order.
 */
export class EventCheck {
  #events: number;
  #lost: number;
  /** By threads; the two that are no lab threads come behind all others. */
  readonly #lastTimeNs = new Float64Array(MOST.threads + 2);
  readonly #open = new Uint16Array(MOST.threads + 2);

  /** @param first where it begins: 0, or somewhere in a file, of whose begin it then knows nothing */
  constructor(first = 0) {
    this.#events = first;
    this.#lost = first === 0 ? 0 : MOST_APCS_LOST;
  }

  /**
   * @returns the event's time: within a thread time never falls, so one that does is raised to the last
   * @throws a TraceFileError that names the value
   */
  see(
    kind: number,
    call: number,
    thread: number,
    subject: number,
    low: number,
    high: number,
    timeNs: number,
  ): number {
    this.#events++;
    if (kind < 1 || kind >= KIND_NAMES.length) throw refuse('kind', kind);
    if (call >= CALL_NAMES.length) throw refuse('call', call);
    this.#thread(thread);
    const own = Math.min(thread, MOST.threads + (thread & 1));
    if (timeNs > MOST.timeHigh * 0x1_0000_0000) throw refuse('time', timeNs);
    if (isAboutApc(kind)) this.#apc(subject);
    else if (kind === Kind.defined) this.#definition(subject, low);
    else if (kind === Kind.log || kind === Kind.marker) this.#text(subject);
    else this.#subject(subject);
    this.#follow(kind, own, low, high);
    const last = this.#lastTimeNs[own]!;
    if (timeNs < last) return last;
    this.#lastTimeNs[own] = timeNs;
    return timeNs;
  }

  #follow(kind: number, own: number, low: number, high: number): void {
    switch (kind) {
      case Kind.callBegan:
      case Kind.apcBegan:
        if (++this.#open[own]! > MOST.open)
          throw new TraceFileError(`a thread has more than ${MOST.open} calls and APCs open`);
        return;
      case Kind.callReturned:
      case Kind.apcEnded:
        if (this.#open[own]! > 0) this.#open[own]!--;
        return;
      case Kind.threadEnded:
        this.#open[own] = 0;
        return;
      case Kind.apcQueueing:
      case Kind.apcArmed:
        return this.#thread(low & 0xffff);
      case Kind.lost:
        this.#lost = high > 0 ? MOST_APCS_LOST : Math.min(MOST_APCS_LOST, this.#lost + low);
        return;
      case Kind.resync:
        if ((low & 0xff) < ThreadState.notStarted || (low & 0xff) > ThreadState.ended)
          throw refuse('thread state', low & 0xff);
        this.#open[own] = ((low >>> 8) & 0xff) + ((low >>> 16) & 0xff);
        return;
    }
  }

  #thread(thread: number): void {
    if (thread >= MOST.threads && thread !== THREAD_SYSTEM && thread !== THREAD_NONE)
      throw refuse('thread', thread);
  }

  #apc(id: number): void {
    if (id === SUBJECT_NONE) return;
    if (id > APCS_AT_FIRST + APCS_AN_EVENT * this.#events + this.#lost) throw refuse('APC', id);
  }

  #definition(id: number, low: number): void {
    // The system's own thread has a name too.
    if ((low & 0xff) === DefinedClass.thread) return this.#thread(id);
    const most = {
      [DefinedClass.routine]: MOST.routines,
      [DefinedClass.object]: MOST.objects,
      [DefinedClass.text]: MOST.texts,
    }[low & 0xff];
    if (most === undefined || id >= most) throw refuse('definition', id);
  }

  #text(id: number): void {
    if (id !== SUBJECT_NONE && id >= MOST.texts) throw refuse('text', id);
  }

  #subject(subject: number): void {
    if (subject === SUBJECT_NONE) return;
    if (subject >= SUBJECT_THREAD) this.#thread(subject - SUBJECT_THREAD);
    else if (subject >= SUBJECT_HANDLE) {
      if (subject - SUBJECT_HANDLE >= PSEUDO_HANDLE_NAMES.length) throw refuse('handle', subject);
    } else if (subject >= MOST.objects) throw refuse('object', subject);
  }
}

const refuse = (what: string, value: number): TraceFileError =>
  new TraceFileError(`it names ${what} ${value}, which no session can have`);
