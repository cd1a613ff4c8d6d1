import { jsonPath, type Expectation, type Scenario } from './scenario.ts';

/** Problems of names in `expect` and `differs`: each must be a step's `as` or a thread of the scenario. */
export function checkExpectations(scenario: Scenario, calls: ReadonlySet<string>): string[] {
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
  };

  scenario.expect?.forEach((one, index) => check(one, ['expect', index]));
  scenario.differs?.forEach((differs, index) =>
    differs.expect.forEach((one, inner) => check(one, ['differs', index, 'expect', inner])),
  );
  return problems;
}

/** `drain` of `drain#2:return`. */
export const baseName = (text: string): string => text.replace(/[#:].*$/, '');
