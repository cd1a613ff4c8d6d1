/** What the model saw, in the terms of a scenario's expectations. */

export interface CallNote {
  as: string;
  /** From 1, in the order in which they began; all of one name are made by one thread. */
  instance: number;
  thread: string;
  /** Absent while it has not returned, or where it never does. */
  result?: number;
  lastError?: number;
  /** The semantics leave the result open (fact 57). */
  open?: true;
  /** It was to queue an APC. */
  queues?: true;
}

export interface RunNote {
  queuedBy: CallNote;
  on: string;
  /** The innermost call that was open; undefined before the entry. */
  during: CallNote | undefined;
}

export class Notes {
  readonly calls: CallNote[] = [];
  readonly runs: RunNote[] = [];
  readonly logs = new Map<string, string[]>();
  /** For each thread the moments that expectations can name, in order. */
  readonly moments = new Map<string, string[]>();
  readonly #instances = new Map<string, number>();
  readonly #open = new Map<string, CallNote[]>();

  begin(as: string, thread: string): CallNote {
    const instance = (this.#instances.get(as) ?? 0) + 1;
    this.#instances.set(as, instance);
    const call: CallNote = { as, instance, thread };
    this.calls.push(call);
    this.#of(this.#open, thread).push(call);
    return call;
  }

  finish(call: CallNote, result: number, lastError: number): void {
    call.result = result;
    call.lastError = lastError;
    this.#of(this.#open, call.thread).splice(this.#of(this.#open, call.thread).lastIndexOf(call));
    this.#moment(call.thread, call, 'return');
  }

  run(queuedBy: CallNote, on: string): void {
    this.runs.push({ queuedBy, on, during: this.#of(this.#open, on).at(-1) });
    this.#moment(on, queuedBy, 'begin');
  }

  ran(queuedBy: CallNote, on: string): void {
    this.#moment(on, queuedBy, 'end');
  }

  /** How many of a thread's moments there have been. */
  momentsOf(thread: string): number {
    return this.#of(this.moments, thread).length;
  }

  log(thread: string, line: string): void {
    this.#of(this.logs, thread).push(line);
  }

  #moment(thread: string, call: CallNote, which: 'begin' | 'end' | 'return'): void {
    this.#of(this.moments, thread).push(`${instanceName(call)}:${which}`);
  }

  #of<One>(lists: Map<string, One[]>, key: string): One[] {
    let list = lists.get(key);
    if (list === undefined) lists.set(key, (list = []));
    return list;
  }
}

export const instanceName = ({ as, instance }: CallNote): string => `${as}#${instance}`;
