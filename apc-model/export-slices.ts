import { failureText, isFailedReturn, outcomeText, returnsNothing } from './call-results.ts';
import { callText, win32Name } from './call-text.ts';
import type { EventTable } from './event-table.ts';
import {
  END_REASON_NAMES,
  Kind,
  ROUTINE_NONE,
  THREAD_NONE,
  isSpecial,
  isWait,
  threadOfSubject,
  type ApcId,
  type EventIndex,
  type ThreadIndex,
} from './event.ts';
import { logText } from './log-text.ts';
import { errorName } from './win32-names.ts';

/** What a slice says besides its name. Undefined is left out. */
export type SliceFacts = Record<string, string | number | readonly bigint[] | undefined>;

/** One stretch of a thread's life while it is open. */
export interface Slice {
  /** `alive` holds all others of its thread; `suspended` is on a track of its own, for it may overlap any. */
  type: 'alive' | 'wait' | 'call' | 'queueing' | 'apc' | 'step' | 'suspended';
  thread: ThreadIndex;
  beganNs: number;
  name: string;
  call: number;
  /** Of `apc` and `queueing`. */
  apc: ApcId;
  facts: SliceFacts;
  /** The slice of the call that queued this APC: an arrow leads from there to here. */
  from: Slice | undefined;
  /** Where its place is kept in the output. */
  place: number;
  isWritten: boolean;
  /** APCs that were over before this slice was: their arrows wait for it. */
  waiting: Slice[] | undefined;
}

/** Who takes what the fold finds. A slice is told when it opens and when it closes. */
export interface SliceSink {
  opened: (slice: Slice) => void;
  /** Of several that are about to close at once, the innermost first: told before, the outermost first. */
  closing: (slice: Slice) => void;
  closed: (slice: Slice, endNs: number) => void;
  instant: (
    thread: ThreadIndex,
    timeNs: number,
    name: string,
    facts: SliceFacts,
    everywhere?: boolean,
  ) => void;
  /** A thread's queues hold another number of user APCs. */
  depth: (thread: ThreadIndex, timeNs: number, depth: number) => void;
}

interface ThreadFold {
  handDriven: boolean;
  osThreadId: number;
  /** Open slices, outermost first. */
  stack: Slice[];
  suspended: Slice | undefined;
  depth: number;
  /** The event that ended it: what was queued before it is gone. */
  ended: EventIndex;
}

/** An APC until nothing more can come of it. */
interface ApcFold {
  target: ThreadIndex;
  arguments: readonly bigint[];
  isArmed: boolean;
  /** The event at which it entered a queue; -1 while it is in none. */
  entered: EventIndex;
  /** The call that queued or armed it. */
  source: Slice | undefined;
  by: string;
  special: boolean;
}

const NEVER = -1;

/**
 * Folds events into slices that nest on each thread, APCs' ways from call to delivery, and queue depths. Keeps what is
 * open, what waits in a queue, and nothing else.
 */
export class SliceFold {
  readonly #sink: SliceSink;
  readonly #threads = new Map<ThreadIndex, ThreadFold>();
  readonly #apcs = new Map<ApcId, ApcFold>();

  constructor(sink: SliceSink) {
    this.#sink = sink;
  }

  /** APCs that are kept. */
  get pending(): number {
    return this.#apcs.size;
  }

  osThreadId(thread: ThreadIndex): number {
    return this.#threads.get(thread)?.osThreadId ?? 0;
  }

