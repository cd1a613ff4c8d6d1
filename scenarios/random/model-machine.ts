import type { Scenario } from '../../apc-model/scenario.ts';
import { Clocks } from './clocks.ts';
import type { Dialect } from './dialect.ts';
import {
  isSatisfied,
  newThread,
  satisfy,
  staysAsItIs,
  type Apc,
  type ModelObject,
  type ModelThread,
} from './model-state.ts';
import { Notes } from './notes.ts';
import { CONTROLLER, Unpredictable } from './plan.ts';

/** Which of the threads that have something to do goes on; `last` was the one before. */
export type Choose = (ready: readonly ModelThread[], last: ModelThread) => ModelThread;

/** A thread goes on until it stands; then the one with the lowest index. */
export const oneAfterTheOther: Choose = (ready, last) => (ready.includes(last) ? last : ready[0]!);

/** More slices than any plan needs that comes to an end. */
const MOST_SLICES = 20_000;

/** Threads, objects and variables, and what one thread can do to another: everything but the steps themselves. */
export class Machine {
  readonly threads: ModelThread[];
  readonly objects = new Map<string, ModelObject>();
  readonly variables = new Map<string, number>();
  readonly notes = new Notes();
  readonly clocks: Clocks;
  readonly #choose: Choose;
  #slices = 0;

  /** @param threads names of the lab threads; the controller comes before them */
  constructor(
    threads: readonly string[],
    objects: NonNullable<Scenario['objects']>,
    readonly dialect: Dialect,
    choose: Choose,
  ) {
    this.threads = [CONTROLLER, ...threads].map((name, index) => newThread(index, name));
    this.clocks = new Clocks(this.threads.length);
    this.#choose = choose;
    this.controller.life = 'alive';
    for (const [name, declared] of Object.entries(objects)) this.objects.set(name, made(name, declared));
  }

  get controller(): ModelThread {
    return this.threads[0]!;
  }

