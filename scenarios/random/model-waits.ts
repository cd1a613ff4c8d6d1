import type { CallStep, Handle } from '../../apc-model/scenario.ts';
import { FAILED, failed, refer } from './model-calls.ts';
import type { Machine } from './model-machine.ts';
import {
  hasApc,
  isSatisfied,
  newActivation,
  satisfy,
  type Activation,
  type Apc,
  type ModelObject,
  type ModelThread,
  type Wait,
} from './model-state.ts';
import { Unpredictable } from './plan.ts';

const USER_APC = 0xc0;
export const TIMEOUT = 0x102;

/** What a step says of its wait. */
export interface WaitStep {
  do?: CallStep['do'];
  milliseconds: number | string;
  alertable?: boolean;
  waitAll?: boolean;
}

/** Where a thread stands until something ends its wait, and where its APCs run. */
export class Waits {
  readonly #machine: Machine;
  readonly #run: (a: Activation) => Generator<void, void>;

  /** @param run runs an APC's routine */
  constructor(machine: Machine, run: (a: Activation) => Generator<void, void>) {
    this.#machine = machine;
    this.#run = run;
  }

  /** A wait for handles. Parameter errors come first and leave APCs pending (fact 55). */
  *forHandles(thread: ModelThread, handles: readonly Handle[], step: WaitStep): Generator<void, number> {
    const noPseudo = 'objects' in step && !this.#machine.dialect.takesPseudo;
    const on = handles.map((handle) =>
      noPseudo && typeof handle !== 'string' ? 'nothing' : refer(this.#machine, thread, handle),
    );
    const twice = step.waitAll === true && new Set(on).size < on.length; // fact 56
    const bad = on.includes('nothing');
    if (twice && this.#machine.dialect.takesTwins) throw new Unpredictable('one handle twice');
    if (twice && bad) throw new Unpredictable('two errors in one call');
    if (on.length === 0 || on.length > 64 || twice || bad) return failed(thread, bad ? 6 : 87, FAILED);
    const objects = on.map((one) => {
      if (typeof one === 'string') throw new Unpredictable('the process ends when nobody looks any more');
      return one;
    });
    return yield* this.forObjects(thread, objects, step);
  }

  /** TRUE, or FALSE with an error that says what ended it (facts 76..78). */
  *forPacket(thread: ModelThread, step: WaitStep & { port: Handle }): Generator<void, number> {
    const port = refer(this.#machine, thread, step.port);
    if (typeof port === 'string' || port.type !== 'port') return failed(thread, 6, 0);
    const atOnce = step.alertable === true && hasApc(thread);
    const ended = yield* this.forObjects(thread, [port], step);
    if (ended !== USER_APC && ended !== TIMEOUT) return 1;
    if (!atOnce && thread.port?.of !== port) thread.port = { of: port, certain: false };
    return failed(thread, ended, 0);
  }

  /**
   * Each time the thread looks: the objects, then the APCs, then the time (facts 48, 53, 58); then it stands. Once an APC
   * ran, the wait ends by 0xC0 and takes nothing (facts 63, 68).
   */
  *forObjects(thread: ModelThread, on: ModelObject[], step: WaitStep): Generator<void, number> {
    const machine = this.#machine;
    const wait: Wait = {
      on,
      all: step.waitAll === true,
      alertable: step.alertable === true,
      end: undefined,
    };
    for (;;) {
      machine.touchThread(thread, thread);
      if (wait.end === undefined) {
        for (const object of on) machine.look(thread, object);
        const satisfied = isSatisfied(wait, thread);
        const both = satisfied && wait.alertable && hasApc(thread);
        if (both && on[0]!.type === 'port' && this.#apcBeforePacket(thread, on[0]!)) wait.end = 'apc';
        else if (satisfied) wait.end = satisfy(wait, thread);
        else if (wait.alertable && hasApc(thread)) wait.end = 'apc';
        else if (step.milliseconds === 0) wait.end = TIMEOUT;
      }
      if (wait.end !== undefined) break;
      if (step.milliseconds !== 'INFINITE') throw new Unpredictable('what takes time depends on the machine');
      thread.wait = wait;
      thread.ready = false;
      yield;
    }
    const stood = thread.wait === wait;
    thread.wait = undefined;
    if (wait.end !== 'apc') return wait.end;
    if (stood && step.do === 'signalObjectAndWait' && machine.dialect.signalsTwice)
      throw new Unpredictable('an APC ends a SignalObjectAndWait that was blocked');
    if (stood && machine.dialect.looksAgain) for (const object of on) machine.look(thread, object);
    yield* this.drain(thread);
    return USER_APC;
  }

  /** APCs come before the packets of a port that the thread never took one from (fact 77). */
  #apcBeforePacket(thread: ModelThread, port: ModelObject): boolean {
    if (thread.port?.certain === false) throw new Unpredictable('whose packets it takes is not stated');
    if (thread.port?.of === port) return false;
    if (thread.wait !== undefined)
      throw new Unpredictable('a packet and an APC come while it waits at a port');
    if (this.#machine.dialect.packetFirst) throw new Unpredictable('a packet comes before an APC');
    return true;
  }

  /** Everything that is queued, one at a time: what comes meanwhile runs as well (facts 30..32, 101). */
  *drain(thread: ModelThread): Generator<void, void> {
    for (;;) {
      this.#machine.touchThread(thread, thread);
      const apc = thread.specials.shift() ?? thread.queue.shift();
      if (apc === undefined) return;
      yield* this.#deliver(thread, apc);
    }
  }

  /**
   * Special ones alone: at the end of a call that they could not interrupt, and anywhere between two steps, also of an APC
   * that has just begun (facts 126, 128, 129).
   */
  *runSpecials(thread: ModelThread): Generator<void, void> {
    for (let apc = thread.specials.shift(); apc !== undefined; apc = thread.specials.shift())
      yield* this.#deliver(thread, apc);
  }

  *#deliver(thread: ModelThread, apc: Apc): Generator<void, void> {
    const { notes } = this.#machine;
    if (apc.reserve !== undefined) {
      this.#machine.change(thread, apc.reserve);
      apc.reserve.inUse = false;
    }
    thread.delivered++;
    notes.run(apc.queuedBy, thread.name);
    yield* this.#run(newActivation(thread, apc.routine, apc.args));
    notes.ran(apc.queuedBy, thread.name);
  }
}
