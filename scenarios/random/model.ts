import type { CallStep, Handle, Scenario, Step, When } from '../../apc-model/scenario.ts';
import { WINDOWS, type Dialect } from './dialect.ts';
import { FAILED, failed, numberOf, plainCall, refer, signalOnce } from './model-calls.ts';
import { Machine, oneAfterTheOther, type Choose } from './model-machine.ts';
import {
  hasApc,
  isSatisfied,
  satisfy,
  standingOf,
  type Activation,
  type Apc,
  type ModelObject,
  type ModelThread,
  type Standing,
  type Wait,
} from './model-state.ts';
import type { CallNote, Notes } from './notes.ts';
import { CONTROLLER, Unpredictable, bodyOf } from './plan.ts';

/** A thread's own end, out of however many routines and waits it is in. */
class ThreadEnds extends Error {}

const USER_APC = 0xc0;
const TIMEOUT = 0x102;

/** How a thread stood when everything had come to a stand, and whether it had moved before that. */
export interface Stand {
  name: string;
  standing: Standing;
  stirred: boolean;
}

/**
 * The semantics of user APCs once more, from semantics.md alone and for one thread only: the controller makes one step,
 * then every thread runs until it stands. Shares nothing with the engine or with `apc-model`'s fold; where those two and
 * this one disagree, one of the three is wrong.
 */
export class Model {
  readonly #machine: Machine;
  readonly #routines: Readonly<Record<string, readonly Step[]>>;

  constructor(
    scenario: Pick<Scenario, 'objects' | 'routines' | 'threads'>,
    dialect: Dialect = WINDOWS,
    choose: Choose = oneAfterTheOther,
  ) {
    this.#machine = new Machine(Object.keys(scenario.threads ?? {}), scenario.objects ?? {}, dialect, choose);
    this.#routines = scenario.routines ?? {};
  }

  /** The controller makes a step. Throws Unpredictable where what comes of it is not certain. */
  act(step: CallStep): void {
    const machine = this.#machine;
    const { controller } = machine;
    machine.everythingStands();
    controller.activity = this.#call(newActivation(controller, CONTROLLER, []), step);
    controller.ready = true;
    try {
      machine.run();
    } catch (error) {
      throw error instanceof ThreadEnds ? new Unpredictable('the controller ends') : error;
    }
    if (controller.wait !== undefined) throw new Unpredictable('the controller waits');
  }

  /** The lab threads. */
  stands(): Stand[] {
    return this.threads
      .slice(1)
      .map((one) => ({ name: one.name, standing: standingOf(one), stirred: one.stirred }));
  }

  end(): void {
    this.#machine.endController();
  }

  get notes(): Notes {
    return this.#machine.notes;
  }
  get threads(): readonly ModelThread[] {
    return this.#machine.threads;
  }
  get objects(): ReadonlyMap<string, ModelObject> {
    return this.#machine.objects;
  }
  variable(name: string): number {
    return this.#machine.variables.get(name) ?? 0;
  }

