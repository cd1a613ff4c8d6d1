import {
  Kind,
  SUBJECT_NONE,
  THREAD_MAIN,
  ThreadState,
  isAlertable,
  isSpecial,
  isWait,
  siteOf,
  threadOfSubject,
  type ApcId,
  type EventIndex,
  type ThreadIndex,
} from './event.ts';
import type { EventTable } from './event-table.ts';
import type { Activity, ApcCounts, Frame, QueuedApc, SessionAt, ThreadAt } from './thread-state.ts';

const noCounts = (): ApcCounts => ({
  queued: 0,
  delivered: 0,
  cancelled: 0,
  vanished: 0,
  lost: 0,
  failed: 0,
});

class MutableThread {
  osThreadId = 0;
  handDriven = false;
  controller = false;
  started = false;
  suspendCount = 0;
  frames: Frame[] = [];
  user: QueuedApc[] = [];
  special: QueuedApc[] = [];
  mailbox = 0;
  exitCode: number | undefined;
  endReason: number | undefined;
  counts = noCounts();
  sinceNs = 0;
  activity: Activity = 'notStarted';
  readonly index: ThreadIndex;

  constructor(index: ThreadIndex) {
    this.index = index;
  }

  clone(): MutableThread {
    const copy = Object.assign(new MutableThread(this.index), this);
    copy.frames = this.frames.slice();
    copy.user = this.user.slice();
    copy.special = this.special.slice();
    copy.counts = { ...this.counts };
    return copy;
  }

  /** The innermost wins, but an ended or suspended thread is just that. */
  derive(): Activity {
    if (this.endReason !== undefined) return 'ended';
    if (this.suspendCount > 0) return 'suspended';
    if (!this.started) return 'notStarted';
    const top = this.frames.at(-1);
    if (top === undefined) return this.handDriven ? 'waitingForStep' : 'running';
    if (top.type === 'apc') return 'runningApc';
    if (!isWait(top.call))
      return this.frames.some((frame) => frame.type === 'apc') ? 'runningApc' : 'running';
    return top.alertable ? 'alertableWait' : 'wait';
  }
}

/** The events folded so far. Objects that are handed out are never changed afterwards: queue entries are replaced. */
export class SessionState {
  count = 0;
  #timeNs = 0;
  #threads = new Map<ThreadIndex, MutableThread>();
  /** In whose queue an APC stands. */
  #queuedOn = new Map<ApcId, ThreadIndex>();
  #lostEvents = 0;
  #mismatches = 0;

