import { callOperands, type OperandMaker } from './compile-calls.ts';
import { A } from './compile-objects.ts';
import { TAKEN_NAMES } from './compile.ts';
import { Call, PseudoHandle, SITE_NONE, type ObjectTypeName, type ThreadIndex } from './event.ts';
import { HandFault, type HandObject, type HandStep } from './hand-step.ts';
import { placeholders } from './log-text.ts';
import {
  Local,
  OWN_THREAD,
  OperandClass,
  operand,
  operandClass,
  operandValue,
  type Instruction,
} from './program.ts';
import { ProgramBuilder } from './program-builder.ts';
import type { Access, Handle, Value } from './scenario.ts';
import { accessNames, accessOfName, numberOfName } from './win32-names.ts';

/** What a step by hand may name: everything that the session has. */
export interface HandNames {
  threads: ReadonlyMap<string, ThreadIndex>;
  /** In index order, as those that follow. */
  routines: readonly string[];
  variables: readonly string[];
  objects: readonly { name: string; type: ObjectTypeName }[];
}

/** One object as apc_create_object takes it. */
export interface HandObjectEntry {
  name: string;
  type: ObjectTypeName;
  parameters: readonly bigint[];
  /** What a file holds: apc_define_text keeps it, and its index is the first parameter. */
  text?: string;
}

export interface CompiledHandStep {
  /** Its text operands index `texts`: `withTexts` gives them the session's indices. */
  instruction: Instruction;
  /** At most six. */
  constants: readonly bigint[];
  /** Lists: a count, then that many operands. */
  operands: readonly number[];
  /** At most one: what is logged or written. */
  texts: readonly string[];
  /** An object that must be made before, as the session's next: the I/O that the step begins, the place for its handle. */
  makes: HandObjectEntry | undefined;
}

/** apc_step's limits. */
const MOST_OPERANDS = 257;
const MOST_CONSTANTS = 6;
const MOST_COUNT = 0x7fffffff;
const NO_TEXT = 0xffffffffn;
/** As a port's parameter: it does not exist before a createCompletionPort step ran. */
const MADE_BY_STEP = 1n;

/** Makes the instruction of a step by hand. Throws a HandFault that names the parameter and what to do. */
export function compileHandStep(step: HandStep, names: HandNames): CompiledHandStep {
  return new HandCompiler(step, names).run();
}

class HandCompiler {
  readonly #step: HandStep;
  readonly #names: HandNames;
  readonly #builder = new ProgramBuilder();
  #makes: HandObjectEntry | undefined;

  constructor(step: HandStep, names: HandNames) {
    this.#step = step;
    this.#names = names;
  }

