import { ApcQueue } from './apc-queue.ts';
import type { ApcTable } from './apc-table.ts';
import { Kind, isAlertable, isWait, siteOf, type ApcId, type EventIndex, type ThreadIndex } from './event.ts';
import type { EventTable } from './event-table.ts';
import {
  ACTIVITIES,
  type ActivityIndex,
  type ApcCounts,
  type Frame,
  type QueueFront,
  type QueuedApc,
  type ThreadAt,
} from './thread-state.ts';
import { queuedApc } from './waiting-apcs.ts';

const NOT_STARTED = ACTIVITIES.indexOf('notStarted');
const RUNNING = ACTIVITIES.indexOf('running');
const RUNNING_APC = ACTIVITIES.indexOf('runningApc');
const ALERTABLE_WAIT = ACTIVITIES.indexOf('alertableWait');
const WAIT = ACTIVITIES.indexOf('wait');
const WAITING_FOR_STEP = ACTIVITIES.indexOf('waitingForStep');
const SUSPENDED = ACTIVITIES.indexOf('suspended');
const ENDED = ACTIVITIES.indexOf('ended');

const noCounts = (): ApcCounts => ({
  queued: 0,
  delivered: 0,
  cancelled: 0,
  vanished: 0,
  lost: 0,
  failed: 0,
});

/** What an event that begins a frame has in common with the one that ends it: the call, or the APC. */
export type FrameKey = number;
const CALLS = 256;
const keyOfApc = (apc: ApcId): FrameKey => CALLS + apc;
/** Of a callBegan, callReturned, apcBegan or apcEnded. */
export const frameKey = (kind: number, call: number, subject: number): FrameKey =>
  kind === Kind.callBegan || kind === Kind.callReturned ? call : keyOfApc(subject);

/** A thread while its events are folded. */
export class MutableThread {
  osThreadId = 0;
  handDriven = false;
  controller = false;
  started = false;
  suspendCount = 0;
  /** The callBegan and apcBegan of what is open, outermost first, what ends each, and what each has the thread do. */
  #frames: EventIndex[] = [];
  #keys: FrameKey[] = [];
  #activities: ActivityIndex[] = [];
  user = new ApcQueue();
  special = new ApcQueue();
  mailbox = 0;
  exitCode: number | undefined;
  endReason: number | undefined;
  counts = noCounts();
  sinceNs = 0;
  activity: ActivityIndex = NOT_STARTED;
  readonly index: ThreadIndex;

  constructor(index: ThreadIndex) {
    this.index = index;
  }

  get ended(): boolean {
    return this.endReason !== undefined;
  }

  clone(): MutableThread {
    const copy = new MutableThread(this.index);
    copy.osThreadId = this.osThreadId;
    copy.handDriven = this.handDriven;
    copy.controller = this.controller;
    copy.started = this.started;
    copy.suspendCount = this.suspendCount;
    copy.#frames = this.#frames.slice();
    copy.#keys = this.#keys.slice();
    copy.#activities = this.#activities.slice();
    copy.user = this.user.clone();
    copy.special = this.special.clone();
    copy.mailbox = this.mailbox;
    copy.exitCode = this.exitCode;
    copy.endReason = this.endReason;
    copy.counts = { ...this.counts };
    copy.sinceNs = this.sinceNs;
    copy.activity = this.activity;
    return copy;
  }

  forgetQueues(): void {
    this.user = new ApcQueue();
    this.special = new ApcQueue();
  }

  /**
   * Looks anew at what it does. The innermost wins, but an ended or suspended thread is just that.
   * @returns whether it is something else
   */
  settle(timeNs: number): boolean {
    const activity = this.#derive();
    if (activity === this.activity) return false;
    this.activity = activity;
    this.sinceNs = timeNs;
    return true;
  }

