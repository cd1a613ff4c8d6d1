import {
  Call,
  DefinedClass,
  EndReason,
  FLAG_INFERRED,
  Kind,
  ObjectType,
  ROUTINE_NONE,
  SITE_NONE,
  SUBJECT_NONE,
  SUBJECT_THREAD,
  ThreadState,
  type CallName,
  type ObjectTypeName,
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

/** Options of a call. */
interface CallOptions {
  /** Milliseconds of a wait, or the call's main number. */
  ms?: number;
  alertable?: boolean;
  waitAll?: boolean;
  /** Of setWaitableTimer. */
  absolute?: boolean;
  site?: number;
  subject?: number;
  /** Further arguments, as apc.h says for each call. */
  also?: readonly number[];
}

/** Options of a queuing. */
interface QueueOptions {
  call?: CallName;
  site?: number;
  argument?: bigint;
  special?: boolean;
  context?: boolean;
}

/** Options of an arming. */
interface ArmOptions {
  call?: CallName;
  routine?: number;
  site?: number;
  /** Who tells it; else the target. */
  by?: number;
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
  /** `parameters`: those that its type has (apc.h, "Objects"). */
  defineObject(index: number, type: ObjectTypeName, text: string, ...parameters: readonly bigint[]): this {
    return this.#row(0, Kind.defined, {
      subject: index,
      valueLow: DefinedClass.object | (ObjectType[type] << 8),
      arguments: parameters,
      text,
    });
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
    {
      ms = 0,
      alertable = false,
      waitAll = false,
      absolute = false,
      site = SITE_NONE,
      subject = SUBJECT_NONE,
      also = [],
    }: CallOptions = {},
  ): this {
    const valueHigh = ((site << 8) | (alertable ? 1 : 0) | (waitAll ? 2 : 0) | (absolute ? 8 : 0)) >>> 0;
    return this.#row(thread, Kind.callBegan, {
      call: Call[call],
      subject,
      valueLow: ms,
      valueHigh,
      arguments: also.map(BigInt),
    });
  }
  end(thread: number, call: CallName, result = 0, lastError = 0, subject = SUBJECT_NONE): this {
    return this.#row(thread, Kind.callReturned, {
      call: Call[call],
      subject,
      valueLow: result,
      valueHigh: lastError,
    });
  }
  /** QueueUserAPC from its begin to its return; the ids are 1, 2, 3 … */
  queue(
    source: number,
    target: number,
    routine = 0,
    { fails = 0, ...options }: QueueOptions & { fails?: number } = {},
  ): this {
    const apc = ++this.#apcs;
    this.queueing(source, target, apc, routine, options);
    return fails === 0 ? this.queued(source, apc, options.call) : this.queueFailed(source, apc, fails);
  }
  queueing(
    source: number,
    target: number,
    apc: number,
    routine = 0,
    {
      call = 'queueUserApc',
      site = SITE_NONE,
      argument = 0n,
      special = false,
      context = false,
    }: QueueOptions = {},
  ): this {
    this.#apcs = Math.max(this.#apcs, apc);
    return this.#row(source, Kind.apcQueueing, {
      call: Call[call],
      subject: apc,
      valueLow: ((routine << 16) | target) >>> 0,
      valueHigh: ((site << 8) | (special ? 1 : 0) | (context ? 2 : 0)) >>> 0,
      arguments: [argument],
    });
  }
  /** Its queuing call returns; or, of a timer or an I/O, it is queued. */
  queued(source: number, apc: number, call: CallName = 'queueUserApc'): this {
    const isNative = call === 'ntQueueApcThread' || call === 'ntQueueApcThreadEx';
    return this.#row(source, Kind.apcQueued, { call: Call[call], subject: apc, valueLow: isNative ? 0 : 1 });
  }
  /** A timer or an I/O is to queue an APC to `target`. */
  armed(
    target: number,
    apc: number,
    { call = 'setWaitableTimer', routine = 0, site = SITE_NONE, by = target }: ArmOptions = {},
  ): this {
    this.#apcs = Math.max(this.#apcs, apc);
    return this.#row(by, Kind.apcArmed, {
      call: Call[call],
      subject: apc,
      valueLow: ((routine << 16) | target) >>> 0,
      valueHigh: (site << 8) >>> 0,
    });
  }
  cancelled(by: number, apc: number, call: CallName = 'cancelWaitableTimer'): this {
    return this.#row(by, Kind.apcCancelled, { call: Call[call], subject: apc });
  }
  queueFailed(source: number, apc: number, lastError: number): this {
    return this.#row(source, Kind.apcQueueFailed, {
      call: Call.queueUserApc,
      subject: apc,
      valueHigh: lastError,
    });
  }
  apcBegins(thread: number, apc: number, depth = 1, routine = 0, values: readonly bigint[] = []): this {
    return this.#row(thread, Kind.apcBegan, {
      call: Call.queueUserApc,
      subject: apc,
      valueLow: ((depth << 16) | routine) >>> 0,
      arguments: values,
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
  objectChanged(by: number, object: number, valueLow: number, valueHigh = 0): this {
    return this.#row(by, Kind.objectChanged, { subject: object, valueLow, valueHigh });
  }
  mailbox(thread: number, steps: number, by = 0): this {
    return this.#row(by, Kind.objectChanged, { subject: SUBJECT_THREAD + thread, valueLow: steps });
  }
  lostEvents(thread: number, count: number): this {
    return this.#row(thread, Kind.lost, { valueLow: count });
  }

  /** After a gap: how many calls and APCs are open on a thread, and what stands in its queues. */
  resync(thread: number, calls: number, apcs: number, queued: readonly number[]): this {
    return this.#row(thread, Kind.resync, {
      valueLow: ThreadState.running | (calls << 8) | (apcs << 16),
      valueHigh: queued.length,
      arguments: queued.map(BigInt),
    });
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
