/** A small generator of random numbers (mulberry32): the same seed gives the same numbers on every machine. */
export class Random {
  #state: number;

  /** @param seed any whole number; its low 32 bits count */
  constructor(seed: number) {
    this.#state = seed >>> 0;
    // Seeds next to each other must not begin alike.
    for (let turn = 0; turn < 3; turn++) this.#next();
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Math.floor((this.#next() / 2 ** 32) * (most - least + 1));
  }

  /** True so often in a hundred. */
  chance(percent: number): boolean {
    return this.int(1, 100) <= percent;
  }

  pick<One>(list: readonly One[]): One {
    if (list.length === 0) throw new RangeError('nothing to pick from');
    return list[this.int(0, list.length - 1)]!;
  }

  /** One of a table's entries, each as often as its weight says; those of weight 0 never. */
  weighted<One>(table: readonly (readonly [weight: number, one: One])[]): One {
    const total = table.reduce((sum, [weight]) => sum + weight, 0);
    let at = this.int(1, total);
    for (const [weight, one] of table) {
      at -= weight;
      if (at <= 0) return one;
    }
    throw new RangeError('a table without weights');
  }

  shuffled<One>(list: readonly One[]): One[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.int(0, rest.length - 1), 1)[0]!);
  }
}
