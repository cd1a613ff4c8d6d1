import { callOperands, type OperandMaker } from './compile-calls.ts';
import { A, ScenarioObjects, stepLists } from './compile-objects.ts';
import { Call, PseudoHandle, type CallName, type ObjectTypeName, type SiteIndex } from './event.ts';
import { checkExpectations, type NamedStep } from './expectation-names.ts';
import { placeholders } from './log-text.ts';
import {
  Compare,
  Flow,
  LOCAL_COUNT,
  LOCAL_FIRST_FREE,
  Local,
  OWN_THREAD,
  ThreadFlag,
  encodeProgram,
  operand,
} from './program.ts';
import { ProgramBuilder } from './program-builder.ts';
import {
  ScenarioError,
  jsonPath,
  shownPath,
  type Access,
  type CallStep,
  type Handle,
  type Scenario,
  type Step,
  type Value,
  type When,
} from './scenario.ts';
import { MOST_PROBLEMS } from './scenario-errors.ts';
import { cut, listed, meant, quoted, unknownName } from './scenario-names.ts';
import { eachCall } from './scenario-steps.ts';
import { accessNames, accessOfName, numberNames, numberOfName } from './win32-names.ts';

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
  variableNames: string[];
  /** Those that are declared, then handles and I/O that steps make. */
  objectNames: string[];
  objectTypes: ObjectTypeName[];
}

/** Names that mean something else wherever a thread or a handle is named. */
export const TAKEN_NAMES: ReadonlySet<string> = new Set(['self', 'main', 'controller']);
const PSEUDO_HANDLES = Object.keys(PseudoHandle)
  .map((name) => `"${name}"`)
  .join(' | ');

type Path = readonly PropertyKey[];

/** The most threads of a scenario, with its controller: what a session takes. */
const MOST_THREADS = 4096;
const MOST_VARIABLES = 65_536;
/** The most routines, with the controller's, and the most values in the braces of one log line. */
const MOST_ROUTINES = 65_534;
const MOST_LOGGED = 256;

/** Compiles a scenario. Throws a ScenarioError that names every unknown or doubled name. */
export function compile(scenario: Scenario): CompiledScenario {
  return new Compiler(scenario).run();
}

