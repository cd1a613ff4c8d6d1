import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compileHandStep, type HandNames } from '../../apc-model/compile-hand-step.ts';
import { HAND_CALLS, handStepSchema } from '../../apc-model/hand-step.ts';
import { objectSchema } from '../../apc-model/scenario-objects.ts';
import { CALL_SCHEMAS, STEP_NAMES } from '../../apc-model/scenario-steps.ts';
import { OBJECT_FORMS } from '../objects/object-forms.ts';
import { CALL_FORMS, previewOf, stepOf, type CallForm } from './call-forms.ts';
import { choicesOf, initialOf, keyOf, type Names, type RawValues } from './form.ts';

const names: Names = {
  self: 'ann',
  threads: ['ann', 'bob'],
  uncreated: ['cid'],
  routines: ['greet'],
  objects: [
    { name: 'door', type: 'criticalSection' },
    { name: 'lock', type: 'mutex' },
    { name: 'bell', type: 'event' },
    { name: 'seats', type: 'semaphore' },
    { name: 'clock', type: 'timer' },
    { name: 'book', type: 'file' },
    { name: 'tube.read', type: 'pipeRead' },
    { name: 'tube.write', type: 'pipeWrite' },
    { name: 'pier', type: 'port' },
    { name: 'spare', type: 'reserve' },
  ],
  io: ['read1'],
  variables: ['total'],
  soonMs: 7000,
};
/** The same as main has them. */
const handNames: HandNames = {
  threads: new Map([
    ['ann', 2],
    ['bob', 3],
    ['cid', 4],
  ]),
  routines: names.routines,
  variables: names.variables,
  objects: [...names.objects, { name: 'read1', type: 'io' }],
};
const form = (call: string): CallForm => CALL_FORMS.find((one) => one.call === call)!;
const values = ({ fields }: CallForm, given: RawValues = {}, known = names): RawValues => ({
  ...Object.fromEntries(fields.map((field) => [keyOf(field), initialOf(field, known)])),
  ...given,
});
const preview = (call: string, given: RawValues = {}): string =>
  previewOf(form(call), values(form(call), given), names);
const step = (call: string, given: RawValues = {}) => stepOf(form(call), values(form(call), given));

/** Steps that no click can say, each with why. */
const NOT_BY_CLICK: Readonly<Record<string, string>> = {
  if: 'a choice between steps: by hand, the user chooses the next step',
  while: 'a list of steps again and again: by hand, the user gives each',
  repeat: 'a list of steps so many times: by hand, the user gives each',
};
/** Parameters that no field has, each with why. */
const NOT_ASKED: Readonly<Record<string, string>> = {
  as: 'names a call for expectations, of which a session by hand has none; where it names what is made, a field asks for it',
};
const MAKES_WHAT_IT_NAMES = new Set([
  'readFileEx',
  'writeFileEx',
  'readDirectoryChanges',
  'openHandle',
  'duplicateHandle',
]);

describe('whatever a scenario can say, a click can do', () => {
  it('has every step of a scenario as a form, once, or a reason why not', () => {
    const offered = CALL_FORMS.map(({ call }) => call);
    expect([...offered, ...Object.keys(NOT_BY_CLICK)].sort()).toEqual([...STEP_NAMES].sort());
    expect([...HAND_CALLS].sort()).toEqual([...offered].sort());
  });

  it.each(CALL_SCHEMAS.map((schema) => [schema.shape.do.value, Object.keys(schema.shape)] as const))(
    '%s: every parameter has its field, and every field its parameter',
    (call, parameters) => {
      const asked = form(call)
        .fields.filter((field) => field.kind !== 'choice' || field.steers !== true)
        .map(({ name }) => name);
      const wanted = parameters.filter(
        (name) => name !== 'do' && (!(name in NOT_ASKED) || MAKES_WHAT_IT_NAMES.has(call)),
      );
      expect([...new Set(asked)].sort()).toEqual([...wanted].sort());
    },
  );

  it.each(CALL_SCHEMAS.map((schema) => [schema.shape.do.value, schema.shape] as const))(
    '%s: every member of a list of flags has its tick, every one of a few values its choice',
    (call, shape) => {
      for (const [name, schema] of Object.entries(shape)) {
        const { enum: values, items } = z.toJSONSchema(schema as z.ZodType, { io: 'input' }) as {
          enum?: string[];
          items?: { enum?: string[] };
        };
        const fields = form(call).fields.filter((field) => field.name === name);
        const offered = fields.flatMap((field) =>
          field.kind === 'member'
            ? [field.member]
            : field.kind === 'choice'
              ? field.choices.map(({ value }) => value)
              : [],
        );
        expect(offered.sort()).toEqual([...(values ?? items?.enum ?? [])].sort());
      }
    },
  );

  it.each(
    objectSchema.options.map((option) => [option.shape.type.value, Object.keys(option.shape)] as const),
  )('an object of type %s: every parameter has its field', (type, parameters) => {
    const { fields } = OBJECT_FORMS.find((one) => one.type === type)!;
    expect(['type', ...fields.map(({ name }) => name)].sort()).toEqual([...parameters].sort());
  });
});

