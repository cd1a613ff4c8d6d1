import {
  DefinedClass,
  Kind,
  SUBJECT_NONE,
  THREAD_MAIN,
  THREAD_NONE,
  THREAD_SYSTEM,
  ThreadState,
  isAlertable,
  objectOfSubject,
  siteOf,
  threadOfSubject,
  type EventIndex,
  type ObjectIndex,
  type ThreadIndex,
} from './event.ts';
import type { EventTable } from './event-table.ts';
import { MutableThread } from './mutable-thread.ts';
import { decodeObjectState } from './object-state.ts';
import type { ObjectAt, SessionAt } from './thread-state.ts';
import { WaitingApcs } from './waiting-apcs.ts';

/** What is in no list of threads: main, what expires timers, and the target of a queuing to no thread. */
const NO_LANE: ReadonlySet<ThreadIndex> = new Set([THREAD_MAIN, THREAD_SYSTEM, THREAD_NONE]);

/** The last objectChanged of an object. */
interface ObjectChange {
  index: EventIndex;
  timeNs: number;
}

/** The events folded so far. Objects that are handed out are never changed afterwards: queue entries are replaced. */
export class SessionState {
  count = 0;
  #timeNs = 0;
  #threads = new Map<ThreadIndex, MutableThread>();
  #apcs = new WaitingApcs(this.#threads);
  /** Those that are defined; undefined until a change of theirs is told. */
  #objects = new Map<ObjectIndex, ObjectChange | undefined>();
  #lostEvents = 0;
  #mismatches = 0;