  clone(): SessionState {
    const copy = new SessionState();
    copy.count = this.count;
    copy.#timeNs = this.#timeNs;
    copy.#lostEvents = this.#lostEvents;
    copy.#mismatches = this.#mismatches;
    copy.#queuedOn = new Map(this.#queuedOn);
    for (const [index, thread] of this.#threads) copy.#threads.set(index, thread.clone());
    return copy;
  }

  /** How much a clone would copy: for choosing when to keep a checkpoint. */
  get weight(): number {
    let weight = 16 * this.#threads.size;
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
      .filter((thread) => thread.index !== THREAD_MAIN)
      .sort((a, b) => a.index - b.index)
      .map((thread): ThreadAt => ({
        index: thread.index,
        name: table.threadName(thread.index),
        osThreadId: thread.osThreadId,
        handDriven: thread.handDriven,
        controller: thread.controller,
        activity: thread.activity,
        suspendCount: thread.suspendCount,
        frames: thread.frames.slice(),
        userQueue: thread.user.slice(),
        specialQueue: thread.special.slice(),
        mailbox: thread.mailbox,
        exitCode: thread.exitCode,
        endReason: thread.endReason,
        counts: { ...thread.counts },
        sinceNs: thread.sinceNs,
      }));
    return { timeNs, count: this.count, threads, lostEvents: this.#lostEvents, mismatches: this.#mismatches };
  }

  /** @returns the thread whose activity may have changed */
  #fold(table: EventTable, index: EventIndex, timeNs: number): MutableThread | undefined {
    const thread = table.thread(index);
    const low = table.valueLow(index);
    const high = table.valueHigh(index);
    const subject = table.subject(index);
    switch (table.kind(index)) {
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
        // What has not run now never will (fact 114); apcLost events that follow only confirm it.
        own.counts.lost += own.user.length + own.special.length;
        for (const entry of [...own.user, ...own.special]) this.#queuedOn.delete(entry.apc);
        own.user = [];
        own.special = [];
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
        popTo(own.frames, (frame) => frame.type === 'call' && frame.call === table.call(index));
        return own;
      }
      case Kind.apcQueueing:
      case Kind.apcArmed: {
        const target = this.#thread(low & 0xffff);
        const special = isSpecial(high);
        const queue = special ? target.special : target.user;
        if (this.#queuedOn.has(subject)) return undefined;
        this.#queuedOn.set(subject, target.index);
        queue.push({
          apc: subject,
          routine: low >>> 16,
          source: thread,
          origin: table.call(index),
          special,
          argument: table.argument(index, 0) ?? 0n,
          queueingNs: timeNs,
          queueing: index,
          queued: undefined,
          state: table.kind(index) === Kind.apcArmed ? 'in-flight' : 'queueing',
        });
        return undefined;
      }
      case Kind.apcQueued:
        return this.#queued(subject, index);
      case Kind.apcQueueFailed: {
        const target = this.#remove(subject);
        if (target !== undefined) target.counts.failed++;
        return undefined;
      }
      case Kind.apcBegan: {
        const own = this.#thread(thread);
        const queue = own.special.some((entry) => entry.apc === subject) ? own.special : own.user;
        const place = queue.findIndex((entry) => entry.apc === subject);
        if (place >= 0) {
          const entry = queue[place]!;
          // One that was certainly queued earlier is still waiting: the callback contradicts the known order.
          if (
            queue.slice(0, place).some((other) => other.queued !== undefined && other.queued < entry.queueing)
          ) {
            this.#mismatches++;
          }
          // Its queuing call may not have returned yet: count it when it is delivered.
          if (entry.queued === undefined) own.counts.queued++;
          queue.splice(place, 1);
          this.#queuedOn.delete(subject);
        }
        own.counts.delivered++;
        own.frames.push({ type: 'apc', apc: subject, routine: low & 0xffff, beganNs: timeNs, began: index });
        return own;
      }
      case Kind.apcEnded: {
        const own = this.#thread(thread);
        popTo(own.frames, (frame) => frame.type === 'apc' && frame.apc === subject);
        return own;
      }
      case Kind.apcCancelled: {
        const target = this.#remove(subject);
        if (target !== undefined) target.counts.cancelled++;
        return undefined;
      }
      case Kind.apcLost: {
        const target = this.#remove(subject);
        if (target !== undefined) target.counts.lost++;
        return undefined;
      }
      case Kind.objectChanged: {
        const target = subject === SUBJECT_NONE ? undefined : threadOfSubject(subject);
        if (target !== undefined) this.#thread(target).mailbox = low;
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

  #queued(apc: ApcId, index: EventIndex): MutableThread | undefined {
    const [thread, queue, place] = this.#find(apc);
    if (thread === undefined) return undefined;
    queue[place] = { ...queue[place]!, queued: index, state: 'pending' };
    thread.counts.queued++;
    return undefined;
  }

  #remove(apc: ApcId): MutableThread | undefined {
    const [thread, queue, place] = this.#find(apc);
    if (thread === undefined) return undefined;
    queue.splice(place, 1);
    this.#queuedOn.delete(apc);
    return thread;
  }

  /** Newest first: what is looked for here was mostly queued a moment ago. */
  #find(apc: ApcId): [MutableThread, QueuedApc[], number] | [undefined, [], -1] {
    const thread = this.#threads.get(this.#queuedOn.get(apc) ?? -1);
    if (thread === undefined) return [undefined, [], -1];
    for (const queue of [thread.user, thread.special]) {
      const place = queue.findLastIndex((entry) => entry.apc === apc);
      if (place >= 0) return [thread, queue, place];
    }
    return [undefined, [], -1];
  }

  /** After a gap: what was believed of this thread is replaced by what the engine says. */
  #resync(table: EventTable, index: EventIndex): MutableThread {
    const own = this.#thread(table.thread(index));
    const low = table.valueLow(index);
    const state = low & 0xff;
    own.started = state !== ThreadState.notStarted;
    own.frames = own.frames.slice(0, ((low >>> 8) & 0xff) + ((low >>> 16) & 0xff));
    const known = new Set(table.arguments(index).map(Number));
    if (known.size > 0 || table.valueHigh(index) === 0) {
      own.user = own.user.filter((entry) => known.has(entry.apc));
      own.special = own.special.filter((entry) => known.has(entry.apc));
      for (const [apc, thread] of this.#queuedOn) {
        if (thread === own.index && !known.has(apc)) this.#queuedOn.delete(apc);
      }
    }
    return own;
  }
}

/** Closes frames down to and including the innermost that matches; leaves the stack alone where none does. */
function popTo(frames: Frame[], matches: (frame: Frame) => boolean): void {
  const at = frames.findLastIndex(matches);
  if (at >= 0) frames.length = at;
}
