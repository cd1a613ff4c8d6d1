import { describe, expect, it } from 'vitest';
import { compileHandStep, type HandNames } from '../../apc-model/compile-hand-step.ts';
import { HAND_CALLS, handStepSchema } from '../../apc-model/hand-step.ts';
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

describe('the table of calls', () => {
  it('has every call that a hand can make, once', () => {
    expect(CALL_FORMS.map(({ call }) => call).sort()).toEqual([...HAND_CALLS].sort());
  });

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
