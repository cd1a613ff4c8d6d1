import { describe, expect, it } from 'vitest';
import {
  compileHandObject,
  compileHandStep,
  freeName,
  madeObjects,
  withTexts,
  type HandNames,
} from './compile-hand-step.ts';
import { Call, PseudoHandle, SITE_NONE, ThreadState } from './event.ts';
import { HAND_CALLS, HandFault, handStepSchema, type HandStep } from './hand-step.ts';
import { Local, OPERAND_ABSENT, OWN_THREAD, StepFlag, operand } from './program.ts';

const names: HandNames = {
  threads: new Map([
    ['ann', 2],
    ['bob', 3],
  ]),
  routines: ['greet', 'count'],
  variables: ['total'],
  objects: [
    { name: 'bell', type: 'event' },
    { name: 'door', type: 'criticalSection' },
    { name: 'clock', type: 'timer' },
    { name: 'first', type: 'io' },
    { name: 'key', type: 'handle' },
    { name: 'tube.read', type: 'pipeRead' },
    { name: 'tube.write', type: 'pipeWrite' },
  ],
};
const compiled = (step: HandStep) => compileHandStep(step, names);

function fault(step: HandStep): HandFault {
  try {
    compiled(step);
  } catch (error) {
    if (error instanceof HandFault) return error;
    throw error;
  }
  throw new Error('it was compiled');
}

