import {
  Kind,
  ROUTINE_NONE,
  THREAD_NONE,
  isSpecial,
  type ApcId,
  type EventIndex,
  type ThreadIndex,
} from './event.ts';
import type { EventTable } from './event-table.ts';
import type { MutableThread } from './mutable-thread.ts';
import type { QueuedApc } from './thread-state.ts';

/**
 * The APCs that have not run, in the queues of their threads, and what becomes of them: always
 * queued = delivered + cancelled + vanished + lost + pending. Queue entries are replaced, never changed.
 */
export class WaitingApcs {
  /** In whose queue an APC stands. */
  #queuedOn = new Map<ApcId, ThreadIndex>();
  /** Those whose queuing call has not returned, with who makes it. */
  #queueing = new Map<ApcId, ThreadIndex>();
  /** Out of sight because a thread ended before their fate was told: a loss that is told later counts. */
  #unsettled = new Map<ApcId, ThreadIndex>();
  readonly #threads: ReadonlyMap<ThreadIndex, MutableThread>;

  constructor(threads: ReadonlyMap<ThreadIndex, MutableThread>) {
    this.#threads = threads;
  }

  clone(threads: ReadonlyMap<ThreadIndex, MutableThread>): WaitingApcs {
    const copy = new WaitingApcs(threads);
    copy.#queuedOn = new Map(this.#queuedOn);
    copy.#queueing = new Map(this.#queueing);
    copy.#unsettled = new Map(this.#unsettled);
    return copy;
  }

