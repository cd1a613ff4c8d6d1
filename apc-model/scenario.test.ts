import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { ScenarioError, parseScenario, scenarioJsonSchema } from './scenario.ts';

const read = (scenario: unknown) =>
  compile(parseScenario(typeof scenario === 'string' ? scenario : JSON.stringify(scenario)));

const problemsOf = (scenario: unknown): readonly string[] => {
  try {
    read(scenario);
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems;
    throw error;
  }
  return [];
};

const withBody = (...steps: unknown[]) => ({
  alertable: 1,
  title: 't',
  routines: { body: steps, A: [] },
  threads: { T1: { routine: 'body' } },
});

describe('a scenario that is wrong', () => {
  it.each([
    ['a wrong version', { alertable: 2, title: 't' }, ['$.alertable: found 2; allowed: 1']],
    ['no title', { alertable: 1 }, ['$.title: is missing; allowed: string']],
    [
      'an unknown key',
      { alertable: 1, title: 't', thread: {} },
      ['$: unknown key "thread"; remove it or correct its spelling'],
    ],
    [
      'a step’s unknown key',
      withBody({ do: 'sleep', milliseconds: 1, alertable: true }),
      ['$.routines.body[0]: unknown key "alertable"; remove it or correct its spelling'],
    ],
    [
      'a missing parameter',
      withBody({ do: 'sleepEx', milliseconds: 1 }),
      ['$.routines.body[0].alertable: is missing; allowed: boolean'],
    ],
    [
      'an unknown routine',
      withBody({ do: 'queueUserApc', thread: 'self', routine: 'B' }),
      ['$.routines.body[0].routine: found "B"; allowed: body, A'],
    ],
    [
      'an unknown thread, deep inside',
      withBody({ do: 'while', when: ['result', '==', 0], steps: [{ do: 'resumeThread', thread: 'T9' }] }),
      ['$.routines.body[0].steps[0].thread: found "T9"; allowed: self, T1'],
    ],
    [
      'a name used twice',
      withBody({ do: 'getLastError', as: 'a' }, { do: 'getLastError', as: 'a' }),
      ['$.routines.body[1].as: "a" already names $.routines.body[0]; choose another name'],
    ],
    [
      'an expectation about nothing',
      { ...withBody({ do: 'getLastError', as: 'a' }), expect: [{ call: 'b' }] },
      ['$.expect[0].call: found "b"; allowed: a'],
    ],
  ])('%s is named by its path', (_name, scenario, problems) => {
    expect(problemsOf(scenario)).toEqual(problems);
  });

  it('names the step that does not exist and those that do', () => {
    const [problem] = problemsOf(withBody({ do: 'slep', milliseconds: 1 }));
    expect(problem).toMatch(
      /^\$\.routines\.body\[0\](\.do)?: found .*; allowed: sleep, sleepEx, queueUserApc/,
    );
  });

  it('says that text is not JSON', () => {
    expect(problemsOf('{')[0]).toMatch(/^the file is not JSON: /);
  });

  it('names a value that is neither number, name nor variable', () => {
    expect(problemsOf(withBody({ do: 'compute', microseconds: 'soon' }))[0]).toMatch(
      /^\$\.routines\.body\[0\]\.microseconds: found "soon"; allowed: a whole number, a Win32 name, arg1/,
    );
  });

  it('names a brace that belongs to no placeholder', () => {
    expect(problemsOf(withBody({ do: 'log', text: 'a { b' }))[0]).toMatch(
      /^\$\.routines\.body\[0\]\.text: .*plain brace/,
    );
  });
});

describe('the published schema', () => {
  it('is the one that is committed', () => {
    const committed: unknown = JSON.parse(
      readFileSync(new URL('../scenarios/scenario.schema.json', import.meta.url), 'utf8'),
    );
    expect(scenarioJsonSchema()).toEqual(committed);
  });
});
