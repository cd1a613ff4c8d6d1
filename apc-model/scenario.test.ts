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
    ['no title', { alertable: 1 }, ['$.title: is missing; allowed: a string of 1 to 200 characters']],
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
      ['$.routines.body[0].alertable: is missing; allowed: boolean (true or false)'],
    ],
    [
      'an unknown routine',
      withBody({ do: 'queueUserApc', thread: 'self', routine: 'B' }),
      ['$.routines.body[0].routine: found "B"; allowed: body, A'],
    ],
    [
      'an unknown thread, deep inside',
      withBody({ do: 'while', when: ['result', '==', 0], steps: [{ do: 'resumeThread', thread: 'T9' }] }),
      [
        '$.routines.body[0].steps[0].thread: found "T9"; allowed: self, T1, or {"handle": "null" | "bogus" | "currentThread" | "currentProcess"}',
      ],
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
      /^\$\.routines\.body\[0\]\.do: found "slep"; did you mean "sleep"\? allowed: sleep, sleepEx, waitForSingleObject, .*, … \(\d+ in all\)$/,
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

const withObjects = (objects: object, ...steps: unknown[]) => ({ ...withBody(...steps), objects });

describe('an object or handle that is wrong', () => {
  it.each([
    [
      'an unknown type',
      withObjects({ go: { type: 'evnt' } }),
      [
        '$.objects.go.type: found "evnt"; did you mean "event"? allowed: event, semaphore, mutex, timer, file, pipe, port, reserve, criticalSection',
      ],
    ],
    [
      'a parameter of another type',
      withObjects({ go: { type: 'mutex', signaled: true } }),
      ['$.objects.go: unknown key "signaled"; remove it or correct its spelling'],
    ],
    [
      'a semaphore beyond its maximum',
      withObjects({ s: { type: 'semaphore', count: 3, maximum: 2 } }),
      ['$.objects.s.count: found 3; allowed: at most the maximum 2'],
    ],
    [
      'one name for an object and a thread',
      withObjects({ T1: { type: 'event' } }),
      ['$.threads.T1: "T1" already names an event; choose another name'],
    ],
    [
      'one name for an object and an end of a pipe',
      withObjects({ p: { type: 'pipe' }, 'p.read': { type: 'event' } }),
      ['$.objects.p.read: "p.read" already names the reading end of a pipe; choose another name'],
    ],
    [
      'one name for an object and a handle',
      withObjects({ go: { type: 'event' } }, { do: 'openHandle', thread: 'T1', desiredAccess: 0, as: 'go' }),
      ['$.routines.body[0].as: "go" already names an event; choose another name'],
    ],
    [
      'a handle that names nothing',
      withObjects(
        { p: { type: 'pipe' }, cs: { type: 'criticalSection' } },
        { do: 'setEvent', object: 'cs' },
        { do: 'duplicateHandle', sourceHandle: 'self', as: 'me' },
      ),
      [
        '$.routines.body[0].object: found "cs"; allowed: self, T1, p.read, p.write, me, or {"handle": "null" | "bogus" | "currentThread" | "currentProcess"}',
      ],
    ],
    [
      'a pseudo handle that does not exist',
      withBody({ do: 'setEvent', object: { handle: 'none' } }),
      [
        '$.routines.body[0].object.handle: found "none"; allowed: "null", "bogus", "currentThread", "currentProcess"',
      ],
    ],
    [
      'a missing handle',
      withBody({ do: 'closeHandle' }),
      [
        '$.routines.body[0].object: is missing; allowed: the name of an object or a thread, "self", or {"handle": "null" | "bogus" | "currentThread" | "currentProcess"}',
      ],
    ],
    [
      'one of several handles',
      withBody({ do: 'waitForMultipleObjects', objects: ['self', 'no'], waitAll: false, milliseconds: 0 }),
      [
        '$.routines.body[0].objects[1]: found "no"; allowed: self, T1, or {"handle": "null" | "bogus" | "currentThread" | "currentProcess"}',
      ],
    ],
    [
      'an object in place of a critical section',
      withObjects(
        { go: { type: 'event' }, cs: { type: 'criticalSection' } },
        { do: 'enterCriticalSection', criticalSection: 'go' },
      ),
      ['$.routines.body[0].criticalSection: found "go"; allowed: cs'],
    ],
    [
      'an I/O that no step begins',
      withBody({ do: 'cancelIoEx', io: 'read' }),
      ['$.routines.body[0].io: found "read"; allowed: (no step that reads or writes has an "as")'],
    ],
    [
      'an object in place of a thread',
      withObjects({ go: { type: 'event' } }, { do: 'awaitState', thread: 'go', state: 'ended' }),
      ['$.routines.body[0].thread: found "go"; allowed: self, T1'],
    ],
    [
      'a right that does not exist',
      withBody({ do: 'openHandle', thread: 'T1', desiredAccess: ['SYNCHRONIZE', 'ALL'], as: 'h' }),
      [/^\$\.routines\.body\[0\]\.desiredAccess\[1\]: found "ALL"; allowed: a number, .*THREAD_SET_CONTEXT/],
    ],
    [
      'too many bytes',
      withObjects(
        { f: { type: 'file' } },
        { do: 'readFileEx', file: 'f', bytes: 1_048_577, routine: 'A' },
        { do: 'readFileEx', file: 'f', bytes: 0, routine: 'A' },
      ),
      [
        '$.routines.body[0].bytes: found 1048577; allowed: bytes from 1 to 1048576, or a variable',
        '$.routines.body[1].bytes: found 0; allowed: bytes from 1 to 1048576, or a variable',
      ],
    ],
    [
      'both or neither of two parameters',
      withObjects(
        { f: { type: 'file' }, t: { type: 'timer' } },
        { do: 'writeFileEx', file: 'f', bytes: 1, text: 'x', routine: 'A' },
        { do: 'setWaitableTimer', timer: 't' },
      ),
      [
        '$.routines.body[0]: found bytes and text; allowed: either bytes or text',
        '$.routines.body[1]: found neither; allowed: either dueMs or dueAtMs',
      ],
    ],
    [
      'a time before the start',
      withObjects({ t: { type: 'timer' } }, { do: 'setWaitableTimer', timer: 't', dueMs: -5 }),
      ['$.routines.body[0].dueMs: found -5; allowed: milliseconds from 0 to 4294967295, or a variable'],
    ],
    [
      'more than three arguments',
      withBody({ do: 'ntQueueApcThread', thread: 'self', routine: null, args: [1, 2, 3, 4] }),
      ['$.routines.body[0].args: found [1,2,3,4]; allowed: at most three arguments'],
    ],
    [
      'a routine that is neither named nor null',
      withBody({ do: 'ntQueueApcThread', thread: 'self' }),
      ['$.routines.body[0].routine: is missing; allowed: the name of a routine, or null for a NULL routine'],
    ],
    [
      'more objects than there may be',
      withObjects(Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`p${at}`, { type: 'pipe' }]))),
      [
        '$.objects: found 1002 objects (with both ends of each pipe, opened handles and I/O steps); allowed: at most 1000',
      ],
    ],
    [
      'what an object does not have',
      {
        ...withObjects({ go: { type: 'event' }, r: { type: 'reserve' } }),
        expect: [{ object: 'go', count: 1 }, { object: 'go' }, { object: 'r', signaled: true }],
      },
      [
        '$.expect[0].count: an event has none; allowed: signaled',
        '$.expect[1]: says nothing of "go"; allowed: signaled',
        '$.expect[2].object: found "r"; allowed: go, T1, controller',
      ],
    ],
    [
      'an owner that is no thread',
      {
        ...withObjects({ m: { type: 'mutex' } }),
        expect: [{ object: 'm', owner: 'T2' }],
      },
      ['$.expect[0].owner: found "T2"; allowed: T1, controller'],
    ],
  ])('%s is named by its path', (_name, scenario, problems) => {
    const found = problemsOf(scenario);
    expect(found).toHaveLength(problems.length);
    problems.forEach((problem, at) => {
      if (typeof problem === 'string') expect(found[at]).toBe(problem);
      else expect(found[at]).toMatch(problem);
    });
  });

  it('is not one that only Windows refuses', () => {
    const scenario = withObjects(
      { go: { type: 'event' }, t: { type: 'timer' } },
      { do: 'queueUserApc', thread: 'go', routine: 'A' },
      { do: 'setEvent', object: 'T1' },
      { do: 'setWaitableTimer', timer: 'go', dueMs: 0, period: -1 },
      { do: 'resumeThread', thread: { handle: 'currentProcess' } },
    );
    expect(problemsOf(scenario)).toEqual([]);
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