describe('the table of calls', () => {
  it.each(CALL_FORMS.map((one) => [one.call, one] as const))(
    '%s can be made as it stands: main takes it',
    (_call, one) => {
      const made = stepOf(one, values(one));
      expect(made.problems).toEqual({});
      const parsed = handStepSchema.safeParse(made.step);
      expect(parsed.error?.issues).toBeUndefined();
      expect(() => compileHandStep(parsed.data!, handNames)).not.toThrow();
    },
  );

  it('says what is missing where there is nothing to choose', () => {
    const none: Names = { ...names, objects: [], routines: [], io: [], variables: [], uncreated: [] };
    const problems = (call: string) => stepOf(form(call), values(form(call), {}, none)).problems;
    expect(problems('waitForSingleObject')).toEqual({});
    expect(problems('setWaitableTimer')['timer']).toBe('There is no timer yet: make one with New object.');
    expect(problems('queueUserApc')['routine']).toMatch(/no routines/);
    expect(problems('cancelIoEx')['io']).toMatch(/No thread has read or written/);
    expect(problems('createThread')['thread']).toMatch(/New thread/);
  });
});

describe('a call as Windows spells it', () => {
  it.each([
    ['sleepEx', {}, 'SleepEx(INFINITE, TRUE)'],
    ['waitForSingleObjectEx', { object: 'bell' }, 'WaitForSingleObjectEx(bell, INFINITE, TRUE)'],
    ['waitForSingleObject', { object: 'handle:null', milliseconds: '5' }, 'WaitForSingleObject(NULL, 5)'],
    [
      'waitForMultipleObjectsEx',
      { objects: ['bell', 'self'] },
      'WaitForMultipleObjectsEx(2, {bell, ann}, FALSE, INFINITE, TRUE)',
    ],
    ['queueUserApc', { data: '7' }, 'QueueUserAPC(greet, bob, 7)'],
    [
      'queueUserApc2',
      { 'flags.special': true },
      'QueueUserAPC2(greet, bob, 0, QUEUE_USER_APC_FLAGS_SPECIAL_USER_APC)',
    ],
    ['ntQueueApcThread', { routine: '', args: '1, 2' }, 'NtQueueApcThread(bob, NULL, 1, 2)'],
    ['setWaitableTimer', { routine: '' }, 'SetWaitableTimer(clock, 1000 ms, 0, NULL, 0)'],
    ['setWaitableTimer', { due: 'at', routine: '' }, 'SetWaitableTimer(clock, at 7000 ms, 0, NULL, 0)'],
    ['writeFileEx', { text: 'a "b"' }, 'WriteFileEx(book, "a \\"b\\"", greet)'],
    ['writeFileEx', { content: 'bytes' }, 'WriteFileEx(book, 16 bytes, greet)'],
    ['writePipe', { text: 'x'.repeat(100) }, `WriteFile(tube.write, "${'x'.repeat(39)}…")`],
    ['log', {}, 'log("returned {result}")'],
    ['awaitState', { state: 'ended' }, 'awaitState(bob, ended)'],
    ['openHandle', {}, 'OpenThread(THREAD_SET_CONTEXT, FALSE, bob)'],
    [
      'msgWaitForMultipleObjectsEx',
      { objects: [] },
      'MsgWaitForMultipleObjectsEx(0, {}, INFINITE, QS_ALLINPUT, MWMO_ALERTABLE)',
    ],
    ['sleep', { milliseconds: '' }, 'Sleep(…)'],
  ])('%s', (call, given, text) => {
    expect(preview(call, given)).toBe(text);
  });
});

