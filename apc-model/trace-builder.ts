import {
  Call,
  DefinedClass,
  EndReason,
  FLAG_INFERRED,
  Kind,
  ROUTINE_NONE,
  SITE_NONE,
  SUBJECT_NONE,
  SUBJECT_THREAD,
  type CallName,
} from './event.ts';
import type { EventRow } from './event-table.ts';
import { Trace, type TraceMeta } from './trace.ts';

const META: TraceMeta = {
  engine: 'posix',
  engineLabel: 'posix emulation',
  os: 'test',
  startedUnixMs: 0,
  title: 'test',
};

/** Options of a call or a queuing. */
interface CallOptions {
  ms?: number;
  alertable?: boolean;
  site?: number;
  subject?: number;
}

/**
 * Writes a trace by hand, in the words of the events: for tests, and for pictures of what no engine here can do. Time is
 * in nanoseconds; each method happens at the present time, which `at` moves.
 */
export class TraceBuilder {
  readonly rows: EventRow[] = [];
  readonly #meta: TraceMeta;
  #timeNs = 0;
  #apcs = 0;

  constructor(meta: Partial<TraceMeta> = {}) {
    this.#meta = { ...META, ...meta };
  }

  at(timeNs: number): this {
    this.#timeNs = timeNs;
    return this;
  }

  define(what: keyof typeof DefinedClass, id: number, text: string): this {
    return this.#row(0, Kind.defined, { subject: id, valueLow: DefinedClass[what], text });
  }
  created(thread: number, { routine = 0, by = 1, suspended = false, osThreadId = 1000 + thread } = {}): this {
    const valueHigh = routine | (suspended ? 0x10000 : 0);
    return this.#row(by, Kind.threadCreated, {
      subject: SUBJECT_THREAD + thread,
      valueLow: osThreadId,
      valueHigh,
    });
  }
  createdByHand(thread: number, suspended = false): this {
    return this.created(thread, { routine: ROUTINE_NONE, by: 0, suspended });
  }
  started(thread: number): this {
    return this.#row(thread, Kind.threadStarted, { valueLow: 1000 + thread });
  }
  ended(thread: number, exitCode = 0, reason: keyof typeof EndReason = 'returned'): this {
    return this.#row(thread, Kind.threadEnded, { valueLow: exitCode, valueHigh: EndReason[reason] });
  }
  suspended(thread: number, count: number, before: number, by = 0): this {
    const kind = count > before ? Kind.suspended : Kind.resumed;
    return this.#row(by, kind, { subject: SUBJECT_THREAD + thread, valueLow: count, valueHigh: before });
  }
  begin(
    thread: number,
    call: CallName,
    { ms = 0, alertable = false, site = SITE_NONE, subject = SUBJECT_NONE }: CallOptions = {},
  ): this {
    const valueHigh = ((site << 8) | (alertable ? 1 : 0)) >>> 0;
    return this.#row(thread, Kind.callBegan, { call: Call[call], subject, valueLow: ms, valueHigh });
  }
  end(thread: number, call: CallName, result = 0, lastError = 0, subject = SUBJECT_NONE): this {
    return this.#row(thread, Kind.callReturned, {
      call: Call[call],
      subject,
      valueLow: result,
      valueHigh: lastError,
    });
  }
  /** QueueUserAPC from its begin to its return. @returns through `apc` the new id */
  queue(
    source: number,
    target: number,
    routine = 0,
    { site = SITE_NONE, argument = 0n, fails = 0 } = {},
  ): this {
    const apc = ++this.#apcs;
    this.queueing(source, target, apc, routine, { site, argument });
    return fails === 0 ? this.queued(source, apc) : this.queueFailed(source, apc, fails);
  }
  queueing(
    source: number,
    target: number,
    apc: number,
    routine = 0,
    { site = SITE_NONE, argument = 0n } = {},
  ): this {
    this.#apcs = Math.max(this.#apcs, apc);
    return this.#row(source, Kind.apcQueueing, {
      call: Call.queueUserApc,
      subject: apc,
      valueLow: ((routine << 16) | target) >>> 0,
      valueHigh: (site << 8) >>> 0,
      arguments: [argument],
    });
  }
  queued(source: number, apc: number): this {
    return this.#row(source, Kind.apcQueued, { call: Call.queueUserApc, subject: apc, valueLow: 1 });
  }
  queueFailed(source: number, apc: number, lastError: number): this {
    return this.#row(source, Kind.apcQueueFailed, {
      call: Call.queueUserApc,
      subject: apc,
      valueHigh: lastError,
    });
  }
  apcBegins(thread: number, apc: number, depth = 1, routine = 0): this {
    return this.#row(thread, Kind.apcBegan, {
      call: Call.queueUserApc,
      subject: apc,
      valueLow: ((depth << 16) | routine) >>> 0,
    });
  }
  apcEnds(thread: number, apc: number, depth = 1, routine = 0): this {
    return this.#row(thread, Kind.apcEnded, {
      call: Call.queueUserApc,
      subject: apc,
      valueLow: ((depth << 16) | routine) >>> 0,
    });
  }
  apcLost(thread: number, apc: number, { routine = 0, inferred = false } = {}): this {
    return this.#row(thread, Kind.apcLost, {
      subject: apc,
      valueLow: routine,
      flags: inferred ? FLAG_INFERRED : 0,
    });
  }
  log(thread: number, text: number, ...values: bigint[]): this {
    return this.#row(thread, Kind.log, { subject: text, arguments: values });
  }
  mailbox(thread: number, steps: number, by = 0): this {
    return this.#row(by, Kind.objectChanged, { subject: SUBJECT_THREAD + thread, valueLow: steps });
  }
  lostEvents(thread: number, count: number): this {
    return this.#row(thread, Kind.lost, { valueLow: count });
  }

  build(): Trace {
    const trace = new Trace(this.#meta);
    trace.appendRows(this.rows);
    return trace;
  }

  #row(thread: number, kind: number, rest: Partial<EventRow>): this {
    this.rows.push({
      timeNs: this.#timeNs,
      thread,
      kind,
      call: 0,
      flags: 0,
      subject: SUBJECT_NONE,
      valueLow: 0,
      valueHigh: 0,
      arguments: [],
      ...rest,
    });
    return this;
  }
}
