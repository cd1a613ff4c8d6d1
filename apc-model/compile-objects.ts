import { ObjectType, type ObjectIndex, type ObjectTypeName } from './event.ts';
import type { ObjectEntry } from './program.ts';
import { jsonPath, type CallStep, type Scenario, type ScenarioObject } from './scenario.ts';
import { eachCall } from './scenario-steps.ts';

type Path = readonly PropertyKey[];

/** The most objects of a scenario: with the ends of its pipes, the handles that it opens and its I/O. */
export const MOST_OBJECTS = 1000;

/** A file's parameter where it holds nothing. */
const NO_TEXT = 0xffffffffn;
const MOST_COUNT = 0x7fffffff;

/** One object of the program. */
interface Planned {
  name: string;
  type: ObjectTypeName;
  /** Its own index is known to it: a pipe's end names the other. */
  parameters: readonly bigint[];
}

/**
 * Every object of a scenario with its index: those that it declares (a pipe is its two ends), then, in the order in which
 * they are read, those that exist only through steps: a place for each handle that a step opens, and the I/O of each
 * reading or writing step.
 */
export class ScenarioObjects {
  readonly #planned: Planned[] = [];
  /** Everything but I/O, whose names are of their own. */
  readonly #byName = new Map<string, ObjectIndex>();
  /** By the `as` of its step. */
  readonly #ioByName = new Map<string, ObjectIndex>();
  /** By the JSON path of its step. */
  readonly #ioByPath = new Map<string, ObjectIndex>();
  readonly #fail: (path: Path, problem: string) => void;
  /** Found once, when all objects are known: every step asks. */
  #handles: ReadonlyMap<string, ObjectIndex> | undefined;
  readonly #byType = new Map<string, ReadonlyMap<string, ObjectIndex>>();

