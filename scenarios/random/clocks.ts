import { Unpredictable } from './plan.ts';

interface Stamp {
  thread: number;
  time: number;
}

/**
 * What certainly happened before what (vector clocks). The model runs one thread at a time; the engine runs them side by
 * side. Where two threads touch the same thing and neither touch certainly comes first, the order is luck, and so is what
 * comes of it: such a plan is refused.
 */
export class Clocks {
  /** `#known[a][b]`: up to which of b's touches a knows that they are over. */
  readonly #known: number[][];
  readonly #touched = new Map<string, { written: Stamp | undefined; read: Stamp[] }>();

  constructor(threads: number) {
    this.#known = Array.from({ length: threads }, () => new Array<number>(threads).fill(0));
  }

  /** Whatever `from` did until now comes before whatever `to` does from now on. */
  join(to: number, from: number): void {
    const [later, earlier] = [this.#known[to]!, this.#known[from]!];
    earlier.forEach((time, thread) => (later[thread] = Math.max(later[thread]!, time)));
  }

  read(by: number, what: string): void {
    const touched = this.#of(what);
    this.#after(by, touched.written, what);
    touched.read.push(this.#stamp(by));
  }

  write(by: number, what: string): void {
    const touched = this.#of(what);
    this.#after(by, touched.written, what);
    for (const stamp of touched.read) this.#after(by, stamp, what);
    touched.written = this.#stamp(by);
    touched.read = [];
  }

  #of(what: string) {
    let touched = this.#touched.get(what);
    if (touched === undefined) this.#touched.set(what, (touched = { written: undefined, read: [] }));
    return touched;
  }

  #stamp(thread: number): Stamp {
    return { thread, time: ++this.#known[thread]![thread]! };
  }

  #after(by: number, stamp: Stamp | undefined, what: string): void {
    if (stamp !== undefined && stamp.time > this.#known[by]![stamp.thread]!)
      throw new Unpredictable(`threads ${stamp.thread} and ${by} touch ${what} at the same time`);
  }
}
