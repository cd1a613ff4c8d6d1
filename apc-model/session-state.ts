import {
  DefinedClass,
  Kind,
  SUBJECT_NONE,
  THREAD_MAIN,
  THREAD_NONE,
  THREAD_SYSTEM,
  ThreadState,
  objectOfSubject,
  threadOfSubject,
  type EventIndex,
  type ObjectIndex,
  type ThreadIndex,
} from './event.ts';
import type { ApcTable } from './apc-table.ts';
import type { EventChunk } from './event-chunk.ts';
import type { EventTable } from './event-table.ts';
import { MutableThread, frameKey } from './mutable-thread.ts';
import { decodeObjectState } from './object-state.ts';
import type { ObjectAt, SessionAt } from './thread-state.ts';
import { ThreadMap } from './thread-map.ts';
import { WaitingApcs } from './waiting-apcs.ts';

/** What is in no list of threads: main, what expires timers, and the target of a queuing to no thread. */
const NO_LANE: ReadonlySet<ThreadIndex> = new Set([THREAD_MAIN, THREAD_SYSTEM, THREAD_NONE]);

/** What a thread and an object of a state take, with the blocks of a thread's queues that nobody shares. */
const THREAD_BYTES = 700;
const OBJECT_BYTES = 120;

/** The last objectChanged of an object. Never changed: states share it. */
interface ObjectChange {
  index: EventIndex;
  timeNs: number;
  valueLow: number;
  valueHigh: number;
}

/** The events folded so far. */
export class SessionState {
  /** Events below this are folded. */
  count: EventIndex;
  readonly #table: EventTable;
  readonly #apcTable: ApcTable;
  #threads = new ThreadMap<MutableThread>();
  #apcs: WaitingApcs;
  /** Those that are defined; undefined until a change of theirs is told. */
  #objects = new Map<ObjectIndex, ObjectChange | undefined>();
  #lostEvents = 0;
  #mismatches = 0;

  /** @param apcs has always taken an event before this */
  constructor(table: EventTable, apcs: ApcTable, count = 0) {
    this.#table = table;
    this.#apcTable = apcs;
    this.#apcs = new WaitingApcs(table, apcs, this.#threads);
    this.count = count;
  }

