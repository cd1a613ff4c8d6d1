import type { ApcTable } from './apc-table.ts';
import type { ApcQueue } from './apc-queue.ts';
import { Kind, THREAD_NONE, isSpecial, type ApcId, type EventIndex, type ThreadIndex } from './event.ts';
import type { EventChunk } from './event-chunk.ts';
import type { EventTable } from './event-table.ts';
import type { MutableThread } from './mutable-thread.ts';
import type { ThreadMap } from './thread-map.ts';
import type { QueuedApc } from './thread-state.ts';

/** Where an APC stands. */
interface Place {
  thread: MutableThread;
  queue: ApcQueue;
  /** What put it there: its apcQueueing, its apcArmed, or the apcQueued of one that was armed. */
  entry: EventIndex;
}

/**
 * The APCs that have not run, in the queues of their threads, and what becomes of them: always
 * queued = delivered + cancelled + vanished + lost + pending. A queue holds event indices only; what is known of an APC
 * by then, the tables tell.
 */
export class WaitingApcs {
  /** Those whose queuing call has not returned, under the thread that makes it. */
  #queueing = new Map<ThreadIndex, ApcId[]>();
  /** Out of sight because a thread ended before their fate was told: a loss that is told later counts. */
  #unsettled = new Map<ApcId, ThreadIndex>();
  readonly #threads: ThreadMap<MutableThread>;
  readonly #table: EventTable;
  readonly #apcs: ApcTable;

  constructor(table: EventTable, apcs: ApcTable, threads: ThreadMap<MutableThread>) {
    this.#table = table;
    this.#apcs = apcs;
    this.#threads = threads;
  }