describe('a step by hand', () => {
  it('has its operands in the order of the library, and its numbers as constants', () => {
    expect(
      compiled({ do: 'waitForSingleObjectEx', object: 'bell', milliseconds: 'INFINITE', alertable: true }),
    ).toEqual({
      instruction: {
        op: Call.waitForSingleObjectEx,
        flags: StepFlag.alertable,
        site: SITE_NONE,
        operands: [operand('object', 0), operand('constant', 0)],
      },
      constants: [0xffffffffn],
      operands: [],
      texts: [],
      makes: undefined,
    });
  });

  it('names threads by the session’s index, itself, and handles that are none', () => {
    expect(compiled({ do: 'suspendThread', thread: 'bob' }).instruction.operands).toEqual([
      operand('thread', 3),
    ]);
    expect(compiled({ do: 'suspendThread', thread: 'self' }).instruction.operands).toEqual([
      operand('thread', OWN_THREAD),
    ]);
    expect(compiled({ do: 'setEvent', object: { handle: 'bogus' } }).instruction.operands).toEqual([
      operand('handle', PseudoHandle.bogus),
    ]);
  });

  it('puts several handles into a list', () => {
    const { instruction, operands } = compiled({
      do: 'waitForMultipleObjects',
      objects: ['clock', 'ann'],
      waitAll: true,
      milliseconds: 5,
    });
    expect(instruction).toMatchObject({ flags: StepFlag.waitAll, operands: [operand('list', 0), 0] });
    expect(operands).toEqual([2, operand('object', 2), operand('thread', 2)]);
  });

  it('leaves out what is absent, and takes a variable or a local for a number', () => {
    const { instruction } = compiled({
      do: 'ntQueueApcThread',
      thread: 'ann',
      routine: null,
      args: ['total', 'result'],
    });
    expect(instruction.operands).toEqual([
      operand('thread', 2),
      OPERAND_ABSENT,
      operand('variable', 0),
      operand('local', Local.result),
    ]);
  });

  it('makes the I/O that it begins, each time another, or the one that it names', () => {
    const step = { do: 'readFileEx', file: 'tube.read', bytes: 8, routine: 'greet' } as const;
    expect(compiled(step)).toMatchObject({ makes: { name: 'read1', type: 'io', parameters: [] } });
    expect(compiled(step).instruction.operands[1]).toBe(operand('object', names.objects.length));
    const again = compiled({ ...step, as: 'first' });
    expect(again.makes).toBeUndefined();
    expect(again.instruction.operands[1]).toBe(operand('object', 3));
    expect(compiled({ do: 'cancelIoEx', io: 'first' }).instruction.operands).toEqual([operand('object', 3)]);
  });

  it('makes the place for a handle that it opens, and a port that a call creates', () => {
    const open = {
      do: 'openHandle',
      thread: 'ann',
      desiredAccess: ['SYNCHRONIZE', 'THREAD_SET_CONTEXT'],
    } as const;
    const made = compiled({ ...open, desiredAccess: [...open.desiredAccess], as: 'other' });
    expect(made.makes).toEqual({ name: 'other', type: 'handle', parameters: [] });
    expect(made.constants).toEqual([0x100010n]);
    expect(compiled({ ...open, desiredAccess: 'SYNCHRONIZE', as: 'key' }).makes).toBeUndefined();
    expect(compiled({ do: 'createCompletionPort', port: 'pier' }).makes).toEqual({
      name: 'pier',
      type: 'port',
      parameters: [1n],
    });
  });

  it.each<[string, HandStep, string, RegExp]>([
    [
      'an unknown handle',
      { do: 'setEvent', object: 'bel' },
      'object',
      /found "bel"; allowed: bell, .*make one with New object/,
    ],
    ['a critical section as a handle', { do: 'setEvent', object: 'door' }, 'object', /found "door"/],
    ['an unknown thread', { do: 'postMessage', thread: 'eve' }, 'thread', /allowed: self, ann, bob/],
    [
      'an unknown routine',
      { do: 'queueUserApc', thread: 'ann', routine: 'g' },
      'routine',
      /allowed: greet, count/,
    ],
    ['a word for a number', { do: 'sleep', milliseconds: 'soon' }, 'milliseconds', /whole number/],
    ['an unknown variable', { do: 'set', variable: 'sum', value: 1 }, 'variable', /allowed: total/],
    [
      'an unknown right',
      { do: 'openHandle', thread: 'ann', desiredAccess: 'ALL', as: 'x' },
      'desiredAccess',
      /found "ALL"/,
    ],
    [
      'a taken place',
      { do: 'openHandle', thread: 'ann', desiredAccess: 1, as: 'bell' },
      'as',
      /already names an event/,
    ],
    ['a brace that is none', { do: 'log', text: 'a } b' }, 'text', /write {{ or }} for a plain brace/],
    [
      'an unknown value in a line',
      { do: 'log', text: '{sum}' },
      'text',
      /found {sum}; allowed in braces: arg1, .*threadId, total/,
    ],
    ['257 values in a line', { do: 'log', text: '{total}'.repeat(257) }, 'text', /found 257 .* at most 256/],
    [
      'an unknown thread to await',
      { do: 'awaitState', thread: 'eve', state: 'ended' },
      'thread',
      /allowed: self, ann, bob/,
    ],
    [
      'two due times',
      { do: 'setWaitableTimer', timer: 'clock', dueMs: 1, dueAtMs: 2 },
      'dueMs',
      /either dueMs or dueAtMs/,
    ],
    [
      'bytes and text',
      { do: 'writePipe', file: 'tube.write', text: 'hi', bytes: 2 },
      'bytes',
      /either bytes or text/,
    ],
    ['no I/O of that name', { do: 'cancelIoEx', io: 'second' }, 'io', /allowed: first/],
    [
      '257 handles',
      {
        do: 'waitForMultipleObjects',
        objects: Array<string>(257).fill('bell'),
        waitAll: false,
        milliseconds: 0,
      },
      'objects',
      /found 257; a step by hand takes at most 256/,
    ],
  ])('refuses %s and says where and what would be right', (_what, step, field, problem) => {
    const found = fault(step);
    expect(found.field).toBe(field);
    expect(found.problem).toMatch(problem);
    expect(found.message).toMatch(/^\w+: .+\.$/);
  });

  it('says what to make where nothing of the kind is there', () => {
    const none = { ...names, objects: [], routines: [], variables: [] };
    const problemOf = (step: HandStep): string => {
      try {
        compileHandStep(step, none);
        return '';
      } catch (error) {
        return (error as HandFault).problem;
      }
    };
    expect(problemOf({ do: 'enterCriticalSection', criticalSection: 'd' })).toMatch(
      /make a critical section/,
    );
    expect(problemOf({ do: 'cancelIoEx', io: 'r' })).toMatch(/read or write first/);
    expect(problemOf({ do: 'queueUserApc', thread: 'ann', routine: 'r' })).toMatch(/no routines/);
    expect(problemOf({ do: 'set', variable: 'v', value: 0 })).toMatch(/no variables/);
  });

  it('brings its text, with the values in it as a list', () => {
    const { instruction, operands, texts } = compiled({ do: 'log', text: 'got {result} of {total}' });
    expect(texts).toEqual(['got {result} of {total}']);
    expect(instruction.operands).toEqual([operand('text', 0), operand('list', 0)]);
    expect(operands).toEqual([2, operand('local', Local.result), operand('variable', 0)]);
    expect(withTexts(instruction, [77]).operands).toEqual([operand('text', 77), operand('list', 0)]);
    expect(compiled({ do: 'log', text: '' }).instruction.operands).toEqual([operand('text', 0)]);
    const write = compiled({ do: 'writePipe', file: 'tube.write', text: 'hi' });
    expect(write.texts).toEqual(['hi']);
    expect(withTexts(write.instruction, [5]).operands).toEqual([operand('object', 6), operand('text', 5)]);
  });

  it('sets a timer for a time of the session, and awaits a state', () => {
    expect(compiled({ do: 'setWaitableTimer', timer: 'clock', dueAtMs: 9000 })).toMatchObject({
      instruction: {
        flags: StepFlag.absolute,
        operands: [operand('object', 2), 0, 1, OPERAND_ABSENT, OPERAND_ABSENT],
      },
      constants: [9000n, 0n],
    });
    expect(compiled({ do: 'awaitState', thread: 'bob', state: 'alertable' })).toMatchObject({
      instruction: { operands: [operand('thread', 3), operand('constant', 0)] },
      constants: [BigInt(ThreadState.alertable)],
    });
  });

  it('can be every call', () => {
    expect(HAND_CALLS.length).toBe(Object.keys(Call).length - 1);
    expect(handStepSchema.safeParse({ do: 'ntTestAlert' }).success).toBe(true);
    expect(handStepSchema.safeParse({ do: 'log', text: 'x' }).success).toBe(true);
    expect(handStepSchema.safeParse({ do: 'repeat', count: 2, steps: [] }).success).toBe(false);
  });
});