  run(): CompiledHandStep {
    const { operands, flags } = callOperands(this.#step, this.#maker());
    const { constants, operands: lists, texts } = this.#builder.program;
    if (constants.length > MOST_CONSTANTS)
      throw new HandFault('do', `a step by hand has room for ${MOST_CONSTANTS} different numbers`);
    const op = Call[this.#step.do];
    return {
      instruction: { op, flags, site: SITE_NONE, operands },
      constants,
      operands: lists,
      texts,
      makes: this.#makes,
    };
  }

  #maker(): OperandMaker {
    return {
      value: (field, given) => this.#value(field, given ?? 0),
      constant: (value) => this.#builder.constant(BigInt(value)),
      values: (field, given) => given.map((one) => this.#value(field, one)),
      thread: (field, name) => this.#thread(field, name),
      handle: (field, given) => this.#handle(field, given),
      handles: (field, given) => this.#handles(field, given),
      object: (field, name, types) => this.#object(field, name, types),
      place: (name) => this.#own(name, 'handle', []),
      io: (field, name) => this.#known(field, name, ['io']),
      ownIo: () => this.#own(this.#ioName(), 'io', []),
      routine: (field, name) => this.#routine(field, name),
      variable: (name) => this.#variable(name),
      access: (field, given) => this.#access(field, given),
      text: (text) => operand('text', this.#builder.text(text)),
      log: (field, text) => this.#log(field, text),
      oneOf: (fields) => oneOf(fields),
    };
  }

  #value(field: string, given: Value): number {
    if (typeof given === 'number') return this.#builder.constant(BigInt(given));
    if (Object.hasOwn(Local, given)) return operand('local', Local[given as keyof typeof Local]);
    const variable = this.#names.variables.indexOf(given);
    if (variable !== -1) return operand('variable', variable);
    const number = numberOfName(given);
    if (number !== undefined) return this.#builder.constant(BigInt(number));
    throw new HandFault(field, `found "${given}"; allowed: a whole number, or a Win32 name such as INFINITE`);
  }

  #log(field: string, text: string): number[] {
    const template = operand('text', this.#builder.text(text));
    const values = namesIn(field, text).map((name) => this.#logged(field, name));
    if (values.length === 0) return [template];
    const most = MOST_OPERANDS - 1;
    if (values.length > most)
      throw new HandFault(
        field,
        `found ${values.length} values in braces; a step by hand takes at most ${most}`,
      );
    return [template, this.#builder.list(values)];
  }
  #logged(field: string, name: string): number {
    if (Object.hasOwn(Local, name) || this.#names.variables.includes(name)) return this.#value(field, name);
    throw new HandFault(
      field,
      `found {${name}}; allowed in braces: ${listed([...Object.keys(Local), ...this.#names.variables])}; {{ and }} for plain braces`,
    );
  }

  #thread(field: string, name: string): number {
    if (name === 'self') return operand('thread', OWN_THREAD);
    const index = this.#names.threads.get(name);
    if (index !== undefined) return operand('thread', index);
    throw new HandFault(
      field,
      `found "${name}"; allowed: ${listed(['self', ...this.#names.threads.keys()])}`,
    );
  }

  #handle(field: string, given: Handle): number {
    if (typeof given !== 'string') return operand('handle', PseudoHandle[given.handle]);
    if (given === 'self') return operand('thread', OWN_THREAD);
    const object = this.#names.objects.findIndex((one) => one.name === given && isHandle(one.type));
    if (object !== -1) return operand('object', object);
    const thread = this.#names.threads.get(given);
    if (thread !== undefined) return operand('thread', thread);
    const known = this.#names.objects.filter(({ type }) => isHandle(type)).map(({ name }) => name);
    throw new HandFault(
      field,
      `found "${given}"; allowed: ${listed([...known, 'self', ...this.#names.threads.keys()])}; or make one with New object`,
    );
  }

  #handles(field: string, given: readonly Handle[]): number {
    const used = this.#builder.program.operands.length;
    const most = MOST_OPERANDS - 1 - used;
    if (given.length > most)
      throw new HandFault(field, `found ${given.length}; a step by hand takes at most ${most}`);
    return this.#builder.list(given.map((one) => this.#handle(field, one)));
  }

  #object(field: string, name: string, types: readonly ObjectTypeName[]): number {
    const isMade = this.#names.objects.some((one) => one.name === name);
    if (this.#step.do === 'createCompletionPort' && !isMade)
      return this.#own(name, 'port', [MADE_BY_STEP], field);
    return this.#known(field, name, types);
  }

  #known(field: string, name: string, types: readonly ObjectTypeName[]): number {
    const fits = ({ type }: { type: ObjectTypeName }): boolean => types.includes(type);
    const index = this.#names.objects.findIndex((one) => one.name === name && fits(one));
    if (index !== -1) return operand('object', index);
    const known = this.#names.objects.filter(fits).map((one) => one.name);
    const wanted = A[types[0] ?? 'none'];
    const remedy = types.includes('io')
      ? 'let a thread read or write first'
      : `make ${wanted} with New object`;
    throw new HandFault(
      field,
      known.length === 0
        ? `there is no such thing yet: ${remedy}`
        : `found "${name}"; allowed: ${listed(known)}`,
    );
  }

  /** One that this step is the first to name is made with it. */
  #own(name: string, type: ObjectTypeName, parameters: readonly bigint[], field = 'as'): number {
    const { objects } = this.#names;
    const index = objects.findIndex((one) => one.name === name && one.type === type);
    if (index !== -1) return operand('object', index);
    // The names of I/O are of their own: nothing but an `io` parameter asks for them.
    if (type !== 'io') mustBeFree(field, name, this.#names);
    this.#makes = { name, type, parameters };
    return operand('object', objects.length);
  }

  #ioName(): string {
    const { do: call } = this.#step;
    const given = 'as' in this.#step ? this.#step.as : undefined;
    return given ?? freeName(IO_NAMES[call] ?? 'io', this.#names);
  }

  #routine(field: string, name: string): number {
    const index = this.#names.routines.indexOf(name);
    if (index !== -1) return operand('routine', index);
    const known = listed(this.#names.routines);
    throw new HandFault(
      field,
      known === '' ? 'this scenario has no routines; run one that has' : `found "${name}"; allowed: ${known}`,
    );
  }

  #variable(name: string): number {
    const index = this.#names.variables.indexOf(name);
    if (index !== -1) return operand('variable', index);
    const known = listed(this.#names.variables);
    throw new HandFault(
      'variable',
      known === ''
        ? 'this scenario has no variables; run one that has'
        : `found "${name}"; allowed: ${known}`,
    );
  }

