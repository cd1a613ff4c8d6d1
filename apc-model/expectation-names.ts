import { A } from './compile-objects.ts';
import type { ObjectTypeName } from './event.ts';
import { shownPath, type CallStep, type Expectation, type Scenario } from './scenario.ts';
import { MOST_PROBLEMS } from './scenario-errors.ts';
import { listed, unknownName } from './scenario-names.ts';

/** What can be said of an object. */
export type ObjectQuality = Exclude<keyof Extract<Expectation, { object: string }>, 'object'>;

/** What each type of object has. */
const QUALITIES: Readonly<Record<ObjectTypeName | 'thread', readonly ObjectQuality[]>> = {
  none: [],
  event: ['signaled'],
  semaphore: ['count', 'signaled'],
  mutex: ['owner', 'abandoned', 'signaled'],
  timer: ['signaled'],
  file: ['bytes'],
  pipeRead: ['bytes'],
  pipeWrite: ['bytes'],
  port: ['packets'],
  reserve: [],
  criticalSection: ['owner'],
  handle: [],
  io: [],
  thread: ['signaled'],
};

/** A step that has an `as`, and where it stands. */
export interface NamedStep {
  step: CallStep;
  path: readonly PropertyKey[];
}

/** What can be said of a thread. */
const THREAD_QUALITIES = ['exitCode', 'lost', 'delivered', 'ended'];

/** Steps that leave no call in the trace. */
const isCall = ({ step }: NamedStep): boolean => step.do !== 'log' && step.do !== 'set' && step.do !== 'add';

/** Does it queue an APC, or arm one? */
function queues({ step }: NamedStep): boolean {
  switch (step.do) {
    case 'queueUserApc':
    case 'queueUserApc2':
    case 'ntQueueApcThread':
    case 'ntQueueApcThreadEx':
    case 'readFileEx':
    case 'writeFileEx':
    case 'readDirectoryChanges':
      return true;
    case 'setWaitableTimer':
      return step.routine !== undefined;
    default:
      return false;
  }
}

/**
 * Problems of names in `expect` and `differs`: each must be the `as` of a fitting step, a thread or an object of the scenario, and of an
 * object only what it has can be said.
 */
export function checkExpectations(
  scenario: Scenario,
  named: ReadonlyMap<string, NamedStep>,
  objects: ReadonlyMap<string, ObjectTypeName>,
): string[] {
  const problems: string[] = [];
  const threads = new Set([...Object.keys(scenario.threads ?? {}), 'controller']);

  const check = (expectation: Expectation, path: readonly PropertyKey[]): void => {
    if (problems.length > MOST_PROBLEMS) return;
    /** `fits`: which steps are meant, and what one that is none of them lacks. */
    const step = (
      text: string,
      at: readonly PropertyKey[],
      fits: (one: NamedStep) => boolean = isCall,
      lacks = 'makes no call',
    ): void => {
      const one = named.get(baseName(text));
      if (one !== undefined && fits(one)) return;
      const allowed = [...named].filter(([, other]) => fits(other)).map(([name]) => name);
      const none = `(no step that ${fits === queues ? 'queues an APC' : 'makes a call'} has an "as")`;
      const problem =
        one === undefined
          ? unknownName(text, allowed, none)
          : `"${baseName(text)}" is a ${one.step.do} step, which ${lacks}; allowed: ${listed(allowed) || none}`;
      problems.push(`${shownPath(at)}: ${problem}`);
    };
    const thread = (key: string, text: string): void => {
      if (!threads.has(text))
        problems.push(`${shownPath([...path, key])}: ${unknownName(text, [...threads])}`);
    };
    if ('call' in expectation) step(expectation.call, [...path, 'call']);
    if ('apc' in expectation) {
      step(expectation.apc, [...path, 'apc'], queues, 'queues no APC');
      if (expectation.on !== undefined) thread('on', expectation.on);
      if (expectation.during !== undefined) step(expectation.during, [...path, 'during']);
    }
    if ('order' in expectation) expectation.order.forEach((one, at) => step(one, [...path, 'order', at]));
    if ('log' in expectation && expectation.on !== undefined) thread('on', expectation.on);
    if ('thread' in expectation) {
      thread('thread', expectation.thread);
      if (Object.keys(expectation).length === 1)
        problems.push(saysNothing(path, expectation.thread, THREAD_QUALITIES));
    }
    if ('object' in expectation) {
      problems.push(...objectProblems(expectation, path));
      if (typeof expectation.owner === 'string') thread('owner', expectation.owner);
    }
  };

  const objectProblems = (
    expectation: Extract<Expectation, { object: string }>,
    path: readonly PropertyKey[],
  ): string[] => {
    const { object: name, ...said } = expectation;
    const type = objects.get(name) ?? (threads.has(name) ? 'thread' : undefined);
    const spoken = [...objects].filter(([, one]) => QUALITIES[one].length > 0).map(([one]) => one);
    if (type === undefined || QUALITIES[type].length === 0)
      return [`${shownPath([...path, 'object'])}: ${unknownName(name, [...spoken, ...threads])}`];
    const allowed = QUALITIES[type];
    const which = type === 'thread' ? 'a thread' : A[type];
    const keys = Object.keys(said) as ObjectQuality[];
    if (keys.length === 0) return [saysNothing(path, name, allowed)];
    return keys
      .filter((key) => !allowed.includes(key))
      .map((key) => `${shownPath([...path, key])}: ${which} has none; allowed: ${allowed.join(', ')}`);
  };

  scenario.expect?.forEach((one, index) => check(one, ['expect', index]));
  scenario.differs?.forEach((differs, index) =>
    differs.expect.forEach((one, inner) => check(one, ['differs', index, 'expect', inner])),
  );
  return problems;
}

const saysNothing = (path: readonly PropertyKey[], name: string, allowed: readonly string[]): string =>
  `${shownPath(path)}: says nothing of "${name}"; allowed: ${allowed.join(', ')}`;

/** `drain` of `drain#2:return`. */
export const baseName = (text: string): string => text.replace(/[#:].*$/, '');