  /** Before its entry a thread runs what was queued to it (facts 19..25). */
  *#main(thread: ModelThread): Generator<void, void> {
    try {
      yield* this.#drain(thread);
      yield* this.#routine(newActivation(thread, bodyOf(thread.name), []));
    } catch (error) {
      if (!(error instanceof ThreadEnds)) throw error;
    }
  }

  *#routine(a: Activation): Generator<void, void> {
    const steps = this.#routines[a.routine];
    if (steps === undefined) throw new Unpredictable(`there is no routine ${a.routine}`);
    yield* this.#steps(a, steps);
    yield* this.#runSpecials(a.thread);
  }

  *#steps(a: Activation, steps: readonly Step[]): Generator<void, void> {
    for (const step of steps) {
      yield* this.#runSpecials(a.thread);
      yield* this.#step(a, step);
    }
  }

  *#step(a: Activation, step: Step): Generator<void, void> {
    const machine = this.#machine;
    switch (step.do) {
      case 'if':
        return yield* this.#steps(a, this.#holds(a, step.when) ? step.then : (step.else ?? []));
      case 'while':
        while (this.#holds(a, step.when)) yield* this.#steps(a, step.steps);
        return;
      case 'repeat': {
        const count = numberOf(machine, a, step.count);
        for (let turn = 0; turn < count; turn++) yield* this.#steps(a, step.steps);
        return;
      }
      case 'log': {
        const line = step.text.replace(/\{(\w+)\}/g, (_, name: string) => String(numberOf(machine, a, name)));
        return machine.notes.log(a.thread.name, line);
      }
      case 'set':
      case 'add': {
        machine.clocks.write(a.thread.index, `variable ${step.variable}`);
        const before = step.do === 'add' ? (machine.variables.get(step.variable) ?? 0) : 0;
        machine.variables.set(step.variable, before + numberOf(machine, a, step.value));
        return;
      }
      default:
        return yield* this.#call(a, step);
    }
  }

  #holds(a: Activation, [left, comparison, right]: When): boolean {
    const [one, other] = [numberOf(this.#machine, a, left), numberOf(this.#machine, a, right)];
    switch (comparison) {
      case '==':
        return one === other;
      case '!=':
        return one !== other;
      case '<':
        return one < other;
      case '<=':
        return one <= other;
      case '>':
        return one > other;
      case '>=':
        return one >= other;
    }
  }

  *#call(a: Activation, step: CallStep): Generator<void, void> {
    const { thread } = a;
    yield; // others may come in between any two calls
    this.#machine.touchThread(thread, thread);
    const note = this.#machine.notes.begin(step.as ?? step.do, thread.name);
    const result = yield* this.#made(a, step, note);
    yield* this.#runSpecials(thread);
    [a.result, a.lastError] = [result, thread.lastError];
    this.#machine.notes.finish(note, result, thread.lastError);
  }

  *#made(a: Activation, step: CallStep, note: CallNote): Generator<void, number> {
    const plain = plainCall(this.#machine, a, step, note);
    if (plain !== undefined) return plain;
    const { thread } = a;
    switch (step.do) {
      case 'sleep':
      case 'sleepEx': {
        const ended = yield* this.#wait(thread, [], step);
        return ended === TIMEOUT ? 0 : ended;
      }
      case 'ntDelayExecution': {
        const ended = yield* this.#wait(thread, [], step);
        if (ended === TIMEOUT) note.open = true; // fact 57
        return ended === TIMEOUT ? 0 : ended;
      }
      case 'waitForSingleObject':
      case 'waitForSingleObjectEx':
        return yield* this.#waitFor(thread, [step.object], step);
      case 'waitForMultipleObjects':
      case 'waitForMultipleObjectsEx':
        return yield* this.#waitFor(thread, step.objects, step);
      case 'signalObjectAndWait': {
        const awaited = refer(this.#machine, thread, step.wait);
        if (typeof awaited === 'string') throw new Unpredictable('a bad handle to wait for, after a signal');
        if (signalOnce(this.#machine, thread, refer(this.#machine, thread, step.signal)) === 0) return FAILED;
        return yield* this.#wait(thread, [awaited], step);
      }
      case 'enterCriticalSection': {
        const section = this.#machine.objects.get(step.criticalSection);
        if (section === undefined) throw new Unpredictable(`there is no ${step.criticalSection}`);
        return yield* this.#wait(thread, [section], { milliseconds: 'INFINITE' });
      }
      case 'getQueuedCompletionStatus':
      case 'getQueuedCompletionStatusEx':
        return yield* this.#takePacket(thread, step);
      case 'ntTestAlert':
        yield* this.#drain(thread);
        return 0; // fact 118
      default:
        return yield* this.#life(a, step, note);
    }
  }

  *#life(a: Activation, step: CallStep, note: CallNote): Generator<void, number> {
    const machine = this.#machine;
    const { thread } = a;
    switch (step.do) {
      case 'createThread': {
        const created = machine.threads.find((one) => one.name === step.thread)!;
        machine.clocks.write(thread.index, `birth of ${created.name}`);
        if (created.life !== 'declared') {
          thread.lastError = 183;
          return 0;
        }
        machine.create(thread, created, this.#main(created), step.suspended === true);
        note.open = true; // the lab's own number for it
        return 1;
      }
      case 'suspendThread': {
        const target = refer(machine, thread, step.thread);
        if (typeof target === 'string' || target.type !== 'thread') {
          thread.lastError = 6;
          return FAILED;
        }
        if (target.thread.life === 'ended') {
          machine.touchThread(thread, target.thread);
          thread.lastError = 5; // fact 108
          return FAILED;
        }
        const before = machine.suspend(thread, target.thread);
        if (target.thread === thread) yield; // until it is resumed (fact 112)
        return before;
      }
      case 'terminateThread': {
        const target = refer(machine, thread, step.thread);
        if (typeof target === 'string' || target.type !== 'thread') {
          thread.lastError = 6;
          return 0;
        }
        if (target.thread.life === 'ended')
          throw new Unpredictable('what TerminateThread says of an ended thread is not stated');
        machine.terminate(thread, target.thread, numberOf(machine, a, step.exitCode ?? 0));
        if (target.thread === thread) throw new ThreadEnds(); // fact 116
        return 1;
      }
      case 'exitThread':
        thread.end = { reason: 'exitThread', code: numberOf(machine, a, step.exitCode ?? 0) };
        throw new ThreadEnds();
      default:
        throw new Unpredictable(`the model knows no ${step.do}`);
    }
  }

  /** A wait for handles. Parameter errors come first and leave APCs pending (fact 55). */
  *#waitFor(thread: ModelThread, handles: readonly Handle[], step: WaitStep): Generator<void, number> {
    const on = handles.map((handle) => refer(this.#machine, thread, handle));
    const twice = step.waitAll === true && new Set(on).size < on.length; // fact 56
    const bad = on.includes('nothing');
    if (twice && this.#machine.dialect.takesTwins) throw new Unpredictable('one handle twice');
    if (twice && bad) throw new Unpredictable('two errors in one call');
    if (on.length === 0 || on.length > 64 || twice || bad) {
      thread.lastError = bad ? 6 : 87;
      return FAILED;
    }
    const objects = on.map((one) => {
      if (typeof one === 'string') throw new Unpredictable('the process ends when nobody looks any more');
      return one;
    });
    return yield* this.#wait(thread, objects, step);
  }

  /** TRUE, or FALSE with an error that says what ended it (facts 76..78). */
  *#takePacket(thread: ModelThread, step: WaitStep & { port: Handle }): Generator<void, number> {
    const port = refer(this.#machine, thread, step.port);
    if (typeof port === 'string' || port.type !== 'port') return failed(thread, 6, 0);
    const atOnce = step.alertable === true && hasApc(thread);
    const ended = yield* this.#wait(thread, [port], step);
    if (ended !== USER_APC && ended !== TIMEOUT) return 1;
    if (!atOnce && thread.port?.of !== port) thread.port = { of: port, certain: false };
    return failed(thread, ended, 0);
  }

  /**
   * Each time the thread looks: the objects, then the APCs, then the time (facts 48, 53, 58); then it stands. Once an APC
   * ran, the wait ends by 0xC0 and takes nothing (facts 63, 68).
   */
  *#wait(thread: ModelThread, on: ModelObject[], step: WaitStep): Generator<void, number> {
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
    if (stood && step.do === 'signalObjectAndWait' && this.#machine.dialect.signalsTwice)
      throw new Unpredictable('an APC ends a SignalObjectAndWait that was blocked');
    yield* this.#drain(thread);
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
  *#drain(thread: ModelThread): Generator<void, void> {
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
  *#runSpecials(thread: ModelThread): Generator<void, void> {
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
    yield* this.#routine(newActivation(thread, apc.routine, apc.args));
    notes.ran(apc.queuedBy, thread.name);
  }
}

interface WaitStep {
  do?: CallStep['do'];
  milliseconds: number | string;
  alertable?: boolean;
  waitAll?: boolean;
}

const newActivation = (thread: ModelThread, routine: string, args: readonly number[]): Activation => ({
  thread,
  routine,
  args,
  result: 0,
  lastError: 0,
});