describe('what was given, as a step', () => {
  it('has numbers as numbers, names as names, and handles of nothing', () => {
    expect(step('waitForSingleObjectEx', { object: 'handle:bogus', milliseconds: ' 250 ' }).step).toEqual({
      do: 'waitForSingleObjectEx',
      object: { handle: 'bogus' },
      milliseconds: 250,
      alertable: true,
    });
    expect(step('queueUserApc2', { 'flags.special': true, data: '0x10' }).step).toEqual({
      do: 'queueUserApc2',
      thread: 'bob',
      routine: 'greet',
      data: 16,
      flags: ['special'],
    });
    expect(step('ntQueueApcThread', { routine: '' }).step).toEqual({
      do: 'ntQueueApcThread',
      thread: 'bob',
      routine: null,
    });
    expect(step('setWaitableTimer', { due: 'at', dueAtMs: ' 9000 ', routine: '' }).step).toEqual({
      do: 'setWaitableTimer',
      timer: 'clock',
      dueAtMs: 9000,
      data: 0,
    });
    expect(step('writePipe', { text: ' ä\n' }).step).toEqual({
      do: 'writePipe',
      file: 'tube.write',
      text: ' ä\n',
    });
    expect(step('writePipe', { content: 'bytes', text: '' })).toEqual({
      step: { do: 'writePipe', file: 'tube.write', bytes: 16 },
      problems: {},
    });
    expect(step('awaitState', { thread: 'cid', state: 'suspended' }).step).toEqual({
      do: 'awaitState',
      thread: 'cid',
      state: 'suspended',
    });
    expect(step('openHandle', { desiredAccess: 'SYNCHRONIZE | THREAD_TERMINATE' }).step).toMatchObject({
      desiredAccess: ['SYNCHRONIZE', 'THREAD_TERMINATE'],
    });
  });

  it.each([
    ['sleepEx', { milliseconds: '-1' }, 'milliseconds', /whole number of milliseconds, or INFINITE/],
    ['sleepEx', { milliseconds: '1.5' }, 'milliseconds', /whole number/],
    ['queueUserApc', { data: '1 2' }, 'data', /whole number/],
    ['ntQueueApcThread', { args: '1, x y' }, 'args', /commas/],
    ['openHandle', { desiredAccess: 'all of it' }, 'desiredAccess', /rights with \|/],
    ['openHandle', { as: '1st' }, 'as', /name/],
    ['setWaitableTimer', { due: 'at', dueAtMs: '1.5' }, 'dueAtMs', /whole number of milliseconds/],
    ['writePipe', { text: '' }, 'text', /at least one/],
    ['writeFileEx', { text: 'ä'.repeat(32_768) }, 'text', /At most 65,535 bytes .* it has 65,536/],
    ['log', { text: 'x'.repeat(1001) }, 'text', /At most 1,000 characters: it has 1,001/],
  ])('%s with %o says what is wrong', (call, given, field, problem) => {
    expect(step(call, given as RawValues).problems[field]).toMatch(problem);
  });
});

describe('what a field offers', () => {
  it('has what the call is for first, and all else after it', () => {
    const groups = choicesOf(form('setEvent').fields[0]!, names)!;
    expect(groups[0]?.choices.map(({ value }) => value)).toEqual(['bell']);
    const others = groups[1]?.choices.map(({ value }) => value);
    expect(others).toEqual(expect.arrayContaining(['lock', 'bob', 'self', 'handle:null']));
    expect(others).not.toContain('door');
  });
});