  /** @param table of the same session, as `apcs` is: an excerpt has its own */
  clone(table = this.#table, apcs = this.#apcTable): SessionState {
    const copy = new SessionState(table, apcs, this.count);
    copy.#lostEvents = this.#lostEvents;
    copy.#mismatches = this.#mismatches;
    for (const [index, thread] of this.#threads) copy.#threads.set(index, thread.clone());
    copy.#apcs = this.#apcs.clone(table, apcs, copy.#threads);
    copy.#objects = new Map(this.#objects);
    return copy;
  }

  /** What stands in all queues (see ApcQueue). */
  *queued(): Generator<EventIndex> {
    for (const { user, special } of this.#threads.values()) {
      yield* user.entries();
      yield* special.entries();
    }
  }

  /** How many APCs stand in a thread's queues, without those that are only armed. Its cost grows with them. */
  depthOf(thread: ThreadIndex): number {
    const own = this.#threads.get(thread);
    let depth = 0;
    for (const queue of own === undefined ? [] : [own.user, own.special])
      for (const entry of queue.entries()) if (this.#table.kind(entry) !== Kind.apcArmed) depth++;
    return depth;
  }

  /** About how much memory a clone takes, queues apart: they share what they hold. */
  get bytes(): number {
    return THREAD_BYTES * this.#threads.size + OBJECT_BYTES * this.#objects.size;
  }

  /**
   * Takes in the next event.
   * @returns the thread that does something else from here on
   */
  take(index: EventIndex, kind: number, chunk: EventChunk, row: number): MutableThread | undefined {
    this.count = index + 1;
    const touched = this.#fold(index, kind, chunk, row);
    return touched?.settle(chunk.timeNs(row)) === true ? touched : undefined;
  }

  snapshot(timeNs: number): SessionAt {
    const threads = [...this.#threads.values()]
      .filter((thread) => !NO_LANE.has(thread.index))
      .sort((a, b) => a.index - b.index)
      .map((thread) => thread.snapshot(this.#table, this.#apcTable, this.count));
    return {
      timeNs,
      count: this.count,
      threads,
      objects: this.#objectsAt(),
      lostEvents: this.#lostEvents,
      mismatches: this.#mismatches,
    };
  }

  /** I/O tells no state: it is in no list of objects. */
  #objectsAt(): ObjectAt[] {
    const table = this.#table;
    return [...this.#objects]
      .sort(([a], [b]) => a - b)
      .map(([index, change]): ObjectAt => {
        const type = table.objectType(index);
        return {
          index,
          name: table.objectName(index),
          type,
          state:
            change === undefined ? undefined : decodeObjectState(type, change.valueLow, change.valueHigh),
          changed: change?.index,
          changedNs: change?.timeNs,
        };
      })
      .filter(({ type }) => type !== 'io');
  }

  /** @returns the thread whose activity may have changed */
  #fold(index: EventIndex, kind: number, chunk: EventChunk, row: number): MutableThread | undefined {
    const thread = chunk.thread[row]!;
    const low = chunk.valueLow[row]!;
    const high = chunk.valueHigh[row]!;
    const subject = chunk.subject[row]!;
    switch (kind) {
      case Kind.defined:
        if ((low & 0xff) === DefinedClass.object) this.#objects.set(subject, this.#objects.get(subject));
        return undefined;
      case Kind.threadCreated: {
        const created = this.#thread(threadOfSubject(subject) ?? subject);
        created.osThreadId = low || created.osThreadId;
        created.handDriven = (high & 0xffff) === 0xffff;
        created.controller = (high & 0x20000) !== 0;
        if ((high & 0x10000) !== 0 && created.suspendCount === 0) created.suspendCount = 1;
        created.sinceNs = chunk.timeNs(row);
        return created;
      }
      case Kind.threadStarted: {
        const own = this.#thread(thread);
        own.started = true;
        own.osThreadId = low || own.osThreadId;
        return own;
      }
      case Kind.threadEnded: {
        const own = this.#thread(thread);
        own.keepFrames(0);
        own.exitCode = low;
        own.endReason = high & 0xff;
        own.mailbox = 0;
        this.#apcs.threadEnded(own, index);
        return own;
      }
      case Kind.suspended:
      case Kind.resumed: {
        const target = this.#thread(threadOfSubject(subject) ?? subject);
        target.suspendCount = low;
        return target;
      }
      case Kind.callBegan: {
        const own = this.#thread(thread);
        own.pushCall(index, chunk.call[row]!, high);
        return own;
      }
      case Kind.callReturned:
      case Kind.apcEnded: {
        const own = this.#thread(thread);
        own.pop(frameKey(kind, chunk.call[row]!, subject));
        return own;
      }
      case Kind.apcQueueing:
      case Kind.apcArmed: {
        const target = low & 0xffff;
        this.#apcs.arrive(index, target === THREAD_NONE ? undefined : this.#thread(target), chunk, row);
        return undefined;
      }
      case Kind.apcQueued:
        this.#apcs.queued(index);
        return undefined;
      case Kind.apcQueueFailed:
        this.#apcs.failed(subject, index);
        return undefined;
      case Kind.apcCancelled:
        this.#apcs.cancelled(subject, index);
        return undefined;
      case Kind.apcLost:
        this.#apcs.lost(subject, index);
        return undefined;
      case Kind.apcBegan: {
        const own = this.#thread(thread);
        if (this.#apcs.began(subject, own, index)) this.#mismatches++;
        own.pushApc(index, subject);
        return own;
      }
      case Kind.objectChanged: {
        const target = subject === SUBJECT_NONE ? undefined : threadOfSubject(subject);
        if (target !== undefined) this.#thread(target).mailbox = low;
        else if (objectOfSubject(subject) !== undefined)
          this.#objects.set(subject, { index, timeNs: chunk.timeNs(row), valueLow: low, valueHigh: high });
        return undefined;
      }
      case Kind.lost:
        this.#lostEvents += low;
        return undefined;
      case Kind.resync:
        return this.#resync(index);
      case Kind.mismatch:
        this.#mismatches++;
        return undefined;
      default:
        return undefined;
    }
  }

  #thread(index: ThreadIndex): MutableThread {
    let thread = this.#threads.near(index);
    if (thread === undefined) {
      thread = new MutableThread(index);
      this.#threads.set(index, thread);
    }
    return thread;
  }

  /** After a gap: what was believed of this thread is replaced by what the engine says. */
  #resync(index: EventIndex): MutableThread {
    const table = this.#table;
    const own = this.#thread(table.thread(index));
    const low = table.valueLow(index);
    const state = low & 0xff;
    own.started = state !== ThreadState.notStarted;
    own.keepFrames(((low >>> 8) & 0xff) + ((low >>> 16) & 0xff));
    const known = new Set(table.arguments(index).map(Number));
    if (known.size > 0 || table.valueHigh(index) === 0) this.#apcs.onlyThese(own, known);
    return own;
  }
}