  /** Every thread whose queues hold something. */
  *depths(): Generator<[ThreadIndex, number]> {
    for (const [thread, { depth }] of this.#threads) if (depth > 0) yield [thread, depth];
  }

  /** @param index of the whole session */
  take(table: EventTable, at: EventIndex, index: EventIndex): void {
    const kind = table.kind(at);
    const thread = table.thread(at);
    const subject = table.subject(at);
    const low = table.valueLow(at);
    const high = table.valueHigh(at);
    const timeNs = table.timeNs(at);
    switch (kind) {
      case Kind.threadCreated:
        return this.#created(threadOfSubject(subject) ?? subject, low, high, timeNs);
      case Kind.threadStarted:
        return this.#started(table, thread, low, timeNs);
      case Kind.threadEnded:
        return this.#ended(thread, low, high, timeNs, index);
      case Kind.suspended:
      case Kind.resumed:
        return this.#suspended(threadOfSubject(subject) ?? subject, low, timeNs);
      case Kind.callBegan: {
        const call = table.call(at);
        this.#push(thread, timeNs, isWait(call) ? 'wait' : 'call', callText(table, at), call);
        return;
      }
      case Kind.callReturned:
        return this.#returned(table, at, thread, timeNs);
      case Kind.apcQueueing:
      case Kind.apcArmed:
        return this.#arrives(table, at, index);
      case Kind.apcQueued:
      case Kind.apcQueueFailed:
        return this.#answered(table, at, index);
      case Kind.apcBegan:
        return this.#began(table, at);
      case Kind.apcEnded:
        return this.#pop(thread, timeNs, (slice) => slice.type === 'apc' && slice.apc === subject);
      case Kind.apcCancelled:
      case Kind.apcLost:
        return this.#gone(table, at);
      case Kind.log:
        return this.#sink.instant(thread, timeNs, logText(table, at), {});
      case Kind.marker:
        return this.#sink.instant(thread, timeNs, table.text(at) ?? 'marker', {}, true);
      case Kind.lost:
        return this.#sink.instant(thread, timeNs, lostText(low), { why: 'the ring was full' }, true);
      case Kind.resync:
        return this.#resync(table, at);
      case Kind.mismatch: {
        const facts = { apc: subject, expected: low };
        return this.#sink.instant(thread, timeNs, `APC ${subject} ran out of order`, facts, true);
      }
    }
  }

  /** Closes what is open, the innermost first. */
  finish(endNs: number, why: string): void {
    for (const own of this.#threads.values()) {
      closeDownTo(this.#sink, own, 0, endNs, { open: why });
      if (own.suspended !== undefined) close(this.#sink, own.suspended, endNs, { open: why });
      own.suspended = undefined;
    }
  }

  #of(thread: ThreadIndex): ThreadFold {
    let own = this.#threads.get(thread);
    if (own === undefined) {
      own = { handDriven: false, osThreadId: 0, stack: [], suspended: undefined, depth: 0, ended: NEVER };
      this.#threads.set(thread, own);
    }
    return own;
  }

  #created(thread: ThreadIndex, osThreadId: number, high: number, timeNs: number): void {
    const own = this.#of(thread);
    own.osThreadId = osThreadId;
    own.handDriven = (high & 0xffff) === ROUTINE_NONE;
    if ((high & 0x10000) !== 0) this.#suspended(thread, 1, timeNs);
  }

  #started(table: EventTable, thread: ThreadIndex, osThreadId: number, timeNs: number): void {
    const own = this.#of(thread);
    own.osThreadId = osThreadId || own.osThreadId;
    closeDownTo(this.#sink, own, 0, timeNs, { cut: CUT_BY_GAP });
    this.#open(own, thread, timeNs, 'alive', table.threadName(thread));
    if (own.handDriven) this.#open(own, thread, timeNs, 'step', WAITING_FOR_STEP);
  }

  #ended(thread: ThreadIndex, exitCode: number, high: number, timeNs: number, index: EventIndex): void {
    const own = this.#of(thread);
    const [alive] = own.stack;
    if (alive?.type === 'alive') Object.assign(alive.facts, { exitCode, end: END_REASON_NAMES[high & 0xff] });
    closeDownTo(this.#sink, own, 0, timeNs, { cut: 'the thread ended' });
    this.#suspended(thread, 0, timeNs);
    own.ended = index;
    this.#setDepth(thread, own, 0, timeNs);
  }

  #suspended(thread: ThreadIndex, count: number, timeNs: number): void {
    const own = this.#of(thread);
    if (count > 0) own.suspended ??= this.#make(thread, timeNs, 'suspended', 'suspended');
    else if (own.suspended !== undefined) {
      close(this.#sink, own.suspended, timeNs, {});
      own.suspended = undefined;
    }
  }

  #make(thread: ThreadIndex, beganNs: number, type: Slice['type'], name: string, call = 0, apc = 0): Slice {
    const rest = { facts: {}, from: undefined, place: NEVER, isWritten: false, waiting: undefined };
    const slice: Slice = { type, thread, beganNs, name, call, apc, ...rest };
    this.#sink.opened(slice);
    return slice;
  }

