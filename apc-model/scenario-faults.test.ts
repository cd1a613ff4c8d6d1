import { describe, expect, test } from 'vitest';
import { compile } from './compile.ts';
import { ScenarioError, parseScenario } from './scenario.ts';

// What a file says wrongly, and every line that its author reads then.

function linesOf(json: string): readonly string[] {
  try {
    compile(parseScenario(json));
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems;
    throw error;
  }
  return [];
}

const file = (rest: object): string => JSON.stringify({ alertable: 1, title: 't', ...rest });
const OBJECTS = {
  go: { type: 'event' },
  s: { type: 'semaphore' },
  t: { type: 'timer' },
  r: { type: 'reserve' },
};
/** One step, at $.routines.b[0]. */
const step = (one: object): string => file({ objects: OBJECTS, routines: { A: [], b: [one] } });
const NAMED = [
  { do: 'sleepEx', milliseconds: 0, alertable: true, as: 'nap' },
  { do: 'queueUserApc', thread: 'self', routine: 'A', as: 'q' },
  { do: 'setWaitableTimer', timer: 't', dueMs: 0, as: 'alarm' },
  { do: 'log', text: 'x', as: 'line' },
];
/** One expectation, at $.expect[0]. */
const expectation = (one: unknown): string =>
  file({ objects: OBJECTS, routines: { A: [], b: NAMED }, threads: { T1: { routine: 'b' } }, expect: [one] });
const differs = (one: object): string =>
  file({ differs: [{ engine: 'win32', fact: 1, expect: [], ...one }] });
/** At a path of the one step: what was found, and what is allowed. */
const at = (field: string, problem: string): string => `$.routines.b[0].${field}: ${problem}`;

const NUMBER = 'a Win32 name, or a variable';
const DWORD = `allowed: a whole number from 0 to 4294967295 (a DWORD), ${NUMBER}`;
const LONG = `allowed: a whole number from -2147483648 to 2147483647 (a LONG), ${NUMBER}`;
const RESULT = 'allowed: a whole number from 0 to 4294967295, or a Win32 name such as WAIT_TIMEOUT';
const NAME = 'allowed: a letter or _, then letters, digits, _ . - (at most 64 characters)';