  clone(): SessionState {
    const copy = new SessionState();
    copy.count = this.count;
    copy.#timeNs = this.#timeNs;
    copy.#lostEvents = this.#lostEvents;
    copy.#mismatches = this.#mismatches;
    for (const [index, thread] of this.#threads) copy.#threads.set(index, thread.clone());
    copy.#apcs = this.#apcs.clone(copy.#threads);
    copy.#objects = new Map(this.#objects);
    return copy;
  }

  /** How much a clone would copy: for choosing when to keep a checkpoint. */
  get weight(): number {
    let weight = 16 * this.#threads.size + this.#objects.size;
    for (const thread of this.#threads.values())
      weight += thread.user.length + thread.special.length + thread.frames.length;
    return weight;
  }

  /** Takes in the table's next event. */
  apply(table: EventTable): void {
    const index = this.count++;
    const timeNs = table.timeNs(index);
    this.#timeNs = Math.max(this.#timeNs, timeNs);
    const touched = this.#fold(table, index, timeNs);
    if (touched === undefined) return;
    const activity = touched.derive();
    if (activity !== touched.activity) {
      touched.activity = activity;
      touched.sinceNs = timeNs;
    }
  }

  snapshot(table: EventTable, timeNs: number): SessionAt {
    const threads = [...this.#threads.values()]
      .filter((thread) => !NO_LANE.has(thread.index))
      .sort((a, b) => a.index - b.index)
      .map((thread) => thread.snapshot(table.threadName(thread.index)));
    return {
      timeNs,
      count: this.count,
      threads,
      objects: this.#objectsAt(table),
      lostEvents: this.#lostEvents,
      mismatches: this.#mismatches,
    };
  }

  /** I/O tells no state: it is in no list of objects. */
  #objectsAt(table: EventTable): ObjectAt[] {
    return [...this.#objects]
      .sort(([a], [b]) => a - b)
      .map(([index, change]): ObjectAt => {
        const type = table.objectType(index);
        return {
          index,
          name: table.objectName(index),
          type,
          state:
            change === undefined
              ? undefined
              : decodeObjectState(type, table.valueLow(change.index), table.valueHigh(change.index)),
          changed: change?.index,
          changedNs: change?.timeNs,
        };
      })
      .filter(({ type }) => type !== 'io');
  }

  /** @returns the thread whose activity may have changed */
  #fold(table: EventTable, index: EventIndex, timeNs: number): MutableThread | undefined {
    const thread = table.thread(index);
    const low = table.valueLow(index);
    const high = table.valueHigh(index);
    const subject = table.subject(index);
    switch (table.kind(index)) {
      case Kind.defined:
        if ((low & 0xff) === DefinedClass.object) this.#objects.set(subject, this.#objects.get(subject));
        return undefined;
      case Kind.threadCreated: {
        const created = this.#thread(threadOfSubject(subject) ?? subject);
        created.osThreadId = low || created.osThreadId;
        created.handDriven = (high & 0xffff) === 0xffff;
        created.controller = (high & 0x20000) !== 0;
        if ((high & 0x10000) !== 0 && created.suspendCount === 0) created.suspendCount = 1;
        created.sinceNs = timeNs;
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
        own.frames = [];
        own.exitCode = low;
        own.endReason = high & 0xff;
        own.mailbox = 0;
        this.#apcs.threadEnded(own);
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
        own.frames.push({
          type: 'call',
          call: table.call(index),
          site: siteOf(high),
          beganNs: timeNs,
          amount: low,
          alertable: isAlertable(high),
          subject,
          began: index,
        });
        return own;
      }
      case Kind.callReturned: {
        const own = this.#thread(thread);
        own.pop((frame) => frame.type === 'call' && frame.call === table.call(index));
        return own;
      }
      case Kind.apcQueueing:
      case Kind.apcArmed: {
        const target = low & 0xffff;
        this.#apcs.arrive(table, index, target === THREAD_NONE ? undefined : this.#thread(target));
        return undefined;
      }
      case Kind.apcQueued:
        this.#apcs.queued(table, index);
        return undefined;
      case Kind.apcQueueFailed:
        this.#apcs.failed(subject);
        return undefined;
      case Kind.apcCancelled:
        this.#apcs.cancelled(subject);
        return undefined;
      case Kind.apcLost:
        this.#apcs.lost(subject);
        return undefined;
      case Kind.apcBegan: {
        const own = this.#thread(thread);
        if (this.#apcs.began(subject, own)) this.#mismatches++;
        own.frames.push({ type: 'apc', apc: subject, routine: low & 0xffff, beganNs: timeNs, began: index });
        return own;
      }
      case Kind.apcEnded: {
        const own = this.#thread(thread);
        own.pop((frame) => frame.type === 'apc' && frame.apc === subject);
        return own;
      }
      case Kind.objectChanged: {
        const target = subject === SUBJECT_NONE ? undefined : threadOfSubject(subject);
        if (target !== undefined) this.#thread(target).mailbox = low;
        else if (objectOfSubject(subject) !== undefined) this.#objects.set(subject, { index, timeNs });
        return undefined;
      }
      case Kind.lost:
        this.#lostEvents += low;
        return undefined;
      case Kind.resync:
        return this.#resync(table, index);
      case Kind.mismatch:
        this.#mismatches++;
        return undefined;
      default:
        return undefined;
    }
  }

  #thread(index: ThreadIndex): MutableThread {
    let thread = this.#threads.get(index);
    if (thread === undefined) {
      thread = new MutableThread(index);
      this.#threads.set(index, thread);
    }
    return thread;
  }

  /** After a gap: what was believed of this thread is replaced by what the engine says. */
  #resync(table: EventTable, index: EventIndex): MutableThread {
    const own = this.#thread(table.thread(index));
    const low = table.valueLow(index);
    const state = low & 0xff;
    own.started = state !== ThreadState.notStarted;
    own.frames = own.frames.slice(0, ((low >>> 8) & 0xff) + ((low >>> 16) & 0xff));
    const known = new Set(table.arguments(index).map(Number));
    if (known.size > 0 || table.valueHigh(index) === 0) this.#apcs.onlyThese(own, known);
    return own;
  }
}
