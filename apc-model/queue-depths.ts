import type { ApcTable } from './apc-table.ts';
import { Kind, THREAD_NONE, type ApcId, type EventIndex, type ThreadIndex } from './event.ts';
import type { EventChunk } from './event-chunk.ts';
import { ThreadMap } from './thread-map.ts';
import { Uint32Column } from './uint32-column.ts';

/** Steps of a group: each step is one bit, up or down, and the depth before a group is kept. */
const GROUP_SHIFT = 5;
const GROUP_MASK = 31;

/** The depth at an instant, and the event before it that ended the thread. */
export interface DepthAt {
  depth: number;
  ended: EventIndex | undefined;
}

/** How many APCs stood in one thread's queues, as steps of one up or down, each with the event that made it. */
export class DepthSteps {
  /** The event of each step: it holds from that event on. */
  readonly events = new Uint32Column();
  /** Bit i of group g: step 32g + i leads up. */
  readonly #ups = new Uint32Column();
  readonly #depthBefore = new Uint32Column();
  /** The present depth. */
  last = 0;
  /** The largest depth so far. */
  deepest = 0;
  /** The event that ended the thread: what was queued before it is gone. */
  ended: EventIndex | undefined;

  get length(): number {
    return this.events.length;
  }

  up(event: EventIndex): void {
    const step = this.#push(event);
    const group = step >>> GROUP_SHIFT;
    this.#ups.set(group, this.#ups.at(group) | (1 << (step & GROUP_MASK)));
    if (++this.last > this.deepest) this.deepest = this.last;
  }

  down(event: EventIndex): void {
    if (this.last === 0) return;
    this.#push(event);
    this.last--;
  }

  /** The depth from a step on. */
  after(step: number): number {
    return this.before(step + 1);
  }

  /** The depth up to a step. */
  before(step: number): number {
    if (step === this.events.length) return this.last;
    const group = step >>> GROUP_SHIFT;
    const earlier = step & GROUP_MASK;
    const ups = countBits(this.#ups.at(group) & ((1 << earlier) - 1));
    return this.#depthBefore.at(group) + 2 * ups - earlier;
  }

  /** The depth when the first `count` events have happened. */
  atCount(count: EventIndex): number {
    return this.before(this.events.lowerBound(count));
  }

  /** Forgets the steps that events before `first` made. */
  evict(first: EventIndex): void {
    const step = this.events.lowerBound(first);
    this.events.dropBefore(step);
    this.#ups.dropBefore(step >>> GROUP_SHIFT);
    this.#depthBefore.dropBefore(step >>> GROUP_SHIFT);
  }

  /** Goes on from a depth that events before the first one made. */
  seed({ depth, ended }: DepthAt): void {
    this.last = depth;
    this.deepest = depth;
    this.ended = ended;
  }

  get bytes(): number {
    return this.events.bytes + this.#ups.bytes + this.#depthBefore.bytes;
  }

  #push(event: EventIndex): number {
    const step = this.events.length;
    if ((step & GROUP_MASK) === 0) {
      this.#ups.push(0);
      this.#depthBefore.push(this.last);
    }
    this.events.push(event);
    return step;
  }
}

function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * Queue depth over time of every thread, kept as events arrive. An APC counts from its queuing call's begin, one of a
 * timer or an I/O from when it is told to be queued, until it is delivered, cancelled, lost, or could not be queued. One
 * without a routine is in no queue of user mode (fact 11).
 */
export class QueueDepths {
  readonly threads = new ThreadMap<DepthSteps>();
  readonly #apcs: ApcTable;

  /** @param apcs has always taken an event before this */
  constructor(apcs: ApcTable) {
    this.#apcs = apcs;
  }

  get bytes(): number {
    let bytes = 0;
    for (const steps of this.threads.values()) bytes += steps.bytes;
    return bytes;
  }

  /** Every thread's depth when the first `count` events have happened. */
  atCount(count: EventIndex): Map<ThreadIndex, DepthAt> {
    return new Map(
      [...this.threads].map(([thread, steps]) => {
        const hasEnded = steps.ended !== undefined && steps.ended < count;
        return [thread, { depth: steps.atCount(count), ended: hasEnded ? steps.ended : undefined }];
      }),
    );
  }

  seed(depths: ReadonlyMap<ThreadIndex, DepthAt>): void {
    for (const [thread, depth] of depths) this.#of(thread).seed(depth);
  }

  evict(first: EventIndex): void {
    for (const steps of this.threads.values()) steps.evict(first);
  }

  #of(thread: ThreadIndex): DepthSteps {
    let steps = this.threads.near(thread);
    if (steps === undefined) this.threads.set(thread, (steps = new DepthSteps()));
    return steps;
  }

  /**
   * Takes in the next event.
   * @returns the thread whose queues hold another number now
   */
  take(index: EventIndex, kind: number, chunk: EventChunk, row: number): ThreadIndex | undefined {
    switch (kind) {
      case Kind.apcQueueing: {
        const apc = chunk.subject[row]!;
        return this.#apcs.arrival(apc) === index ? this.#enter(apc, index) : undefined;
      }
      case Kind.apcQueued: {
        const apc = chunk.subject[row]!;
        return this.#isFiring(apc, index) ? this.#enter(apc, index) : undefined;
      }
      case Kind.apcQueueFailed:
      case Kind.apcBegan:
      case Kind.apcCancelled:
      case Kind.apcLost:
        return this.#leave(chunk.subject[row]!, index, kind);
      case Kind.threadEnded:
        return this.#end(index, chunk.thread[row]!);
      default:
        return undefined;
    }
  }

  /** resync: so many stand in a thread's queues, whatever was missed. */
  resync(thread: ThreadIndex, depth: number, index: EventIndex): void {
    const steps = this.#of(thread);
    while (steps.last > depth) steps.down(index);
    while (steps.last < depth) steps.up(index);
  }

  #end(index: EventIndex, thread: ThreadIndex): ThreadIndex | undefined {
    const steps = this.threads.get(thread);
    if (steps === undefined) return undefined;
    steps.ended = index;
    while (steps.last > 0) steps.down(index);
    return thread;
  }

  /** Is this the apcQueued of an APC that was armed, and still in no queue? */
  #isFiring(apc: ApcId, index: EventIndex): boolean {
    if (!this.#apcs.isArmed(apc) || this.#apcs.answer(apc) !== index) return false;
    const left = this.#apcs.leave(apc);
    return left === undefined || left > index;
  }

  #enter(apc: ApcId, index: EventIndex): ThreadIndex | undefined {
    const target = this.#apcs.target(apc);
    if (this.#apcs.hasNoRoutine(apc) || target === THREAD_NONE) return undefined;
    this.#of(target).up(index);
    return target;
  }

  #leave(apc: ApcId, index: EventIndex, kind: number): ThreadIndex | undefined {
    const entered = this.#apcs.isArmed(apc) ? this.#apcs.answer(apc) : this.#apcs.arrival(apc);
    if (entered === undefined || entered > index || this.#apcs.hasNoRoutine(apc)) return undefined;
    const isFirst = this.#apcs.leave(apc) === index || kind === Kind.apcQueueFailed;
    const target = this.#apcs.target(apc);
    const steps = this.threads.near(target);
    if (!isFirst || steps === undefined || (steps.ended !== undefined && entered < steps.ended))
      return undefined;
    steps.down(index);
    return target;
  }
}