  #open(own: ThreadFold, ...rest: [ThreadIndex, number, Slice['type'], string, number?, ApcId?]): Slice {
    const slice = this.#make(...rest);
    own.stack.push(slice);
    return slice;
  }

  /** Opens a slice in what is open. A hand-driven thread then no longer waits for its next step. */
  #push(thread: ThreadIndex, timeNs: number, type: Slice['type'], name: string, call = 0, apc = 0): Slice {
    const own = this.#of(thread);
    if (own.handDriven && own.stack.at(-1)?.type === 'step')
      closeDownTo(this.#sink, own, own.stack.length - 1, timeNs, {});
    return this.#open(own, thread, timeNs, type, name, call, apc);
  }

  /** Closes the innermost slice that this ends, with all inside it; does nothing where none is (after a gap). */
  #pop(thread: ThreadIndex, timeNs: number, isIt: (slice: Slice) => boolean, facts: SliceFacts = {}): void {
    const own = this.#of(thread);
    const place = own.stack.findLastIndex(isIt);
    if (place < 0) return;
    closeDownTo(this.#sink, own, place + 1, timeNs, { cut: CUT_BY_GAP });
    close(this.#sink, own.stack.pop()!, timeNs, facts);
    if (own.handDriven && own.stack.length === 1) this.#open(own, thread, timeNs, 'step', WAITING_FOR_STEP);
  }

  #returned(table: EventTable, at: EventIndex, thread: ThreadIndex, timeNs: number): void {
    const call = table.call(at);
    this.#tellFailure(table, at);
    const isIt = (slice: Slice): boolean =>
      slice.call === call && (slice.type === 'wait' || slice.type === 'call');
    this.#pop(thread, timeNs, isIt, answerOf(table, at));
  }

  #tellFailure(table: EventTable, at: EventIndex): void {
    if (!isFailedReturn(table, at)) return;
    const name = `${win32Name(table.call(at))} failed: ${failureText(table, at)}`;
    this.#sink.instant(table.thread(at), table.timeNs(at), name, {});
  }

  #arrives(table: EventTable, at: EventIndex, index: EventIndex): void {
    const id = table.subject(at);
    const low = table.valueLow(at);
    const call = table.call(at);
    const thread = table.thread(at);
    const timeNs = table.timeNs(at);
    const isArmed = table.kind(at) === Kind.apcArmed;
    let source: Slice | undefined;
    if (isArmed) {
      const top = this.#of(thread).stack.at(-1);
      if (top?.type === 'call' && top.call === call) source = top;
    } else {
      source = this.#push(thread, timeNs, 'queueing', callText(table, at), call, id);
      source.facts = { apc: id };
    }
    if (this.#apcs.has(id)) return;
    const target = low & 0xffff;
    // Without a routine it vanishes (fact 11); without a thread it goes nowhere.
    if (low >>> 16 === ROUTINE_NONE || target === THREAD_NONE) return;
    const apc: ApcFold = {
      target,
      arguments: table.arguments(at),
      isArmed,
      entered: NEVER,
      source,
      by: `${table.threadName(thread)}: ${win32Name(call)}`,
      special: isSpecial(table.valueHigh(at)),
    };
    this.#apcs.set(id, apc);
    if (!isArmed) this.#enter(apc, timeNs, index);
  }

  #answered(table: EventTable, at: EventIndex, index: EventIndex): void {
    const id = table.subject(at);
    const thread = table.thread(at);
    const timeNs = table.timeNs(at);
    const apc = this.#apcs.get(id);
    const call = table.call(at);
    this.#tellFailure(table, at);
    if (table.kind(at) === Kind.apcQueueFailed) {
      if (apc !== undefined) this.#leave(apc, timeNs);
      this.#apcs.delete(id);
    } else if (apc?.isArmed === true) {
      if (apc.entered === NEVER) this.#enter(apc, timeNs, index);
      this.#sink.instant(thread, timeNs, `APC ${id} is due (${win32Name(call)})`, { apc: id });
    }
    this.#pop(thread, timeNs, (slice) => slice.type === 'queueing' && slice.apc === id, answerOf(table, at));
  }

  #began(table: EventTable, at: EventIndex): void {
    const id = table.subject(at);
    const timeNs = table.timeNs(at);
    const apc = this.#apcs.get(id);
    const name = `APC ${table.routineName(table.valueLow(at) & 0xffff)}`;
    if (apc !== undefined) this.#leave(apc, timeNs);
    const slice = this.#push(table.thread(at), timeNs, 'apc', name, table.call(at), id);
    const told = table.argumentCount(at) > 0 ? table.arguments(at) : apc?.arguments;
    slice.facts = {
      apc: id,
      arguments: told === undefined || told.length === 0 ? undefined : told,
      by: apc?.by,
      special: apc?.special === true ? 'special user APC' : undefined,
    };
    slice.from = apc?.source;
    // From here on its slice has all that is needed of it.
    this.#apcs.delete(id);
  }

  #gone(table: EventTable, at: EventIndex): void {
    const id = table.subject(at);
    const timeNs = table.timeNs(at);
    const apc = this.#apcs.get(id);
    if (apc !== undefined) this.#leave(apc, timeNs);
    this.#apcs.delete(id);
    const what = table.kind(at) === Kind.apcLost ? 'lost' : 'cancelled';
    const inferred = table.isInferred(at) ? 'inferred' : undefined;
    this.#sink.instant(table.thread(at), timeNs, `APC ${id} ${what}`, {
      apc: id,
      by: apc?.by,
      confidence: inferred,
    });
  }

  #enter(apc: ApcFold, timeNs: number, index: EventIndex): void {
    const own = this.#of(apc.target);
    apc.entered = index;
    this.#setDepth(apc.target, own, own.depth + 1, timeNs);
  }

  /** What was queued before its thread ended left with that. */
  #leave(apc: ApcFold, timeNs: number): void {
    const own = this.#of(apc.target);
    const isIn = apc.entered !== NEVER && apc.entered > own.ended;
    apc.entered = Number.NEGATIVE_INFINITY;
    if (isIn) this.#setDepth(apc.target, own, own.depth - 1, timeNs);
  }

  #setDepth(thread: ThreadIndex, own: ThreadFold, depth: number, timeNs: number): void {
    if (depth === own.depth || depth < 0) return;
    own.depth = depth;
    this.#sink.depth(thread, timeNs, depth);
  }

  /** After a gap: what was believed of this thread gives way to what the engine says. */
  #resync(table: EventTable, at: EventIndex): void {
    const thread = table.thread(at);
    const own = this.#of(thread);
    const low = table.valueLow(at);
    const timeNs = table.timeNs(at);
    let open = ((low >>> 8) & 0xff) + ((low >>> 16) & 0xff);
    const isFrame = ({ type }: Slice): boolean => type === 'wait' || type === 'call' || type === 'apc';
    let keep = 0;
    while (keep < own.stack.length && (open > 0 || !isFrame(own.stack[keep]!)))
      if (isFrame(own.stack[keep++]!)) open--;
    closeDownTo(this.#sink, own, keep, timeNs, { cut: CUT_BY_GAP });
    const known = new Set(table.arguments(at).map(Number));
    if (known.size === 0 && table.valueHigh(at) !== 0) return;
    for (const [id, apc] of this.#apcs) {
      if (apc.target !== thread || apc.entered === NEVER || known.has(id)) continue;
      this.#leave(apc, timeNs);
      this.#apcs.delete(id);
    }
  }
}

