import { Call, ThreadState, type CallName, type SiteIndex } from './event.ts';
import { checkExpectations } from './expectation-names.ts';
import { placeholders } from './log-text.ts';
import {
  Compare,
  Flow,
  LOCAL_COUNT,
  LOCAL_FIRST_FREE,
  Local,
  OWN_THREAD,
  StepFlag,
  ThreadFlag,
  encodeProgram,
  operand,
  type Instruction,
  type Program,
} from './program.ts';
import { ScenarioError, jsonPath, type Scenario, type Step, type Value, type When } from './scenario.ts';
import { numberOfName } from './win32-names.ts';

/** One step of a scenario, as events name it by its index. */
export interface Site {
  as: string | undefined;
  /** The routine it stands in; `controller` for the controller's. */
  routine: string;
  /** JSON path in the scenario. */
  path: string;
  call: CallName;
}

export interface CompiledScenario {
  scenario: Scenario;
  program: Uint8Array;
  sites: Site[];
  /** Names in index order. */
  routineNames: string[];
  threadNames: string[];
}

const AWAITED = {
  blocked: ThreadState.blocked,
  alertable: ThreadState.alertable,
  suspended: ThreadState.suspended,
  ended: ThreadState.ended,
} as const;

type Path = readonly PropertyKey[];

/** Compiles a scenario. Throws a ScenarioError that names every unknown or doubled name. */
export function compile(scenario: Scenario): CompiledScenario {
  return new Compiler(scenario).run();
}