  /** apcQueueing or apcArmed. `target` is undefined where the handle was of no thread: the call will fail. */
  arrive(table: EventTable, index: EventIndex, target: MutableThread | undefined): void {
    const apc = table.subject(index);
    if (target === undefined || this.#queuedOn.has(apc)) return;
    const armed = table.kind(index) === Kind.apcArmed;
    const special = isSpecial(table.valueHigh(index));
    this.#queuedOn.set(apc, target.index);
    if (!armed) this.#queueing.set(apc, table.thread(index));
    (special ? target.special : target.user).push({
      apc,
      routine: table.valueLow(index) >>> 16,
      source: table.thread(index),
      origin: table.call(index),
      special,
      argument: table.argument(index, 0) ?? 0n,
      queueingNs: table.timeNs(index),
      queueing: index,
      queued: undefined,
      state: armed ? 'in-flight' : 'queueing',
    });
  }

  /** apcQueued */
  queued(table: EventTable, index: EventIndex): void {
    const apc = table.subject(index);
    this.#queueing.delete(apc);
    const unsettled = this.#settle(apc);
    if (unsettled !== undefined) {
      // Its thread is gone: what was queued onto it never runs (fact 114).
      unsettled.counts.queued++;
      unsettled.counts.lost++;
      return;
    }
    const [thread, queue, place] = this.#find(apc);
    if (thread === undefined) return;
    thread.counts.queued++;
    const entry = queue[place]!;
    if (entry.routine === ROUTINE_NONE) {
      // A NULL routine never reaches user mode (fact 11).
      this.#take(apc, queue, place);
      thread.counts.vanished++;
    } else if (thread.ended) {
      this.#take(apc, queue, place);
      thread.counts.lost++;
    } else if (entry.state === 'in-flight') {
      // Its place is that of its expiry or completion, not of its arming (facts 84, 93).
      queue.splice(place, 1);
      queue.push({
        ...entry,
        queueingNs: table.timeNs(index),
        queueing: index,
        queued: index,
        state: 'pending',
      });
    } else {
      queue[place] = { ...entry, queued: index, state: 'pending' };
    }
  }

  /** apcQueueFailed */
  failed(apc: ApcId): void {
    const thread = this.#remove(apc)?.thread ?? this.#settle(apc);
    if (thread !== undefined) thread.counts.failed++;
  }

  /** apcCancelled: one that was only armed counts nowhere. */
  cancelled(apc: ApcId): void {
    this.#unsettled.delete(apc);
    const removed = this.#remove(apc);
    if (removed?.entry.queued !== undefined) removed.thread.counts.cancelled++;
  }

  /** apcLost: one that was not told to be queued was so nevertheless, or it could not be lost. */
  lost(apc: ApcId): void {
    const removed = this.#remove(apc);
    const thread = removed?.thread ?? this.#settle(apc);
    if (thread === undefined) return;
    thread.counts.lost++;
    if (removed?.entry.queued === undefined) thread.counts.queued++;
  }

  /**
   * apcBegan.
   * @returns whether the callback contradicts the known order: one that was certainly queued earlier still waits
   */
  began(apc: ApcId, own: MutableThread): boolean {
    this.#unsettled.delete(apc);
    own.counts.delivered++;
    const removed = this.#remove(apc, true);
    if (removed === undefined) {
      own.counts.queued++;
      return false;
    }
    // Its queuing call may not have returned yet, or nobody saw it queued: count it when it is delivered.
    const { entry, ahead } = removed;
    if (entry.queued === undefined) own.counts.queued++;
    // When a timer or an I/O queued it may not be known; a special one overtakes whatever it likes.
    if (entry.special || entry.state === 'in-flight') return false;
    return ahead.some((other) => other.queued !== undefined && other.queued < entry.queueing);
  }

  /** threadEnded: what is queued on it is lost (fact 114), and the outcome of its own calls may never be told. */
  threadEnded(own: MutableThread): void {
    for (const [apc, source] of this.#queueing) {
      if (source !== own.index) continue;
      this.#queueing.delete(apc);
      const removed = this.#remove(apc);
      if (removed !== undefined) this.#unsettled.set(apc, removed.thread.index);
    }
    for (const entry of [...own.user, ...own.special]) {
      this.#queuedOn.delete(entry.apc);
      if (entry.queued === undefined) this.#unsettled.set(entry.apc, own.index);
      else own.counts.lost++;
    }
    own.user = [];
    own.special = [];
  }

  /** resync: these and no others are queued on it. What is only armed is in no queue. */
  onlyThese(own: MutableThread, known: ReadonlySet<ApcId>): void {
    const stays = (entry: QueuedApc): boolean => entry.state === 'in-flight' || known.has(entry.apc);
    for (const entry of [...own.user, ...own.special]) if (!stays(entry)) this.#queuedOn.delete(entry.apc);
    own.user = own.user.filter(stays);
    own.special = own.special.filter(stays);
  }

  /** The thread of an APC that was out of sight; from here on its fate is known. */
  #settle(apc: ApcId): MutableThread | undefined {
    const thread = this.#threads.get(this.#unsettled.get(apc) ?? THREAD_NONE);
    this.#unsettled.delete(apc);
    return thread;
  }

  #remove(
    apc: ApcId,
    withAhead = false,
  ): { thread: MutableThread; entry: QueuedApc; ahead: readonly QueuedApc[] } | undefined {
    this.#queueing.delete(apc);
    const [thread, queue, place] = this.#find(apc);
    if (thread === undefined) return undefined;
    const entry = queue[place]!;
    const ahead = withAhead ? queue.slice(0, place) : [];
    this.#take(apc, queue, place);
    return { thread, entry, ahead };
  }

  #take(apc: ApcId, queue: QueuedApc[], place: number): void {
    queue.splice(place, 1);
    this.#queuedOn.delete(apc);
  }

  /** Where it stands; mostly at one of the two ends of its queue. */
  #find(apc: ApcId): [MutableThread, QueuedApc[], number] | [undefined, [], -1] {
    const thread = this.#threads.get(this.#queuedOn.get(apc) ?? THREAD_NONE);
    if (thread === undefined) return [undefined, [], -1];
    for (const queue of [thread.user, thread.special]) {
      if (queue[0]?.apc === apc) return [thread, queue, 0];
      const place = queue.findLastIndex((entry) => entry.apc === apc);
      if (place >= 0) return [thread, queue, place];
    }
    return [undefined, [], -1];
  }
}