describe('an object by hand', () => {
  it('gets the first free name of its kind', () => {
    expect(compileHandObject({ type: 'event' }, null, names)).toEqual({
      name: 'event1',
      type: 'event',
      parameters: [0n, 0n],
    });
    const one = { ...names, objects: [...names.objects, { name: 'event1', type: 'event' as const }] };
    expect(compileHandObject({ type: 'event', signaled: true }, null, one).name).toBe('event2');
    expect(freeName('ann', { ...names, threads: new Map([['ann1', 2]]) })).toBe('ann2');
  });

  it('of a file holds a text, or nothing', () => {
    expect(compileHandObject({ type: 'file', text: 'x' }, null, names)).toEqual({
      name: 'file1',
      type: 'file',
      parameters: [],
      text: 'x',
    });
    expect(compileHandObject({ type: 'file', text: '' }, null, names).parameters).toEqual([0xffffffffn]);
  });

  it('of a pipe is two ends', () => {
    const pipe = compileHandObject({ type: 'pipe' }, null, names);
    expect(pipe).toEqual({ name: 'pipe1', type: 'pipeRead', parameters: [] });
    const after = { ...names, objects: [...names.objects, ...madeObjects(pipe)] };
    expect(after.objects.slice(-2).map(({ name }) => name)).toEqual(['pipe1.read', 'pipe1.write']);
    expect(compileHandObject({ type: 'pipe' }, null, after).name).toBe('pipe2');
  });

  it('is refused where its name is taken or its numbers contradict', () => {
    const make = (object: Parameters<typeof compileHandObject>[0], name: string | null) => () =>
      compileHandObject(object, name, names);
    expect(make({ type: 'mutex' }, 'bell')).toThrow(/already names an event/);
    expect(make({ type: 'mutex' }, 'ann')).toThrow(/already names a thread/);
    expect(make({ type: 'mutex' }, 'self')).toThrow(/of the lab/);
    expect(make({ type: 'semaphore', count: 3, maximum: 2 }, null)).toThrow(/count: found 3; .*at most .* 2/);
  });
});
