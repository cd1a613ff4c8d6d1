import { A } from './compile-objects.ts';
import type { ObjectTypeName } from './event.ts';
import { jsonPath, type Expectation, type Scenario } from './scenario.ts';

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

/**
 * Problems of names in `expect` and `differs`: each must be a step's `as`, a thread or an object of the scenario, and of an
 * object only what it has can be said.
 */
export function checkExpectations(
  scenario: Scenario,
  calls: ReadonlySet<string>,
  objects: ReadonlyMap<string, ObjectTypeName>,
): string[] {
  const problems: string[] = [];
  const threads = new Set([...Object.keys(scenario.threads ?? {}), 'controller']);
  const knownCalls = [...calls].join(', ') || '(no step has an "as")';

  const check = (expectation: Expectation, path: readonly PropertyKey[]): void => {
    const call = (key: string, text: string, at: readonly PropertyKey[] = [...path, key]): void => {
      if (!calls.has(baseName(text)))
        problems.push(`${jsonPath(at)}: found "${text}"; allowed: ${knownCalls}`);
    };
    const thread = (key: string, text: string): void => {
      if (!threads.has(text))
        problems.push(`${jsonPath([...path, key])}: found "${text}"; allowed: ${[...threads].join(', ')}`);
    };
    if ('call' in expectation) call('call', expectation.call);
    if ('apc' in expectation) {
      call('apc', expectation.apc);
      if (expectation.on !== undefined) thread('on', expectation.on);
      if (expectation.during !== undefined) call('during', expectation.during);
    }
    if ('order' in expectation)
      expectation.order.forEach((one, at) => call('order', one, [...path, 'order', at]));
    if ('log' in expectation && expectation.on !== undefined) thread('on', expectation.on);
    if ('thread' in expectation) thread('thread', expectation.thread);
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
      return [
        `${jsonPath([...path, 'object'])}: found "${name}"; allowed: ${[...spoken, ...threads].join(', ')}`,
      ];
    const allowed = QUALITIES[type];
    const which = type === 'thread' ? 'a thread' : A[type];
    const keys = Object.keys(said) as ObjectQuality[];
    if (keys.length === 0)
      return [`${jsonPath(path)}: says nothing of "${name}"; allowed: ${allowed.join(', ')}`];
    return keys
      .filter((key) => !allowed.includes(key))
      .map((key) => `${jsonPath([...path, key])}: ${which} has none; allowed: ${allowed.join(', ')}`);
  };

  scenario.expect?.forEach((one, index) => check(one, ['expect', index]));
  scenario.differs?.forEach((differs, index) =>
    differs.expect.forEach((one, inner) => check(one, ['differs', index, 'expect', inner])),
  );
  return problems;
}

/** `drain` of `drain#2:return`. */
export const baseName = (text: string): string => text.replace(/[#:].*$/, '');
