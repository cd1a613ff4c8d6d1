import { Kind, ROUTINE_NONE, THREAD_NONE, type ApcId, type EventIndex, type ThreadIndex } from './event.ts';
import type { EventTable } from './event-table.ts';

/** How many APCs stood in one thread's queues, as steps: `depth[i]` from `timeNs[i]` on. */
export class DepthSteps {
  length = 0;
  timeNs = new Float64Array(64);
  depth = new Uint32Array(64);

  push(timeNs: number, depth: number): void {
    if (this.length === this.timeNs.length) {
      const times = new Float64Array(this.length * 2);
      times.set(this.timeNs);
      this.timeNs = times;
      const depths = new Uint32Array(this.length * 2);
      depths.set(this.depth);
      this.depth = depths;
    }
    this.timeNs[this.length] = timeNs;
    this.depth[this.length++] = depth;
  }

  get last(): number {
    return this.length === 0 ? 0 : this.depth[this.length - 1]!;
  }

  /** The largest depth in each of `count` equal buckets of [fromNs, toNs]: no peak is lost by thinning. */
  peaks(fromNs: number, toNs: number, count: number): number[] {
    const peaks = new Array<number>(count).fill(0);
    const width = (toNs - fromNs) / count;
    let at = this.#countAt(fromNs);
    let present = at === 0 ? 0 : this.depth[at - 1]!;
    for (let bucket = 0; bucket < count; bucket++) {
      const endNs = bucket === count - 1 ? toNs : fromNs + width * (bucket + 1);
      let peak = present;
      while (at < this.length && this.timeNs[at]! <= endNs) {
        present = this.depth[at++]!;
        if (present > peak) peak = present;
      }
      peaks[bucket] = peak;
    }
    return peaks;
  }

  #countAt(timeNs: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.timeNs[middle]! <= timeNs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Queue depth over time of every thread, kept as events arrive. */
export class QueueDepths {
  readonly threads = new Map<ThreadIndex, DepthSteps>();
  #target = new Map<ApcId, ThreadIndex>();
  /** Armed, and in no queue as far as it is known. */
  #armed = new Map<ApcId, ThreadIndex>();
  #seen = 0;
  #timeNs = 0;

  /** Takes in the events that the table gained since the last call. */
  follow(table: EventTable): void {
    for (; this.#seen < table.length; this.#seen++) this.#fold(table, this.#seen);
  }

  #fold(table: EventTable, index: EventIndex): void {
    // Threads' clocks may interleave by a hair; the steps of one thread must not run backwards.
    this.#timeNs = Math.max(this.#timeNs, table.timeNs(index));
    const apc = table.subject(index);
    switch (table.kind(index)) {
      case Kind.apcQueueing:
        // One without a routine is in no queue of user mode (fact 11).
        if (table.valueLow(index) >>> 16 !== ROUTINE_NONE) this.#enter(apc, table.valueLow(index) & 0xffff);
        return;
      case Kind.apcArmed:
        this.#armed.set(apc, table.valueLow(index) & 0xffff);
        return;
      case Kind.apcQueued: {
        const target = this.#armed.get(apc);
        if (target !== undefined) this.#enter(apc, target);
        this.#armed.delete(apc);
        return;
      }
      case Kind.apcQueueFailed:
      case Kind.apcBegan:
      case Kind.apcCancelled:
      case Kind.apcLost:
        this.#leave(apc);
        return;
      case Kind.threadEnded: {
        const thread = table.thread(index);
        for (const waiting of [this.#target, this.#armed]) {
          for (const [id, target] of waiting) if (target === thread) waiting.delete(id);
        }
        const steps = this.threads.get(thread);
        if (steps !== undefined && steps.last > 0) steps.push(this.#timeNs, 0);
        return;
      }
    }
  }

  #enter(apc: ApcId, target: ThreadIndex): void {
    if (target === THREAD_NONE) return;
    this.#target.set(apc, target);
    this.#step(target, 1);
  }

  #leave(apc: ApcId): void {
    this.#armed.delete(apc);
    const target = this.#target.get(apc);
    if (target === undefined) return;
    this.#target.delete(apc);
    this.#step(target, -1);
  }

  #step(thread: ThreadIndex, change: number): void {
    let steps = this.threads.get(thread);
    if (steps === undefined) this.threads.set(thread, (steps = new DepthSteps()));
    steps.push(this.#timeNs, Math.max(0, steps.last + change));
  }
}
