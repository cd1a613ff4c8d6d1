import {
  SCENARIO_VERSION,
  type CallStep,
  type Expectation,
  type Scenario,
  type Step,
} from '../../apc-model/scenario.ts';
import { expectationsOf, type Barrier } from './expectations.ts';
import { Model, type Stand } from './model.ts';
import type { Choose } from './model-machine.ts';
import { Unpredictable, bodyOf, threadOfRoutine, type Plan } from './plan.ts';

/** How many may-stop steps a thread has come to: what it has moved on to can be told from where it stood before. */
const counterOf = (thread: string): string => `at_${thread}`;

/** A thread's exit code when its plan left it standing. */
const LEFT_STANDING = 90;

/**
 * Makes a scenario of a plan: names every call, lets every thread count the steps at which it may stop, runs the model, and
 * after each action lets the controller wait until each thread that moved stands where the model says. A thread that
 * is left over in the end is terminated. Throws Unpredictable where what comes of it is not certain.
 */
export function compose(plan: Plan, choose?: Choose): Scenario {
  const stage = new Stage(plan, choose);
  for (const action of plan.actions) stage.act(action);
  stage.endAll();
  return stage.finish();
}

/** A scenario in the making: the model goes along, so that the next action can be chosen by how everything stands. */
export class Stage {
  readonly model: Model;
  readonly #plan: Plan;
  readonly #routines: Record<string, Step[]>;
  readonly #threads: Record<string, { routine: string; start: false }>;
  readonly #controller: Step[] = [];
  readonly #barriers = new Map<string, Barrier[]>();
  #actions = 0;
  #settles = 0;

  constructor(plan: Plan, choose?: Choose) {
    this.#plan = plan;
    this.#routines = Object.fromEntries(
      Object.entries(plan.routines).map(([name, steps]) => [name, named(steps, name)]),
    );
    this.#threads = Object.fromEntries(
      plan.threads.map((name) => [name, { routine: bodyOf(name), start: false as const }]),
    );
    this.model = new Model(
      { objects: plan.objects, routines: this.#routines, threads: this.#threads },
      plan.dialect,
      choose,
    );
    for (const thread of plan.threads) this.#barriers.set(thread, []);
  }

  /** The controller acts; then each thread that moved comes to a stand. */
  act(action: CallStep): void {
    const before = new Map(this.#stood().map((one) => [one.name, one]));
    const step: CallStep = { ...action, as: `${this.#plan.prefix}c${++this.#actions}.${action.do}` };
    this.model.act(step);
    this.#controller.push(step);
    const moves = this.#stood()
      .filter(({ stirred }) => stirred)
      .map((now) => ({ now, before: before.get(now.name)! }));
    for (const move of moves.filter((one) => !isUnseen(one))) this.#settle(move);
    for (const move of moves.filter(isUnseen)) this.#settle(move);
  }

  /** In an order that lets nobody fight for what the others leave: who owns least goes first. */
  endAll(): void {
    for (let left = this.#alive(); left.length > 0; left = this.#alive()) {
      const next = left.reduce((least, one) => (this.#owned(one) < this.#owned(least) ? one : least));
      this.act({ do: 'terminateThread', thread: next, exitCode: LEFT_STANDING });
    }
  }

  finish(): Scenario {
    const { objects, pace, seed, threads } = this.#plan;
    this.model.end();
    const expect: Expectation[] = expectationsOf(this.model, this.#barriers);
    return {
      alertable: SCENARIO_VERSION,
      title: `Random scenario ${seed}`,
      about: `${threads.length} threads and ${this.#actions} actions; pace: ${pace}.`,
      objects,
      routines: this.#routines,
      threads: this.#threads,
      controller: this.#controller,
      expect,
    };
  }

  #alive(): string[] {
    return this.model.threads.filter((one) => one.index > 0 && one.life === 'alive').map((one) => one.name);
  }

  #owned(thread: string): number {
    return [...this.model.objects.values()].filter((one) => 'owner' in one && one.owner?.name === thread)
      .length;
  }

  #stood(): Stood[] {
    return this.model.stands().map((one) => ({ ...one, counter: this.model.variable(counterOf(one.name)) }));
  }

  /**
   * Waits until a thread stands where the model says. That it has come to its last may-stop step is told by its counter,
   * which no earlier stand has; that it stands there, by its state.
   */
  #settle({ now, before }: Move): void {
    const { name, standing } = now;
    if (standing === 'declared') throw new Unpredictable(`${name} moved before it was created`);
    if (standing !== 'ended')
      this.#controller.push(...this.#pace(counterOf(name), before.counter, now.counter));
    const as = `${this.#plan.prefix}s${++this.#settles}`;
    this.#controller.push({ do: 'awaitState', thread: name, state: standing, as });
    this.#barriers.get(name)!.push({ at: this.model.notes.momentsOf(name), as });
  }

  #pace(counter: string, before: number, now: number): Step[] {
    if (now === before) return [];
    if (this.#plan.pace === 'sleep')
      return [{ do: 'while', when: [counter, '<', now], steps: [{ do: 'sleep', milliseconds: 1 }] }];
    return Array.from({ length: now - before }, (_, at) => ({
      do: 'waitOnAddress' as const,
      variable: counter,
      compare: before + at,
      milliseconds: 'INFINITE',
    }));
  }
}

interface Stood extends Stand {
  counter: number;
}

interface Move {
  now: Stood;
  before: Stood;
}

/** It stands as it stood: only when all others have come to a stand does nobody stir it any more. */
const isUnseen = ({ now, before }: Move): boolean =>
  now.counter === before.counter && now.standing === before.standing;

/**
 * Several scenarios as one, one after the other in one session: for an engine whose start costs more than a scenario.
 * Their names must differ (Plan.prefix).
 */
export function joined(scenarios: readonly Scenario[], title: string): Scenario {
  const all = <One>(part: (scenario: Scenario) => Record<string, One> | undefined): Record<string, One> =>
    Object.assign({}, ...scenarios.map((one) => part(one) ?? {})) as Record<string, One>;
  return {
    alertable: SCENARIO_VERSION,
    title,
    objects: all((one) => one.objects),
    routines: all((one) => one.routines),
    threads: all((one) => one.threads),
    controller: scenarios.flatMap(({ controller = [] }): Step[] => [
      { do: 'setLastError', value: 0 },
      ...controller,
    ]),
    expect: scenarios.flatMap(({ expect = [] }) => expect),
  };
}

/** The same steps, each call with a name of its own, and each step at which the thread may stop counted. */
function named(steps: readonly Step[], routine: string): Step[] {
  let calls = 0;
  const counter = counterOf(threadOfRoutine(routine));
  const all = (list: readonly Step[]): Step[] => list.flatMap(one);
  const one = (step: Step): Step[] => {
    switch (step.do) {
      case 'if':
        return [
          { ...step, then: all(step.then), ...(step.else === undefined ? {} : { else: all(step.else) }) },
        ];
      case 'while':
      case 'repeat':
        return [{ ...step, steps: all(step.steps) }];
      case 'log':
      case 'set':
      case 'add':
        return [step];
      default: {
        const call: CallStep = { ...step, as: `${routine}.${++calls}.${step.do}` };
        return mayStop(call) ? [{ do: 'add', variable: counter, value: 1 }, call] : [call];
      }
    }
  };
  return all(steps);
}

const mayStop = (step: CallStep): boolean =>
  ('milliseconds' in step && step.milliseconds !== 0) ||
  step.do === 'enterCriticalSection' ||
  step.do === 'suspendThread';