class Compiler {
  readonly #scenario: Scenario;
  readonly #problems: string[] = [];
  readonly #builder = new ProgramBuilder();
  readonly #sites: Site[] = [];
  readonly #variables = new Map<string, number>();
  readonly #routines: Map<string, number>;
  readonly #threads: Map<string, number>;
  readonly #objects: ScenarioObjects;
  /** The step of each `as`. */
  readonly #named = new Map<string, NamedStep>();
  #routine = '';
  #loops = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#routines = indexed(Object.keys(scenario.routines ?? {}));
    this.#threads = indexed(Object.keys(scenario.threads ?? {}));
    this.#objects = new ScenarioObjects(
      scenario,
      (text) => this.#builder.text(text),
      (path, problem) => this.#fail(path, problem),
      (path, problem) => this.#tooMany(path, problem),
    );
  }

  run(): CompiledScenario {
    const { routines = {}, threads = {}, controller } = this.#scenario;
    const { program } = this.#builder;
    // Variables come into being where they are set: find them first, so that any routine may read them.
    for (const [steps, path] of stepLists(this.#scenario))
      eachCall(steps, path, (step, at) => this.#declareVariable(step, at));
    this.#checkNames();
    for (const [name, steps] of Object.entries(routines))
      this.#compileRoutine(name, steps, ['routines', name]);
    for (const [name, thread] of Object.entries(threads)) {
      program.threads.push({
        nameText: this.#builder.text(name),
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
      program.threads.push({
        nameText: this.#builder.text('controller'),
        routine: program.routines.length - 1,
        flags: ThreadFlag.controller | ThreadFlag.starts,
      });
    }
    program.variables = this.#variables.size;
    program.objects = this.#objects.entries((text) => this.#builder.text(text));
    this.#problems.push(...checkExpectations(this.#scenario, this.#named, this.#objects.typesByName()));
    if (this.#problems.length > 0) throw new ScenarioError(this.#problems);
    return {
      scenario: this.#scenario,
      program: encodeProgram(program),
      sites: this.#sites,
      routineNames: [...this.#routines.keys()],
      threadNames: [...this.#threads.keys()],
      variableNames: [...this.#variables.keys()],
      objectNames: this.#objects.names,
      objectTypes: this.#objects.types,
    };
  }

  /** A name that is asked for as a handle must mean one thing, and there must be room for all. */
  #checkNames(): void {
    const controllers = this.#scenario.controller === undefined ? 0 : 1;
    this.#atMost(MOST_THREADS, this.#threads.size + controllers, 'threads');
    this.#atMost(MOST_ROUTINES, this.#routines.size + controllers, 'routines');
    if (this.#routines.has('controller'))
      this.#fail(['routines', 'controller'], '"controller" is taken by the lab; choose another name');
    for (const name of this.#threads.keys()) {
      if (TAKEN_NAMES.has(name))
        this.#fail(['threads', name], `"${name}" is taken by the lab; choose another name`);
    }
    for (const name of Object.keys(this.#scenario.objects ?? {})) {
      if (TAKEN_NAMES.has(name))
        this.#fail(['objects', name], `"${name}" is taken by the lab; choose another name`);
    }
    for (const name of this.#objects.handles.keys()) {
      if (this.#threads.has(name))
        this.#fail(
          ['threads', name],
          `"${name}" already names ${A[this.#objects.typeOf(name)]}; choose another name`,
        );
    }
  }

  #atMost(most: number, found: number, what: 'threads' | 'routines'): void {
    if (found > most)
      this.#tooMany([what], `found ${found} ${what} (with the controller); allowed: at most ${most}`);
  }

  /** Whoever reads that need not know what else is wrong, and finding it would take its time. */
  #tooMany(path: Path, problem: string): never {
    throw new ScenarioError([`${shownPath(path)}: ${problem}`]);
  }

  #declareVariable(step: CallStep, path: Path): void {
    if (step.do !== 'set' && step.do !== 'add' && step.do !== 'waitOnAddress') return;
    const { variable } = step;
    if (this.#variables.has(variable)) return;
    this.#variables.set(variable, this.#variables.size);
    if (this.#variables.size > MOST_VARIABLES)
      this.#tooMany(
        [...path, 'variable'],
        `is one more variable than the ${MOST_VARIABLES} that are allowed`,
      );
    const taken = takenBy(variable);
    if (taken !== undefined)
      this.#fail([...path, 'variable'], `"${variable}" is ${taken}; choose another name for the variable`);
  }

  #compileRoutine(name: string, steps: readonly Step[], path: Path): void {
    const first = this.#builder.here;
    this.#routine = name;
    this.#loops = 0;
    this.#steps(steps, path);
    this.#builder.emit({ op: Flow.end, flags: 0, site: 0, operands: [] });
    this.#builder.program.routines.push({
      first,
      count: this.#builder.here - first,
      nameText: this.#builder.text(name),
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
        if (step.else === undefined) return this.#builder.land(toElse);
        const toEnd = this.#builder.jump();
        this.#builder.land(toElse);
        this.#steps(step.else, [...path, 'else']);
        return this.#builder.land(toEnd);
      }
      case 'while': {
        const start = this.#builder.here;
        const toEnd = this.#jumpUnless(step.when, [...path, 'when']);
        this.#steps(step.steps, [...path, 'steps']);
        this.#builder.jump(start);
        return this.#builder.land(toEnd);
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
    this.#builder.flow(Flow.setLocal, [counter, this.#value(count, [...path, 'count'])]);
    const start = this.#builder.here;
    const toEnd = this.#builder.flow(Flow.jumpUnless, [counter, this.#builder.constant(0n)], Compare['>']);
    this.#steps(steps, [...path, 'steps']);
    this.#builder.flow(Flow.addLocal, [counter, this.#builder.constant(-1n)]);
    this.#builder.jump(start);
    this.#builder.land(toEnd);
    this.#loops--;
  }

  #call(step: CallStep, path: Path): void {
    const site = this.#site(step, path);
    const { operands, flags } = callOperands(step, this.#operandsAt(path));
    this.#builder.emit({ op: Call[step.do], flags, site, operands });
  }

  /** The operands of the step at a path. */
  #operandsAt(path: Path): OperandMaker {
    const handle = (at: Path, given: Handle): number => this.#handle(given, at);
    return {
      value: (field, given) => this.#value(given ?? 0, [...path, field]),
      constant: (value) => this.#builder.constant(BigInt(value)),
      values: (field, given) => given.map((one, index) => this.#value(one, [...path, field, index])),
      thread: (field, name) => this.#thread(name, [...path, field]),
      handle: (field, given) => handle([...path, field], given),
      handles: (field, given) =>
        this.#builder.list(given.map((one, index) => handle([...path, field, index], one))),
      object: (field, name, types) =>
        operand('object', this.#known(name, this.#objects.ofType(...types), [...path, field])),
      place: (name) => operand('object', this.#objects.handles.get(name) ?? 0),
      io: (field, name) =>
        operand(
          'object',
          this.#known(name, this.#objects.io, [...path, field], '(no step that reads or writes has an "as")'),
        ),
      ownIo: () => operand('object', this.#objects.ioAt(path)),
      routine: (field, name) => operand('routine', this.#routineIndex(name, [...path, field])),
      variable: (name) => operand('variable', this.#variables.get(name)!),
      access: (field, given) => this.#access(given, [...path, field]),
      text: (text) => operand('text', this.#builder.text(text)),
      log: (field, text) => this.#logOperands(text, [...path, field]),
      oneOf: (fields) => this.#oneOf(fields, path),
    };
  }

  /** An object, a thread or a pseudo handle. What a call makes of one that it can't use is for the run to show. */
  #handle(given: Handle, path: Path): number {
    if (typeof given !== 'string') return operand('handle', PseudoHandle[given.handle]);
    if (given === 'self') return operand('thread', OWN_THREAD);
    const object = this.#objects.handles.get(given);
    if (object !== undefined) return operand('object', object);
    const thread = this.#threads.get(given);
    if (thread !== undefined) return operand('thread', thread);
    const known = ['self', ...this.#threads.keys(), ...this.#objects.handles.keys()];
    this.#fail(path, `${unknownName(given, known)}, or {"handle": ${PSEUDO_HANDLES}}`);
    return operand('handle', PseudoHandle.null);
  }

  #known(name: string, of: ReadonlyMap<string, number>, path: Path, none?: string): number {
    const index = of.get(name);
    if (index === undefined) this.#fail(path, unknownName(name, [...of.keys()], none));
    return index ?? 0;
  }

  #access(given: Access, path: Path): number {
    if (typeof given === 'number') return this.#builder.constant(BigInt(given));
    const names = typeof given === 'string' ? [given] : given;
    let bits = 0n;
    names.forEach((name, index) => {
      const right = accessOfName(name);
      if (right !== undefined) bits |= BigInt(right);
      else
        this.#fail(
          typeof given === 'string' ? path : [...path, index],
          unknownName(name, ['a number', ...accessNames()]),
        );
    });
    return this.#builder.constant(bits);
  }

  #oneOf(fields: readonly [string, unknown][], path: Path): void {
    const given = fields.filter(([, value]) => value !== undefined).map(([name]) => name);
    if (given.length === 1) return;
    const found = given.length === 0 ? 'neither' : given.join(' and ');
    this.#fail(path, `found ${found}; allowed: either ${fields.map(([name]) => name).join(' or ')}`);
  }

  #logOperands(text: string, path: Path): number[] {
    let names: string[] = [];
    try {
      names = placeholders(text);
    } catch (error) {
      this.#fail(path, `${quoted(text)} has ${(error as Error).message}`);
    }
    if (names.length > MOST_LOGGED)
      this.#fail(path, `found ${names.length} values in braces; allowed: at most ${MOST_LOGGED}`);
    const template = operand('text', this.#builder.text(text));
    if (names.length === 0) return [template];
    return [template, this.#builder.list(names.map((name) => this.#logged(name, path)))];
  }
  #logged(name: string, path: Path): number {
    const isKnown =
      Object.hasOwn(Local, name) || this.#variables.has(name) || numberOfName(name) !== undefined;
    if (isKnown) return this.#value(name, path);
    const variables = [...Object.keys(Local), ...this.#variables.keys()];
    this.#fail(
      path,
      `found {${cut(name, 64)}}; ${meant(name, variables)}allowed in braces: ${listed(variables)}; {{ and }} for plain braces`,
    );
    return this.#builder.constant(0n);
  }

  #site(step: CallStep, path: Path): SiteIndex {
    if (step.as !== undefined) {
      const other = this.#named.get(step.as);
      if (other !== undefined)
        this.#fail(
          [...path, 'as'],
          `"${step.as}" already names ${shownPath(other.path)}; choose another name`,
        );
      this.#named.set(step.as, { step, path });
    }
    const where = jsonPath(path);
    return this.#sites.push({ as: step.as, routine: this.#routine, path: where, call: step.do }) - 1;
  }

  #value(given: Value, path: Path): number {
    if (typeof given === 'number') return this.#builder.constant(BigInt(given));
    if (Object.hasOwn(Local, given)) return operand('local', Local[given as keyof typeof Local]);
    const variable = this.#variables.get(given);
    if (variable !== undefined) return operand('variable', variable);
    const number = numberOfName(given);
    if (number !== undefined) return this.#builder.constant(BigInt(number));
    const near = meant(given, [...Object.keys(Local), ...this.#variables.keys(), ...numberNames()]);
    this.#fail(
      path,
      `found "${given}"; ${near}allowed: a whole number, a Win32 name, ${Object.keys(Local).join(', ')}, or a variable that a "set" or "add" step changes`,
    );
    return this.#builder.constant(0n);
  }

  #thread(name: string, path: Path): number {
    if (name === 'self') return operand('thread', OWN_THREAD);
    const index = this.#threads.get(name);
    if (index === undefined) this.#fail(path, unknownName(name, ['self', ...this.#threads.keys()]));
    return operand('thread', index ?? 0);
  }

  #routineIndex(name: string, path: Path): number {
    const index = this.#routines.get(name);
    if (index === undefined)
      this.#fail(path, unknownName(name, [...this.#routines.keys()], '(the scenario has no routines)'));
    return index ?? 0;
  }

  #jumpUnless([left, comparison, right]: When, path: Path): number {
    return this.#builder.flow(
      Flow.jumpUnless,
      [this.#value(left, [...path, 0]), this.#value(right, [...path, 2])],
      Compare[comparison],
    );
  }

  #fail(path: Path, problem: string): void {
    this.#problems.push(`${shownPath(path)}: ${problem}`);
    if (this.#problems.length > MOST_PROBLEMS + 1) throw new ScenarioError(this.#problems);
  }
}

/** What a variable of this name would hide or be hidden by. */
function takenBy(variable: string): string | undefined {
  if (Object.hasOwn(Local, variable)) return 'set by the lab for each step';
  if (TAKEN_NAMES.has(variable)) return 'taken by the lab';
  return numberOfName(variable) === undefined ? undefined : 'a Win32 name';
}

const indexed = (names: readonly string[]): Map<string, number> =>
  new Map(names.map((name, index) => [name, index]));
