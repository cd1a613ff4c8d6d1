import type { ThreadIndex } from './event.ts';

/** Threads are numbered from 0 on; the lab's own have their numbers at the other end. */
const NEAR = 4096;

/** A map by thread that looks up in a few nanoseconds what is folded event by event. Nothing is ever deleted from it. */
export class ThreadMap<Value> extends Map<ThreadIndex, Value> {
  readonly #near: (Value | undefined)[] = [];

  /** The same as get, faster. */
  near(thread: ThreadIndex): Value | undefined {
    return thread < this.#near.length ? this.#near[thread] : this.get(thread);
  }

  override set(thread: ThreadIndex, value: Value): this {
    if (thread < NEAR) {
      while (this.#near.length <= thread) this.#near.push(this.get(this.#near.length));
      this.#near[thread] = value;
    }
    return super.set(thread, value);
  }
}