  #access(field: string, given: Access): number {
    if (typeof given === 'number') return this.#builder.constant(BigInt(given));
    let bits = 0n;
    for (const name of typeof given === 'string' ? [given] : given) {
      const right = accessOfName(name);
      if (right === undefined)
        throw new HandFault(field, `found "${name}"; allowed: a number, or ${listed(accessNames())}`);
      bits |= BigInt(right);
    }
    return this.#builder.constant(bits);
  }
}

function namesIn(field: string, template: string): string[] {
  try {
    return placeholders(template);
  } catch (error) {
    throw new HandFault(field, `it has ${(error as Error).message}`);
  }
}

/** The instruction with the session's index of each of its texts. */
export const withTexts = (instruction: Instruction, indices: readonly number[]): Instruction => ({
  ...instruction,
  operands: instruction.operands.map((one) =>
    operandClass(one) === OperandClass.text ? operand('text', indices[operandValue(one)]!) : one,
  ),
});

/** How the I/O of a call is called where nobody names it: read1, read2 … */
const IO_NAMES: Readonly<Partial<Record<HandStep['do'], string>>> = {
  readFileEx: 'read',
  writeFileEx: 'write',
  readDirectoryChanges: 'watch',
};

/** A critical section is no kernel object, an I/O has no handle of its own. */
const isHandle = (type: ObjectTypeName): boolean => type !== 'criticalSection' && type !== 'io';

function oneOf(fields: readonly [string, unknown][]): void {
  const given = fields.filter(([, value]) => value !== undefined).map(([name]) => name);
  if (given.length === 1) return;
  const found = given.length === 0 ? 'neither' : given.join(' and ');
  throw new HandFault(
    given[0] ?? fields[0]![0],
    `found ${found}; allowed: either ${fields.map(([name]) => name).join(' or ')}`,
  );
}

/** The object as the library makes it; without a name, one that is free: event1, event2 … */
export function compileHandObject(
  object: HandObject,
  given: string | null,
  names: HandNames,
): HandObjectEntry {
  const name = given ?? freeName(object.type, names);
  mustBeFree('name', name, names);
  const entry = (type: ObjectTypeName, ...parameters: bigint[]) => ({ name, type, parameters });
  switch (object.type) {
    case 'event':
      return entry('event', bit(object.manualReset), bit(object.signaled));
    case 'semaphore': {
      const { count = 0, maximum = MOST_COUNT } = object;
      if (count > maximum)
        throw new HandFault('count', `found ${count}; allowed: at most the maximum ${maximum}`);
      return entry('semaphore', BigInt(count), BigInt(maximum));
    }
    case 'timer':
      return entry('timer', bit(object.manualReset));
    case 'file': {
      const { text = '' } = object;
      return text === '' ? entry('file', NO_TEXT) : { ...entry('file'), text };
    }
    case 'pipe':
      return entry('pipeRead');
    case 'port':
    case 'mutex':
    case 'reserve':
    case 'criticalSection':
      return entry(object.type);
  }
}

/** The names that an object has as the session knows it: a pipe is its two ends. */
export const madeObjects = ({ name, type }: HandObjectEntry): HandNames['objects'] =>
  type === 'pipeRead'
    ? [
        { name: `${name}.read`, type: 'pipeRead' },
        { name: `${name}.write`, type: 'pipeWrite' },
      ]
    : [{ name, type }];

function mustBeFree(field: string, name: string, names: HandNames): void {
  const other = usedBy(name, names);
  if (other !== undefined)
    throw new HandFault(field, `"${name}" already names ${other}; choose another name`);
}

function usedBy(name: string, { threads, objects }: HandNames): string | undefined {
  if (TAKEN_NAMES.has(name)) return 'something of the lab';
  if (threads.has(name)) return 'a thread';
  const object = objects.find((one) => one.name === name || one.name === `${name}.read`);
  return object === undefined ? undefined : A[object.type];
}

/** `event1`, or the first of its kind that is free. */
export function freeName(prefix: string, names: HandNames): string {
  for (let number = 1; ; number++) {
    const name = `${prefix}${number}`;
    if (usedBy(name, names) === undefined) return name;
  }
}

const MOST_LISTED = 12;
const listed = (names: readonly string[]): string =>
  names.length <= MOST_LISTED ? names.join(', ') : `${names.slice(0, MOST_LISTED).join(', ')}, …`;
const bit = (flag: boolean | undefined): bigint => (flag === true ? 1n : 0n);