  clone(table: EventTable, apcs: ApcTable, threads: ThreadMap<MutableThread>): WaitingApcs {
    const copy = new WaitingApcs(table, apcs, threads);
    for (const [thread, open] of this.#queueing)
      if (open.length > 0) copy.#queueing.set(thread, open.slice());
    copy.#unsettled = new Map(this.#unsettled);
    return copy;
  }

  /** apcQueueing or apcArmed. `target` is undefined where the handle was of no thread: the call will fail. */
  arrive(index: EventIndex, target: MutableThread | undefined, chunk: EventChunk, row: number): void {
    const apc = chunk.subject[row]!;
    if (target === undefined || this.#apcs.arrival(apc) !== index) return;
    (isSpecial(chunk.valueHigh[row]!) ? target.special : target.user).push(index);
    if (chunk.kind(row) === Kind.apcArmed) return;
    const source = chunk.thread[row]!;
    const open = this.#queueing.get(source);
    if (open === undefined) this.#queueing.set(source, [apc]);
    else open.push(apc);
  }

  /** apcQueued */
  queued(index: EventIndex): void {
    const apc = this.#table.subject(index);
    this.#returned(apc);
    const unsettled = this.#settle(apc);
    if (unsettled !== undefined) {
      // Its thread is gone: what was queued onto it never runs (fact 114).
      unsettled.counts.queued++;
      unsettled.counts.lost++;
      return;
    }
    const thread = this.#threads.near(this.#apcs.target(apc));
    const entry = this.#entryOf(apc, index);
    if (entry === undefined || thread === undefined) return;
    const queue = this.#queueOf(apc, thread);
    if (!queue.has(entry)) return;
    thread.counts.queued++;
    if (this.#apcs.hasNoRoutine(apc)) {
      // A NULL routine never reaches user mode (fact 11).
      queue.remove(entry);
      thread.counts.vanished++;
    } else if (thread.ended) {
      queue.remove(entry);
      thread.counts.lost++;
    } else if (this.#apcs.isArmed(apc)) {
      // Its place is that of its expiry or completion, not of its arming (facts 84, 93).
      queue.remove(entry);
      queue.push(index);
    }
  }

  /** apcQueueFailed */
  failed(apc: ApcId, index: EventIndex): void {
    const thread = this.#remove(apc, index)?.thread ?? this.#settle(apc);
    if (thread !== undefined) thread.counts.failed++;
  }

  /** apcCancelled: one that was only armed counts nowhere. */
  cancelled(apc: ApcId, index: EventIndex): void {
    this.#unsettled.delete(apc);
    const removed = this.#remove(apc, index);
    if (removed !== undefined && this.#isQueued(apc, removed.entry, index)) removed.thread.counts.cancelled++;
  }

  /** apcLost: one that was not told to be queued was so nevertheless, or it could not be lost. */
  lost(apc: ApcId, index: EventIndex): void {
    const removed = this.#remove(apc, index);
    const thread = removed?.thread ?? this.#settle(apc);
    if (thread === undefined) return;
    thread.counts.lost++;
    if (removed === undefined || !this.#isQueued(apc, removed.entry, index)) thread.counts.queued++;
  }

  /**
   * apcBegan.
   * @returns whether the callback contradicts the known order: one that was certainly queued earlier still waits
   */
  began(apc: ApcId, own: MutableThread, index: EventIndex): boolean {
    if (this.#unsettled.size > 0) this.#unsettled.delete(apc);
    own.counts.delivered++;
    const entry = this.#entryOf(apc, index);
    const queue = this.#queueOf(apc, own);
    if (entry === undefined || this.#apcs.target(apc) !== own.index || !queue.has(entry)) {
      this.#remove(apc, index);
      own.counts.queued++;
      return false;
    }
    // A special one overtakes whatever it likes.
    const isOvertaking =
      queue.first !== entry && queue !== own.special && this.#overtakes(queue, entry, index);
    // Its queuing call may not have returned yet, or nobody saw it queued: count it when it is delivered.
    if (!this.#isQueued(apc, entry, index)) {
      this.#returned(apc);
      own.counts.queued++;
    }
    queue.remove(entry);
    return isOvertaking;
  }

  /** threadEnded: what is queued on it is lost (fact 114), and the outcome of its own calls may never be told. */
  threadEnded(own: MutableThread, index: EventIndex): void {
    for (const apc of this.#queueing.get(own.index)?.slice() ?? []) {
      const removed = this.#remove(apc, index);
      if (removed !== undefined) this.#unsettled.set(apc, removed.thread.index);
    }
    this.#queueing.delete(own.index);
    for (const queue of [own.user, own.special]) {
      for (const entry of queue.entries()) {
        const apc = this.#table.subject(entry);
        if (this.#isQueued(apc, entry, index)) own.counts.lost++;
        else this.#unsettled.set(apc, own.index);
      }
    }
    own.forgetQueues();
  }

  /** resync: these and no others are queued on it. What is only armed is in no queue. */
  onlyThese(own: MutableThread, known: ReadonlySet<ApcId>): void {
    for (const queue of [own.user, own.special]) {
      for (const entry of [...queue.entries()]) {
        const stays = this.#table.kind(entry) === Kind.apcArmed || known.has(this.#table.subject(entry));
        if (!stays) queue.remove(entry);
      }
    }
  }

  /** Was it told by then, before this event, that it is queued? */
  #isQueued(apc: ApcId, entry: EventIndex, before: EventIndex): boolean {
    return queuedBy(this.#apcs, apc, entry, before) !== undefined;
  }

  /** Was one that stands before it certainly queued earlier? */
  #overtakes(queue: ApcQueue, entry: EventIndex, index: EventIndex): boolean {
    // When a timer or an I/O queued it may not be known.
    if (this.#table.kind(entry) === Kind.apcArmed) return false;
    for (const other of queue.entries(entry)) {
      const queued = queuedBy(this.#apcs, this.#table.subject(other), other, index);
      if (queued !== undefined && queued < entry) return true;
    }
    return false;
  }

  /** The thread of an APC that was out of sight; from here on its fate is known. */
  #settle(apc: ApcId): MutableThread | undefined {
    if (this.#unsettled.size === 0) return undefined;
    const thread = this.#threads.get(this.#unsettled.get(apc) ?? THREAD_NONE);
    this.#unsettled.delete(apc);
    return thread;
  }

  #remove(apc: ApcId, index: EventIndex): Place | undefined {
    this.#returned(apc);
    const place = this.#find(apc, index);
    place?.queue.remove(place.entry);
    return place;
  }

  /** Nobody's queuing call is open for it any more. */
  #returned(apc: ApcId): void {
    const arrival = this.#apcs.arrival(apc);
    if (arrival === undefined) return;
    const open = this.#queueing.get(this.#table.thread(arrival));
    if (open === undefined || open.length === 0) return;
    if (open[open.length - 1] === apc) open.pop();
    else if (open.includes(apc)) open.splice(open.indexOf(apc), 1);
  }

  /** Where it stands at this event. */
  #find(apc: ApcId, index: EventIndex): Place | undefined {
    const entry = this.#entryOf(apc, index);
    const thread = this.#threads.near(this.#apcs.target(apc));
    if (entry === undefined || thread === undefined) return undefined;
    const queue = this.#queueOf(apc, thread);
    return queue.has(entry) ? { thread, queue, entry } : undefined;
  }

  /** The queue of its target in which an APC stands. */
  #queueOf(apc: ApcId, thread: MutableThread): ApcQueue {
    return this.#apcs.isSpecial(apc) ? thread.special : thread.user;
  }

  /** What put it into its queue, before this event. */
  #entryOf(apc: ApcId, index: EventIndex): EventIndex | undefined {
    const fired = this.#apcs.isArmed(apc) ? this.#apcs.answer(apc) : undefined;
    if (fired !== undefined && fired < index) return fired;
    const arrival = this.#apcs.arrival(apc);
    return arrival !== undefined && arrival <= index ? arrival : undefined;
  }
}

/** The event, of the first `count`, that told that an entry is queued: one that failed is in no queue. */
function queuedBy(apcs: ApcTable, apc: ApcId, entry: EventIndex, count: EventIndex): EventIndex | undefined {
  const answer = apcs.answer(apc);
  return answer !== undefined && answer < count && (answer === entry || !apcs.isArmed(apc))
    ? answer
    : undefined;
}

/** What is known of an entry of a queue when the first `count` events have happened. */
export function queuedApc(
  table: EventTable,
  apcs: ApcTable,
  entry: EventIndex,
  count: EventIndex,
): QueuedApc {
  const apc = table.subject(entry);
  const arrival = apcs.arrival(apc) ?? entry;
  const low = table.valueLow(arrival);
  const queued = queuedBy(apcs, apc, entry, count);
  return {
    apc,
    routine: low >>> 16,
    source: table.thread(arrival),
    origin: table.call(arrival),
    special: isSpecial(table.valueHigh(arrival)),
    argument: table.argument(arrival, 0) ?? 0n,
    queueingNs: table.timeNs(entry),
    queueing: entry,
    queued,
    state: queued !== undefined ? 'pending' : table.kind(entry) === Kind.apcArmed ? 'in-flight' : 'queueing',
  };
}