  #derive(): ActivityIndex {
    if (this.ended) return ENDED;
    if (this.suspendCount > 0) return SUSPENDED;
    if (!this.started) return NOT_STARTED;
    if (this.#frames.length === 0) return this.handDriven ? WAITING_FOR_STEP : RUNNING;
    return this.#activities[this.#activities.length - 1]!;
  }

  /** callBegan. A call in which the thread runs changes nothing but what it runs in. */
  pushCall(index: EventIndex, call: number, valueHigh: number): void {
    if (isWait(call)) this.#push(index, call, isAlertable(valueHigh) ? ALERTABLE_WAIT : WAIT);
    else this.#push(index, call, this.#activities.includes(RUNNING_APC) ? RUNNING_APC : RUNNING);
  }

  /** apcBegan */
  pushApc(index: EventIndex, apc: ApcId): void {
    this.#push(index, keyOfApc(apc), RUNNING_APC);
  }

  #push(index: EventIndex, key: FrameKey, activity: ActivityIndex): void {
    this.#frames.push(index);
    this.#keys.push(key);
    this.#activities.push(activity);
  }

  /** Leaves the outermost `count` frames open. */
  keepFrames(count: number): void {
    while (this.#frames.length > count) {
      this.#frames.pop();
      this.#keys.pop();
      this.#activities.pop();
    }
  }

  /**
   * callReturned or apcEnded: closes frames down to and including the innermost that it ends; leaves the stack alone where
   * it ends none.
   */
  pop(key: FrameKey): void {
    const at = this.#keys.lastIndexOf(key);
    if (at >= 0) this.keepFrames(at);
  }

  /** As it is when the first `count` events have happened. The queues are made out only when they are looked at. */
  snapshot(table: EventTable, apcs: ApcTable, count: EventIndex): ThreadAt {
    const user = new QueueAt(table, apcs, this.user, count);
    const special = new QueueAt(table, apcs, this.special, count);
    return {
      index: this.index,
      name: table.threadName(this.index),
      osThreadId: this.osThreadId,
      handDriven: this.handDriven,
      controller: this.controller,
      activity: ACTIVITIES[this.activity]!,
      suspendCount: this.suspendCount,
      frames: this.#frames.map((began) => frameOf(table, began)),
      get userQueue() {
        return user.all();
      },
      get specialQueue() {
        return special.all();
      },
      waiting: { user, special },
      mailbox: this.mailbox,
      exitCode: this.exitCode,
      endReason: this.endReason,
      counts: { ...this.counts },
      sinceNs: this.sinceNs,
    };
  }
}

/** A queue when the first `count` events have happened. Its entries are made out when they are asked for. */
class QueueAt implements QueueFront {
  readonly length: number;
  readonly #table: EventTable;
  readonly #apcs: ApcTable;
  readonly #queue: ApcQueue;
  readonly #count: EventIndex;
  #all: readonly QueuedApc[] | undefined;

  constructor(table: EventTable, apcs: ApcTable, queue: ApcQueue, count: EventIndex) {
    this.length = queue.length;
    this.#table = table;
    this.#apcs = apcs;
    this.#queue = queue.clone();
    this.#count = count;
  }

  all(): readonly QueuedApc[] {
    return (this.#all ??= this.first(this.length));
  }

  first(count: number): QueuedApc[] {
    const found: QueuedApc[] = [];
    for (const entry of this.#queue.entries()) {
      if (found.length === count) break;
      if (this.#table.has(entry)) found.push(queuedApc(this.#table, this.#apcs, entry, this.#count));
    }
    return found;
  }
}

function frameOf(table: EventTable, began: EventIndex): Frame {
  const beganNs = table.timeNs(began);
  const low = table.valueLow(began);
  const high = table.valueHigh(began);
  const subject = table.subject(began);
  return table.kind(began) === Kind.apcBegan
    ? { type: 'apc', apc: subject, routine: low & 0xffff, beganNs, began }
    : {
        type: 'call',
        call: table.call(began),
        site: siteOf(high),
        beganNs,
        amount: low,
        alertable: isAlertable(high),
        subject,
        began,
      };
}