class Compiler {
  readonly #scenario: Scenario;
  readonly #problems: string[] = [];
  readonly #program: Program = {
    constants: [],
    instructions: [],
    operands: [],
    routines: [],
    threads: [],
    texts: [],
    variables: 0,
  };
  readonly #sites: Site[] = [];
  readonly #constants = new Map<bigint, number>();
  readonly #texts = new Map<string, number>();
  readonly #variables = new Map<string, number>();
  readonly #routines: Map<string, number>;
  readonly #threads: Map<string, number>;
  readonly #named = new Map<string, string>();
  #routine = '';
  #loops = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#routines = indexed(Object.keys(scenario.routines ?? {}));
    this.#threads = indexed(Object.keys(scenario.threads ?? {}));
  }

  run(): CompiledScenario {
    const { routines = {}, threads = {}, controller } = this.#scenario;
    // Variables come into being where they are set: find them first, so that any routine may read them.
    for (const steps of [...Object.values(routines), controller ?? []]) this.#declareVariables(steps);
    for (const [name, steps] of Object.entries(routines))
      this.#compileRoutine(name, steps, ['routines', name]);
    for (const [name, thread] of Object.entries(threads)) {
      if (name === 'self' || name === 'main' || name === 'controller') {
        this.#fail(['threads', name], `"${name}" is taken by the lab; choose another name`);
      }
      this.#program.threads.push({
        nameText: this.#text(name),
        routine:
          thread.routine === undefined
            ? 0xffffffff
            : this.#routineIndex(thread.routine, ['threads', name, 'routine']),
        flags:
          (thread.start === false ? 0 : ThreadFlag.starts) |
          (thread.suspended === true ? ThreadFlag.suspended : 0),
      });
    }
    if (controller !== undefined) {
      this.#compileRoutine('controller', controller, ['controller']);
      this.#program.threads.push({
        nameText: this.#text('controller'),
        routine: this.#program.routines.length - 1,
        flags: ThreadFlag.controller | ThreadFlag.starts,
      });
    }
    this.#program.variables = this.#variables.size;
    this.#problems.push(...checkExpectations(this.#scenario, new Set(this.#named.keys())));
    if (this.#problems.length > 0) throw new ScenarioError(this.#problems);
    return {
      scenario: this.#scenario,
      program: encodeProgram(this.#program),
      sites: this.#sites,
      routineNames: [...this.#routines.keys()],
      threadNames: [...this.#threads.keys()],
    };
  }

  #declareVariables(steps: readonly Step[]): void {
    for (const step of steps) {
      if (step.do === 'set' || step.do === 'add') {
        if (!this.#variables.has(step.variable)) this.#variables.set(step.variable, this.#variables.size);
      } else if (step.do === 'if') {
        this.#declareVariables(step.then);
        this.#declareVariables(step.else ?? []);
      } else if (step.do === 'while' || step.do === 'repeat') {
        this.#declareVariables(step.steps);
      }
    }
  }

  #compileRoutine(name: string, steps: readonly Step[], path: Path): void {
    const first = this.#program.instructions.length;
    this.#routine = name;
    this.#loops = 0;
    this.#steps(steps, path);
    this.#emit({ op: Flow.end, flags: 0, site: 0, operands: [] });
    this.#program.routines.push({
      first,
      count: this.#program.instructions.length - first,
      nameText: this.#text(name),
    });
  }

  #steps(steps: readonly Step[], path: Path): void {
    steps.forEach((step, index) => this.#step(step, [...path, index]));
  }

  #step(step: Step, path: Path): void {
    switch (step.do) {
      case 'if': {
        const toElse = this.#jumpUnless(step.when, [...path, 'when']);
        this.#steps(step.then, [...path, 'then']);
        if (step.else === undefined) return this.#land(toElse);
        const toEnd = this.#jump();
        this.#land(toElse);
        this.#steps(step.else, [...path, 'else']);
        return this.#land(toEnd);
      }
      case 'while': {
        const start = this.#program.instructions.length;
        const toEnd = this.#jumpUnless(step.when, [...path, 'when']);
        this.#steps(step.steps, [...path, 'steps']);
        this.#jump(start);
        return this.#land(toEnd);
      }
      case 'repeat':
        return this.#repeat(step.count, step.steps, path);
      default:
        return this.#call(step, path);
    }
  }

  #repeat(count: Value, steps: readonly Step[], path: Path): void {
    const slot = LOCAL_FIRST_FREE + this.#loops;
    if (slot >= LOCAL_COUNT) {
      return this.#fail(
        path,
        `more than ${LOCAL_COUNT - LOCAL_FIRST_FREE} loops inside each other; move some into an APC routine`,
      );
    }
    this.#loops++;
    const counter = operand('local', slot);
    this.#flow(Flow.setLocal, [counter, this.#value(count, [...path, 'count'])]);
    const start = this.#program.instructions.length;
    const toEnd = this.#flow(Flow.jumpUnless, [counter, this.#constant(0n)], Compare['>']);
    this.#steps(steps, [...path, 'steps']);
    this.#flow(Flow.addLocal, [counter, this.#constant(-1n)]);
    this.#jump(start);
    this.#land(toEnd);
    this.#loops--;
  }

  #call(step: Exclude<Step, { do: 'if' | 'while' | 'repeat' }>, path: Path): void {
    const site = this.#site(step, path);
    const value = (field: string, given: Value | undefined): number =>
      this.#value(given ?? 0, [...path, field]);
    const thread = (name: string): number => this.#thread(name, [...path, 'thread']);
    const emit = (operands: number[], flags = 0): void => {
      this.#emit({ op: Call[step.do], flags, site, operands });
    };
    switch (step.do) {
      case 'sleep':
        return emit([value('milliseconds', step.milliseconds)]);
      case 'sleepEx':
        return emit([value('milliseconds', step.milliseconds)], step.alertable ? StepFlag.alertable : 0);
      case 'queueUserApc':
        return emit([
          thread(step.thread),
          operand('routine', this.#routineIndex(step.routine, [...path, 'routine'])),
          value('data', step.data),
        ]);
      case 'createThread':
        return emit(
          step.routine === undefined
            ? [thread(step.thread)]
            : [
                thread(step.thread),
                operand('routine', this.#routineIndex(step.routine, [...path, 'routine'])),
              ],
          step.suspended === true ? StepFlag.suspended : 0,
        );
      case 'suspendThread':
      case 'resumeThread':
        return emit([thread(step.thread)]);
      case 'terminateThread':
        return emit([thread(step.thread), value('exitCode', step.exitCode)]);
      case 'exitThread':
        return emit([value('exitCode', step.exitCode)]);
      case 'log':
        return emit(this.#logOperands(step.text, [...path, 'text']));
      case 'compute':
        return emit([value('microseconds', step.microseconds)]);
      case 'awaitState':
        return emit([thread(step.thread), this.#constant(BigInt(AWAITED[step.state]))]);
      case 'set':
      case 'add':
        return emit([operand('variable', this.#variables.get(step.variable)!), value('value', step.value)]);
      case 'setLastError':
        return emit([value('value', step.value)]);
      case 'getLastError':
        return emit([]);
    }
  }

  #logOperands(text: string, path: Path): number[] {
    let names: string[] = [];
    try {
      names = placeholders(text);
    } catch (error) {
      this.#fail(path, `${JSON.stringify(text)} has ${(error as Error).message}`);
    }
    const template = operand('text', this.#text(text));
    if (names.length === 0) return [template];
    const values = names.map((name) => this.#value(name, path));
    const list = this.#program.operands.length;
    this.#program.operands.push(values.length, ...values);
    return [template, operand('list', list)];
  }

  #site(step: Extract<Step, { as?: string | undefined }>, path: Path): SiteIndex {
    const where = jsonPath(path);
    if (step.as !== undefined) {
      const other = this.#named.get(step.as);
      if (other !== undefined)
        this.#fail([...path, 'as'], `"${step.as}" already names ${other}; choose another name`);
      this.#named.set(step.as, where);
    }
    return this.#sites.push({ as: step.as, routine: this.#routine, path: where, call: step.do }) - 1;
  }

  #value(given: Value, path: Path): number {
    if (typeof given === 'number') return this.#constant(BigInt(given));
    if (Object.hasOwn(Local, given)) return operand('local', Local[given as keyof typeof Local]);
    const variable = this.#variables.get(given);
    if (variable !== undefined) return operand('variable', variable);
    const number = numberOfName(given);
    if (number !== undefined) return this.#constant(BigInt(number));
    this.#fail(
      path,
      `found "${given}"; allowed: a whole number, a Win32 name, ${Object.keys(Local).join(', ')}, or a variable that a "set" step sets`,
    );
    return this.#constant(0n);
  }

  #constant(value: bigint): number {
    let index = this.#constants.get(value);
    if (index === undefined) {
      index = this.#program.constants.push(value) - 1;
      this.#constants.set(value, index);
    }
    return operand('constant', index);
  }

  #text(text: string): number {
    let index = this.#texts.get(text);
    if (index === undefined) {
      index = this.#program.texts.push(text) - 1;
      this.#texts.set(text, index);
    }
    return index;
  }

  #thread(name: string, path: Path): number {
    if (name === 'self') return operand('thread', OWN_THREAD);
    const index = this.#threads.get(name);
    if (index === undefined)
      this.#fail(path, `found "${name}"; allowed: ${['self', ...this.#threads.keys()].join(', ')}`);
    return operand('thread', index ?? 0);
  }

  #routineIndex(name: string, path: Path): number {
    const index = this.#routines.get(name);
    if (index === undefined) {
      const known = [...this.#routines.keys()].join(', ') || '(the scenario has no routines)';
      this.#fail(path, `found "${name}"; allowed: ${known}`);
    }
    return index ?? 0;
  }

  #jumpUnless([left, comparison, right]: When, path: Path): number {
    return this.#flow(
      Flow.jumpUnless,
      [this.#value(left, [...path, 0]), this.#value(right, [...path, 2])],
      Compare[comparison],
    );
  }

  #jump(target?: number): number {
    return this.#flow(Flow.jump, target === undefined ? [] : [operand('target', target)]);
  }

  /** Lets a jump made earlier go to the next instruction. */
  #land(jump: number): void {
    this.#program.instructions[jump]!.operands.push(operand('target', this.#program.instructions.length));
  }

  #flow(op: number, operands: number[], flags = 0): number {
    return this.#emit({ op, flags, site: 0, operands });
  }

  #emit(instruction: Instruction): number {
    return this.#program.instructions.push(instruction) - 1;
  }

  #fail(path: Path, problem: string): void {
    this.#problems.push(`${jsonPath(path)}: ${problem}`);
  }
}

const indexed = (names: readonly string[]): Map<string, number> =>
  new Map(names.map((name, index) => [name, index]));