const lostText = (count: number): string => `${count} ${count === 1 ? 'event' : 'events'} lost here`;
const WAITING_FOR_STEP = 'waiting for the next step (not alertable)';
const CUT_BY_GAP = 'its end was lost';

function close(sink: SliceSink, slice: Slice, endNs: number, facts: SliceFacts): void {
  Object.assign(slice.facts, facts);
  sink.closed(slice, endNs);
}

/** Leaves the outermost `length` open. A thread's life is no more cut by its end than `facts` say. */
function closeDownTo(
  sink: SliceSink,
  own: ThreadFold,
  length: number,
  endNs: number,
  facts: SliceFacts,
): void {
  const { stack } = own;
  if (stack.length - length > 1) for (let at = length; at < stack.length; at++) sink.closing(stack[at]!);
  while (stack.length > length) {
    const slice = stack.pop()!;
    const hasEnd = slice.type === 'alive' && slice.facts['end'] !== undefined;
    close(sink, slice, endNs, hasEnd ? {} : facts);
  }
}

/** What a call answered. */
function answerOf(table: EventTable, at: EventIndex): SliceFacts {
  const call = table.call(at);
  const lastError = table.valueHigh(at);
  return {
    result: returnsNothing(call) ? undefined : outcomeText(call, table.valueLow(at), lastError),
    lastError: lastError === 0 ? undefined : errorName(lastError),
  };
}
