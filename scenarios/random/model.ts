import type { CallStep, Scenario, Step, When } from '../../apc-model/scenario.ts';
import { WINDOWS, type Dialect } from './dialect.ts';
import { FAILED, failed, numberOf, plainCall, refer, signalOnce } from './model-calls.ts';
import { Machine, oneAfterTheOther, type Choose } from './model-machine.ts';
import {
  newActivation,
  standingOf,
  type Activation,
  type ModelObject,
  type ModelThread,
  type Standing,
} from './model-state.ts';
import { TIMEOUT, Waits } from './model-waits.ts';
import type { CallNote, Notes } from './notes.ts';
import { CONTROLLER, Unpredictable, bodyOf } from './plan.ts';

/** A thread's own end, out of however many routines and waits it is in. */
class ThreadEnds extends Error {}

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
  readonly #waits: Waits;
  readonly #routines: Readonly<Record<string, readonly Step[]>>;

  constructor(
    scenario: Pick<Scenario, 'objects' | 'routines' | 'threads'>,
    dialect: Dialect = WINDOWS,
    choose: Choose = oneAfterTheOther,
  ) {
    this.#machine = new Machine(Object.keys(scenario.threads ?? {}), scenario.objects ?? {}, dialect, choose);
    this.#waits = new Waits(this.#machine, (a) => this.#routine(a));
    this.#routines = scenario.routines ?? {};
  }

  /** The controller makes a step. Throws Unpredictable where what comes of it is not certain. */
  act(step: CallStep): void {
    const machine = this.#machine;
    const { controller } = machine;
    machine.everythingStands();
    controller.activity = this.#call(newActivation(controller, CONTROLLER), step);
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
      yield* this.#waits.drain(thread);
      yield* this.#routine(newActivation(thread, bodyOf(thread.name)));
    } catch (error) {
      if (!(error instanceof ThreadEnds)) throw error;
    }
  }

  *#routine(a: Activation): Generator<void, void> {
    const steps = this.#routines[a.routine];
    if (steps === undefined) throw new Unpredictable(`there is no routine ${a.routine}`);
    yield* this.#steps(a, steps);
    yield* this.#waits.runSpecials(a.thread);
  }

  *#steps(a: Activation, steps: readonly Step[]): Generator<void, void> {
    for (const step of steps) {
      yield* this.#waits.runSpecials(a.thread);
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
    yield* this.#waits.runSpecials(thread);
    [a.result, a.lastError] = [note.open === true ? undefined : result, thread.lastError];
    this.#machine.notes.finish(note, result, thread.lastError);
  }

  *#made(a: Activation, step: CallStep, note: CallNote): Generator<void, number> {
    const plain = plainCall(this.#machine, a, step, note);
    if (plain !== undefined) return plain;
    const { thread } = a;
    switch (step.do) {
      case 'sleep':
      case 'sleepEx': {
        const ended = yield* this.#waits.forObjects(thread, [], step);
        return ended === TIMEOUT ? 0 : ended;
      }
      case 'ntDelayExecution': {
        const ended = yield* this.#waits.forObjects(thread, [], step);
        if (ended === TIMEOUT) note.open = true; // fact 57
        return ended === TIMEOUT ? 0 : ended;
      }
      case 'waitForSingleObject':
      case 'waitForSingleObjectEx':
        return yield* this.#waits.forHandles(thread, [step.object], step);
      case 'waitForMultipleObjects':
      case 'waitForMultipleObjectsEx':
        return yield* this.#waits.forHandles(thread, step.objects, step);
      case 'signalObjectAndWait': {
        const awaited = refer(this.#machine, thread, step.wait);
        if (typeof awaited === 'string') throw new Unpredictable('a bad handle to wait for, after a signal');
        if (signalOnce(this.#machine, thread, refer(this.#machine, thread, step.signal)) === 0) return FAILED;
        return yield* this.#waits.forObjects(thread, [awaited], step);
      }
      case 'enterCriticalSection': {
        const section = this.#machine.objects.get(step.criticalSection);
        if (section === undefined) throw new Unpredictable(`there is no ${step.criticalSection}`);
        return yield* this.#waits.forObjects(thread, [section], { milliseconds: 'INFINITE' });
      }
      case 'getQueuedCompletionStatus':
      case 'getQueuedCompletionStatusEx':
        return yield* this.#waits.forPacket(thread, step);
      case 'ntTestAlert':
        yield* this.#waits.drain(thread);
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
        if (created.life !== 'declared') return failed(thread, 183);
        machine.create(thread, created, this.#main(created), step.suspended === true);
        note.open = true; // the lab's own number for it
        return 1;
      }
      case 'suspendThread': {
        const target = refer(machine, thread, step.thread);
        if (typeof target === 'string' || target.type !== 'thread') return failed(thread, 6, FAILED);
        if (target.thread.life === 'ended') {
          machine.touchThread(thread, target.thread);
          return failed(thread, 5, FAILED); // fact 108
        }
        const before = machine.suspend(thread, target.thread);
        if (target.thread === thread) yield; // until it is resumed (fact 112)
        return before;
      }
      case 'terminateThread': {
        const target = refer(machine, thread, step.thread);
        if (typeof target === 'string' || target.type !== 'thread') return failed(thread, 6);
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
}