  /** Runs until every thread stands. */
  run(): void {
    let last = this.controller;
    for (;;) {
      const ready = this.threads.filter(
        (one) => one.life === 'alive' && (one.end !== undefined || (one.ready && one.suspendCount === 0)),
      );
      if (ready.length === 0) return;
      if (++this.#slices > MOST_SLICES) throw new Unpredictable('it runs too long');
      last = this.#choose(ready, last);
      last.stirred = true;
      if (last.end !== undefined) this.#finish(last);
      else if (last.activity!.next().done === true) {
        last.ready = false;
        if (last !== this.controller) last.end ??= { reason: 'returned', code: 0 };
      }
    }
  }

  /** The controller has seen that nothing moves any more. */
  everythingStands(): void {
    for (const thread of this.threads) {
      thread.stirred = false;
      this.clocks.join(this.controller.index, thread.index);
    }
  }

  /** Something is about to be done to a thread, or the thread itself acts. */
  touchThread(by: ModelThread, thread: ModelThread): void {
    const runs = thread.end !== undefined || (thread.ready && thread.suspendCount === 0);
    if (by !== thread && thread.life === 'alive' && runs)
      throw new Unpredictable(`${by.name} acts on ${thread.name}, which runs`);
    this.clocks.write(by.index, `thread ${thread.name}`);
  }

  /** Somebody sees whether an object is signaled, and takes what a satisfied wait takes. */
  look(by: ModelThread, object: ModelObject): void {
    if (staysAsItIs(object)) this.clocks.read(by.index, `object ${object.name}`);
    else this.clocks.write(by.index, `object ${object.name}`);
  }

  /** An object's state is about to change. */
  change(by: ModelThread, object: ModelObject): void {
    this.clocks.write(by.index, `object ${object.name}`);
  }

  /**
   * An object became signaled: those who wait for it and are not suspended get it at once (facts 69, 110). Which of several
   * gets what is not enough for all is luck (fact 139).
   */
  signal(by: ModelThread, object: ModelObject): void {
    const waiting = this.threads.filter(
      (one) => one.wait?.end === undefined && one.wait?.on.includes(object),
    );
    for (const one of waiting) {
      this.touchThread(by, one);
      for (const other of one.wait!.on) if (other !== object) this.look(by, other);
    }
    const satisfied = waiting.filter((one) => one.suspendCount === 0 && isSatisfied(one.wait!, one));
    for (const one of satisfied) {
      if (!isSatisfied(one.wait!, one)) throw new Unpredictable(`several wait for ${object.name}`);
      one.wait!.end = satisfy(one.wait!, one);
      this.wake(by, one);
    }
  }

  wake(by: ModelThread, thread: ModelThread): void {
    this.clocks.join(thread.index, by.index);
    thread.ready = true;
  }

  /** False where the thread has ended (fact 6). One that stands in an alertable wait is woken, unless suspended (34, 106). */
  enqueue(by: ModelThread, target: ModelThread, apc: Apc): boolean {
    this.touchThread(by, target);
    if (target.life === 'ended') return false;
    (apc.special ? target.specials : target.queue).push(apc);
    const { wait } = target;
    if (wait?.alertable === true && wait.end === undefined && target.suspendCount === 0) {
      wait.end = 'apc';
      this.wake(by, target);
    }
    return true;
  }

  create(by: ModelThread, thread: ModelThread, activity: Generator<void, void>, suspended: boolean): void {
    thread.life = 'alive';
    thread.suspendCount = suspended ? 1 : 0;
    thread.activity = activity;
    thread.stirred = true;
    this.wake(by, thread);
  }

  /** Returns the count before (fact 108). */
  suspend(by: ModelThread, thread: ModelThread): number {
    this.touchThread(by, thread);
    thread.stirred = true;
    return thread.suspendCount++;
  }

  /** One that is resumed looks by itself at everything again: objects, then APCs (facts 107, 110). */
  resume(by: ModelThread, thread: ModelThread): number {
    this.touchThread(by, thread);
    if (thread.suspendCount === 0 || thread.life === 'ended') return 0; // fact 108
    thread.stirred = true;
    const before = thread.suspendCount--;
    if (before === 1) this.wake(by, thread);
    return before;
  }

  terminate(by: ModelThread, thread: ModelThread, code: number): void {
    this.touchThread(by, thread);
    thread.end = { reason: 'terminated', code };
    if (by !== thread) this.wake(by, thread);
  }

  /** The controller has made its last step. */
  endController(): void {
    this.everythingStands();
    this.#finish(this.controller);
  }

  /** Its mutexes are abandoned (fact 65), its APCs dropped (fact 114), and who waits for its end goes on (fact 66). */
  #finish(thread: ModelThread): void {
    this.clocks.write(thread.index, `thread ${thread.name}`);
    thread.wait = undefined;
    const owned = [...this.objects.values()].filter((one) => one.type === 'mutex' && one.owner === thread);
    for (const { wait, suspendCount, name } of this.threads) {
      const told = wait?.on.filter((one) => one === thread.ends || owned.includes(one)) ?? [];
      if (new Set(told).size > 1 && suspendCount === 0)
        throw new Unpredictable(`${name} waits for several things that the end of ${thread.name} signals`);
    }
    for (const one of owned) {
      if (one.type !== 'mutex') continue;
      this.change(thread, one);
      one.owner = undefined;
      one.recursion = 0;
      one.abandoned = true;
      this.signal(thread, one);
    }
    // Who got a mutex may act before the rest is done.
    this.clocks.write(thread.index, `thread ${thread.name}`);
    thread.lost = thread.queue.length + thread.specials.length;
    for (const { reserve } of [...thread.queue, ...thread.specials]) {
      if (reserve === undefined) continue;
      this.change(thread, reserve);
      reserve.inUse = 'unknown';
    }
    this.change(thread, thread.ends);
    thread.life = 'ended';
    thread.ready = false;
    this.signal(thread, thread.ends);
  }
}

function made(name: string, declared: NonNullable<Scenario['objects']>[string]): ModelObject {
  switch (declared.type) {
    case 'event':
      return {
        type: 'event',
        name,
        manualReset: declared.manualReset ?? false,
        signaled: declared.signaled ?? false,
      };
    case 'semaphore':
      return { type: 'semaphore', name, count: declared.count ?? 0, maximum: declared.maximum ?? 0x7fffffff };
    case 'mutex':
    case 'criticalSection':
      return { type: declared.type, name, owner: undefined, recursion: 0, abandoned: false };
    case 'port':
      return { type: 'port', name, count: 0 };
    case 'reserve':
      return { type: 'reserve', name, inUse: false };
    default:
      throw new Unpredictable(`the model knows no ${declared.type}`);
  }
}