describe.each<[string, [json: string, ...lines: string[]][]]>([
  [
    'text that is no JSON',
    [
      [' \n', 'the file is empty; a scenario begins with {"alertable": 1, "title": …'],
      ['{"a": 1,\n }', 'the file is not JSON: line 2, column 2: found "}"; remove the comma before it'],
      ['{\n  // no\n}', 'the file is not JSON: line 2, column 3: found "/"; remove it: JSON has no comments'],
      [
        "{'a': 1}",
        'the file is not JSON: line 1, column 2: found "\'"; a key in double quotes, or }, should stand here',
      ],
      ['{"a": [1 2]}', 'the file is not JSON: line 1, column 10: found "2"; a , or ] should stand here'],
      ['{"a": True}', 'the file is not JSON: line 1, column 7: found "True"; a value should stand here'],
      ['{"a": {"b": 1}', 'the file is not JSON: it ends at line 1, column 15; a , or } should stand here'],
      [
        '{"a": "b\\c"}',
        'the file is not JSON: line 1, column 7: the text that begins here does not end on its line, or has an odd \\ in it; close it with "',
      ],
    ],
  ],
  [
    'a file of another kind',
    [
      ['[]', '$: found []; allowed: an object'],
      ['1e400', '$: found Infinity; allowed: an object'],
      ['{"title": "t"}', '$.alertable: is missing; allowed: 1'],
      [file({ title: '' }), '$.title: found ""; allowed: a string of 1 to 200 characters'],
      [
        file({ trheads: {} }),
        '$: unknown key "trheads"; did you mean "threads"? remove it or correct its spelling',
      ],
      [file({ facts: [141] }), '$.facts[0]: found 141; allowed: a whole number from 1 to 140'],
      [file({ timeoutMs: 1.5 }), '$.timeoutMs: found 1.5; allowed: a whole number from 1 to 3600000'],
    ],
  ],
  [
    'a name',
    [
      [file({ objects: { 'a b': { type: 'mutex' } } }), `$.objects["a b"]: found the name "a b"; ${NAME}`],
      [
        '{"alertable": 1, "title": "t", "routines": {"__proto__": []}}',
        '$.routines.__proto__: this name means something to JavaScript; choose another name',
      ],
      [
        step({ do: 'switchToThread', as: '__proto__' }),
        at('as', 'found "__proto__"; allowed: any name but this'),
      ],
      [step({ do: 'switchToThread', as: 'dräin' }), at('as', `found "dräin"; ${NAME}`)],
      [step({ do: 'switchToThread', as: '\u202e\u009b' }), at('as', `found "\\u202e\\u009b"; ${NAME}`)],
      [
        file({ routines: { controller: [] } }),
        '$.routines.controller: "controller" is taken by the lab; choose another name',
      ],
      [
        step({ do: 'set', variable: 'result', value: 1 }),
        at('variable', '"result" is set by the lab for each step; choose another name for the variable'),
      ],
      [
        step({ do: 'add', variable: 'self', value: 1 }),
        at('variable', '"self" is taken by the lab; choose another name for the variable'),
      ],
      [
        step({ do: 'waitOnAddress', variable: 'INFINITE', compare: 0, milliseconds: 0 }),
        at('variable', '"INFINITE" is a Win32 name; choose another name for the variable'),
      ],
    ],
  ],
  [
    'a number beyond its type',
    [
      [step({ do: 'exitThread', exitCode: 2 ** 32 + 5 }), at('exitCode', `found 4294967301; ${DWORD}`)],
      [step({ do: 'exitThread', exitCode: -1 }), at('exitCode', `found -1; ${DWORD}`)],
      [step({ do: 'setLastError', value: 2 ** 32 }), at('value', `found 4294967296; ${DWORD}`)],
      [
        step({ do: 'releaseSemaphore', object: 's', count: 2 ** 32 + 1 }),
        at('count', `found 4294967297; ${LONG}`),
      ],
      [
        step({ do: 'setWaitableTimer', timer: 't', dueMs: 0, period: 'INFINITE' }),
        at('period', `found "INFINITE"; ${LONG}`),
      ],
      [
        step({ do: 'compute', microseconds: -5 }),
        at('microseconds', `found -5; allowed: a whole number from 0, ${NUMBER}`),
      ],
      [
        step({ do: 'repeat', count: -1, steps: [] }),
        at('count', `found -1; allowed: a whole number from 0, ${NUMBER}`),
      ],
      [
        step({ do: 'sleep', milliseconds: 1e30 }),
        at(
          'milliseconds',
          'found 1e+30; allowed: milliseconds from 0 to 4294967294, or "INFINITE", or a variable',
        ),
      ],
      [
        step({ do: 'queueUserApc', thread: 'self', routine: 'A', data: 2 ** 53 }),
        at(
          'data',
          `found 9007199254740992; allowed: a whole number from -9007199254740991 to 9007199254740991, ${NUMBER}`,
        ),
      ],
      [expectation({ call: 'nap', returns: -1 }), `$.expect[0].returns: found -1; ${RESULT}`],
    ],
  ],
  [
    'a step',
    [
      [
        step({ do: 'ntQueueApcThreadEx', thread: 'self', routine: 'A', reserve: 'r', flags: ['special'] }),
        at(
          'flags',
          'found ["special"]; allowed: either a reserve object or "special", as the function has one parameter for both',
        ),
      ],
      [
        step({ do: 'if', when: ['result', '=='], then: [] }),
        at('when', 'found ["result","=="]; allowed: a list of three, such as ["result", "==", 0]'),
      ],
      [
        step({ do: 'sleep', milliseconds: 'INFINTE' }),
        at(
          'milliseconds',
          'found "INFINTE"; did you mean "INFINITE"? allowed: a whole number, a Win32 name, arg1, arg2, arg3, result, lastError, elapsedNs, threadId, or a variable that a "set" or "add" step changes',
        ),
      ],
      [
        step({ do: 'log', text: '{arg4}' }),
        at(
          'text',
          'found {arg4}; did you mean "arg1"? allowed in braces: arg1, arg2, arg3, result, lastError, elapsedNs, threadId; {{ and }} for plain braces',
        ),
      ],
      [
        file({
          routines: {
            b: [
              { do: 'set', variable: 'n', value: 1 },
              { do: 'log', text: '{n}'.repeat(257) },
            ],
          },
        }),
        '$.routines.b[1].text: found 257 values in braces; allowed: at most 256',
      ],
      [
        step({ do: 'log', text: 'x\ud800' }),
        at('text', 'the text has half a character (\\uD800) at position 1; write the whole one or remove it'),
      ],
    ],
  ],
  [
    'an expectation',
    [
      [
        expectation({}),
        '$.expect[0]: found {}; allowed: an object with one of call, apc, order, log, thread, object, and what is expected of it',
      ],
      [
        expectation({ call: 'nap', returns: 'WAIT_IO_COMPLETE' }),
        `$.expect[0].returns: found "WAIT_IO_COMPLETE"; did you mean "WAIT_IO_COMPLETION"? ${RESULT}`,
      ],
      [
        expectation({ call: 'nap', returns: [0, 'BANANA'], lastError: 'BANANA' }),
        `$.expect[0].returns[1]: found "BANANA"; ${RESULT}`,
        `$.expect[0].lastError: found "BANANA"; ${RESULT}`,
      ],
      [
        expectation({ thread: 'T1', exitCode: 'STILL_ALIVE' }),
        `$.expect[0].exitCode: found "STILL_ALIVE"; did you mean "STILL_ACTIVE"? ${RESULT}`,
      ],
      [
        expectation({ apc: 'nap' }),
        '$.expect[0].apc: "nap" is a sleepEx step, which queues no APC; allowed: q',
      ],
      [
        expectation({ apc: 'alarm' }),
        '$.expect[0].apc: "alarm" is a setWaitableTimer step, which queues no APC; allowed: q',
      ],
      [
        expectation({ order: ['nap', 'line'] }),
        '$.expect[0].order[1]: "line" is a log step, which makes no call; allowed: nap, q, alarm',
      ],
      [
        expectation({ order: ['nap'] }),
        '$.expect[0].order: found ["nap"]; allowed: a list of at least two names',
      ],
      [
        expectation({ call: 'nap#0' }),
        '$.expect[0].call: found "nap#0"; allowed: the "as" of a step, with #2 for its second instance',
      ],
      [
        expectation({ thread: 'T1' }),
        '$.expect[0]: says nothing of "T1"; allowed: exitCode, lost, delivered, ended',
      ],
    ],
  ],
  [
    'a documented difference',
    [
      [
        differs({ on: 'wine<=banana' }),
        '$.differs[0].on: found "wine<=banana"; allowed: "windows", "wine", or "wine" with a version, such as "wine<=8.0"',
      ],
      [
        differs({ on: 'windows>=10' }),
        '$.differs[0].on: found "windows>=10"; allowed: "windows", "wine", or "wine" with a version, such as "wine<=8.0"',
      ],
      [
        differs({ engine: 'posix', on: 'wine' }),
        '$.differs[0].on: found "wine"; allowed: only beside "engine": "win32"; remove it',
      ],
    ],
  ],
])('%s that is wrong', (_what, cases) => {
  test.each(cases)('%s', (json, ...lines) => {
    expect(linesOf(json)).toEqual(lines);
  });
});