  constructor(
    scenario: Scenario,
    text: (text: string) => number,
    fail: (path: Path, problem: string) => void,
    tooMany: (path: Path, problem: string) => void,
  ) {
    this.#fail = fail;
    const made = new Set<string>();
    const steps = stepLists(scenario);
    for (const [list, path] of steps)
      eachCall(list, path, (step) => void (step.do === 'createCompletionPort' && made.add(step.port)));
    for (const [name, object] of Object.entries(scenario.objects ?? {}))
      this.#declare(name, object, made, text);
    for (const [list, path] of steps) eachCall(list, path, (step, at) => this.#ofStep(step, at));
    if (this.#planned.length > MOST_OBJECTS) {
      tooMany(
        ['objects'],
        `found ${this.#planned.length} objects (with both ends of each pipe, opened handles and I/O steps); allowed: at most ${MOST_OBJECTS}`,
      );
    }
  }

  /** Names in index order. */
  get names(): string[] {
    return this.#planned.map(({ name }) => name);
  }
  get types(): ObjectTypeName[] {
    return this.#planned.map(({ type }) => type);
  }
  /** What an `io` parameter may name. */
  get io(): ReadonlyMap<string, ObjectIndex> {
    return this.#ioByName;
  }
  /** What a handle parameter may name. A critical section is no kernel object. */
  get handles(): ReadonlyMap<string, ObjectIndex> {
    return (this.#handles ??= this.#where((type) => type !== 'criticalSection'));
  }
  ofType(...types: readonly ObjectTypeName[]): ReadonlyMap<string, ObjectIndex> {
    const key = types.join();
    const known = this.#byType.get(key) ?? this.#where((type) => types.includes(type));
    this.#byType.set(key, known);
    return known;
  }
  typeOf(name: string): ObjectTypeName {
    return this.#planned[this.#byName.get(name) ?? -1]?.type ?? 'none';
  }
  /** The type of each object that has states to speak of, by name. */
  typesByName(): ReadonlyMap<string, ObjectTypeName> {
    return new Map([...this.#byName].map(([name, index]) => [name, this.#planned[index]!.type]));
  }
  /** The I/O of the step at a path. */
  ioAt(path: Path): ObjectIndex {
    return this.#ioByPath.get(jsonPath(path)) ?? 0;
  }

  #where(wanted: (type: ObjectTypeName) => boolean): ReadonlyMap<string, ObjectIndex> {
    return new Map([...this.#byName].filter(([, index]) => wanted(this.#planned[index]!.type)));
  }

  entries(text: (text: string) => number): ObjectEntry[] {
    return this.#planned.map(({ name, type, parameters }) => ({
      nameText: text(name),
      type: ObjectType[type],
      parameters,
    }));
  }

  #declare(
    name: string,
    object: ScenarioObject,
    made: ReadonlySet<string>,
    text: (text: string) => number,
  ): void {
    const path = ['objects', name];
    switch (object.type) {
      case 'event':
        return this.#named(name, 'event', [bit(object.manualReset), bit(object.signaled)], path);
      case 'semaphore': {
        const { count = 0, maximum = MOST_COUNT } = object;
        if (count > maximum)
          this.#fail([...path, 'count'], `found ${count}; allowed: at most the maximum ${maximum}`);
        return this.#named(name, 'semaphore', [BigInt(count), BigInt(maximum)], path);
      }
      case 'timer':
        return this.#named(name, 'timer', [bit(object.manualReset)], path);
      case 'file': {
        const { text: holds = '' } = object;
        return this.#named(name, 'file', [holds === '' ? NO_TEXT : BigInt(text(holds))], path);
      }
      case 'pipe': {
        const first = this.#planned.length;
        this.#named(`${name}.read`, 'pipeRead', [BigInt(first + 1)], path);
        return this.#named(`${name}.write`, 'pipeWrite', [BigInt(first)], path);
      }
      case 'port':
        return this.#named(name, 'port', [bit(made.has(name))], path);
      case 'criticalSection':
      case 'mutex':
      case 'reserve':
        return this.#named(name, object.type, [], path);
    }
  }

  #ofStep(step: CallStep, path: Path): void {
    switch (step.do) {
      case 'openHandle':
      case 'duplicateHandle':
        return this.#named(step.as, 'handle', [], [...path, 'as']);
      case 'readFileEx':
      case 'writeFileEx':
      case 'readDirectoryChanges': {
        const where = jsonPath(path);
        const index = this.#add(step.as ?? `${step.do} at ${where}`, 'io', []);
        this.#ioByPath.set(where, index);
        if (step.as !== undefined) this.#ioByName.set(step.as, index);
        return;
      }
      default:
        return;
    }
  }

  #named(name: string, type: ObjectTypeName, parameters: readonly bigint[], path: Path): void {
    const other = this.#planned[this.#byName.get(name) ?? -1];
    if (other === undefined) this.#byName.set(name, this.#add(name, type, parameters));
    // Of two steps of one name, the compiler tells.
    else if (other.type !== 'handle')
      this.#fail(path, `"${name}" already names ${A[other.type]}; choose another name`);
  }

  #add(name: string, type: ObjectTypeName, parameters: readonly bigint[]): ObjectIndex {
    return this.#planned.push({ name, type, parameters }) - 1;
  }
}

/** Every list of steps in a scenario, with its JSON path. */
export function stepLists({ routines = {}, controller = [] }: Scenario): [CallSteps, Path][] {
  return [
    ...Object.entries(routines).map(([name, steps]): [CallSteps, Path] => [steps, ['routines', name]]),
    [controller, ['controller']],
  ];
}
type CallSteps = Parameters<typeof eachCall>[0];

/** Each type as people say it. */
export const A: Readonly<Record<ObjectTypeName, string>> = {
  none: 'nothing',
  event: 'an event',
  semaphore: 'a semaphore',
  mutex: 'a mutex',
  timer: 'a timer',
  file: 'a file',
  pipeRead: 'the reading end of a pipe',
  pipeWrite: 'the writing end of a pipe',
  port: 'a completion port',
  reserve: 'a reserve object',
  criticalSection: 'a critical section',
  handle: 'a handle',
  io: 'an I/O operation',
};

const bit = (flag: boolean | undefined): bigint => (flag === true ? 1n : 0n);