test('however deep the file, its path is short', () => {
  const json = `{"alertable": 1, "title": "t", "expect": ${'['.repeat(1000)}${']'.repeat(1000)}}`;
  expect(linesOf(json)).toEqual([
    '$.expect[0][0][0][0][0][0][0][0][0]…[0][0][0][0][0][0]: is nested more than 200 deep; move inner steps into a routine of their own',
  ]);
});

test('however much is wrong, a screenful is told', () => {
  const lines = linesOf(file({ routines: { b: Array.from({ length: 5000 }, () => ({ do: 'slep' })) } }));
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe('and more; mend these first');
});

test('more threads than a session takes are counted with their controller', () => {
  const threads = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`T${at}`, {}]));
  expect(linesOf(file({ threads: threads(4096) }))).toEqual([]);
  expect(linesOf(file({ threads: threads(4096), controller: [] }))).toEqual([
    '$.threads: found 4097 threads (with the controller); allowed: at most 4096',
  ]);
});

test('names that every JavaScript object has are names like others', () => {
  const json = file({
    objects: { constructor: { type: 'event' } },
    routines: { toString: [{ do: 'setEvent', object: 'constructor', as: 'valueOf' }] },
    threads: { hasOwnProperty: { routine: 'toString' } },
    expect: [
      { call: 'valueOf' },
      { object: 'constructor', signaled: true },
      { thread: 'hasOwnProperty', lost: 0 },
    ],
  });
  expect(linesOf(json)).toEqual([]);
  expect(linesOf(step({ do: 'setEvent', object: 'constructor' }))[0]).toContain(
    'found "constructor"; allowed: self',
  );
});

test('a file at the limit of its size is judged in moments, however much each step could mean', () => {
  const many = <T>(count: number, make: (at: number) => T): T[] =>
    Array.from({ length: count }, (_, at) => make(at));
  const objects = (count: number) => Object.fromEntries(many(count, (at) => [`e${at}`, { type: 'event' }]));
  const b = many(30_000, () => ({ do: 'setEvent', object: 'e0' }));
  expect(linesOf(file({ objects: objects(1000), routines: { b } }))).toEqual([]);
  expect(linesOf(file({ objects: objects(50_000), routines: { b } }))).toEqual([
    '$.objects: found 50000 objects (with both ends of each pipe, opened handles and I/O steps); allowed: at most 1000',
  ]);
});
