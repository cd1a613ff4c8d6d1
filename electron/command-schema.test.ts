import { describe, expect, test } from 'vitest';
import type { Command } from '../apc-model/app-api.ts';
import { parseCommand, parseStreamAnswer } from './command-schema.ts';

const picture = { range: null, widthPx: 1600, scale: 2, colours: 'dark' } as const;

const accepted: Command[] = [
  { type: 'getAppInfo' },
  { type: 'runScenario', name: 'any' },
  { type: 'runAgain' },
  { type: 'stop' },
  { type: 'createThread', suspended: true },
  { type: 'queueUserApc', thread: 2, routine: 0, data: Number.MAX_SAFE_INTEGER, count: 10_000 },
  { type: 'handStep', thread: 0xffff, step: { do: 'sleepEx', milliseconds: 'INFINITE', alertable: true } },
  { type: 'handStep', thread: 2, step: { do: 'sleep', milliseconds: 0xfffffffe } },
  { type: 'handStep', thread: 2, step: { do: 'compute', microseconds: 0 } },
  { type: 'handStep', thread: 2, step: { do: 'exitThread', exitCode: 0xffffffff } },
  {
    type: 'handStep',
    thread: 2,
    step: {
      do: 'waitForMultipleObjectsEx',
      objects: ['one', { handle: 'null' }],
      waitAll: true,
      milliseconds: 5,
      alertable: false,
    },
  },
  {
    type: 'handStep',
    thread: 2,
    step: { do: 'queueUserApc2', thread: 'self', routine: 'r', flags: ['special'] },
  },
  { type: 'handStep', thread: 2, step: { do: 'log', text: 'x'.repeat(1000) } },
  { type: 'handStep', thread: 2, step: { do: 'awaitState', thread: 'T', state: 'alertable' } },
  { type: 'handStep', thread: 2, step: { do: 'writePipe', file: 'p.write', text: 'ä'.repeat(32767) } },
  { type: 'createObject', name: null, object: { type: 'file', text: 'x' } },
  { type: 'createObject', name: null, object: { type: 'event', manualReset: true } },
  { type: 'createObject', name: 'gate', object: { type: 'semaphore', count: 0, maximum: 3 } },
  { type: 'changeObject', call: 'releaseSemaphore', object: 4, count: 2 },
  { type: 'suspendThread', thread: 2 },
  { type: 'resumeThread', thread: 2 },
  { type: 'endThread', thread: 2 },
  { type: 'savePicture', format: 'svg', picture: { ...picture, range: { startNs: 0, endNs: 1.5 } } },
  { type: 'paintPng', picture: { ...picture, widthPx: 16_384, scale: 1 } },
  { type: 'saveTrace' },
  { type: 'exportTrace', format: 'chromeJson', range: { startNs: 0, endNs: 1 } },
  { type: 'exportTrace', format: 'csv', range: null },
  { type: 'cancelExport' },
  { type: 'getSettings' },
  { type: 'setSettings', settings: { appearance: 'dark', axis: 'events' } },
];

test.each(accepted)('$type is let through as it came', (command) => {
  expect(parseCommand(structuredClone(command))).toEqual({ ok: command });
});

const queue = { type: 'queueUserApc', thread: 2, routine: 0, data: 0, count: 1 };
const sleep = (milliseconds: unknown) => ({
  type: 'handStep',
  thread: 2,
  step: { do: 'sleep', milliseconds },
});
const paint = (change: object) => ({ type: 'paintPng', picture: { ...picture, ...change } });

/** What a hostile or broken page might send, and what the answer must name. */
const refused: [what: string, message: unknown, named: RegExp][] = [
  ['nothing', undefined, /field type/],
  ['null', null, /field type/],
  ['a number', 7, /field type/],
  ['a text', 'stop', /field type/],
  ['a list', [{ type: 'stop' }], /field type/],
  ['a map', new Map([['type', 'stop']]), /field type|type must be one of/],
  ['no type', {}, /type must be one of getAppInfo/],
  ['an unknown type', { type: 'evaluate', code: '1' }, /type must be one of getAppInfo/],
  ['a type from the prototype', { type: 'constructor' }, /type must be one of/],
  ['a type that is a list', { type: ['stop'] }, /type must be one of/],
  ['an unknown field', { type: 'stop', force: true }, /stop was refused: it has unknown fields \("force"\)/],
  ['an own __proto__', JSON.parse('{"type":"stop","__proto__":{"x":1}}'), /unknown fields/],
  ['an own constructor', { type: 'stop', constructor: 1 }, /unknown fields/],
  ['a thread below 0', { ...queue, thread: -1 }, /thread must be a whole number from 0 to 65,535/],
  ['a thread too high', { ...queue, thread: 65_536 }, /thread must be a whole number from 0 to 65,535/],
  ['a thread as text', { ...queue, thread: '2' }, /thread must be a whole number/],
  ['half a routine', { ...queue, routine: 0.5 }, /routine must be a whole number/],
  ['NaN data', { ...queue, data: Number.NaN }, /data must be a whole number/],
  ['infinite data', { ...queue, data: Infinity }, /data must be a whole number/],
  ['data that a double rounds', { ...queue, data: 2 ** 53 }, /data must be a whole number/],
  ['data as bigint', { ...queue, data: 1n }, /data must be a whole number/],
  ['no APC', { ...queue, count: 0 }, /count must be a whole number from 1 to 10,000/],
  ['too many APCs', { ...queue, count: 10_001 }, /count must be a whole number from 1 to 10,000/],
  ['a missing field', { type: 'queueUserApc', thread: 2, routine: 0, data: 0 }, /count must be/],
  ['no step', { type: 'handStep', thread: 2 }, /step must be an object/],
  [
    'an unknown step',
    { type: 'handStep', thread: 2, step: { do: 'terminate' } },
    /step\.do must be one of sleep, sleepEx/,
  ],
  ['a step of another kind', { type: 'handStep', thread: 2, step: { do: 'sleep', microseconds: 1 } }, /step/],
  [
    'a line that is too long',
    { type: 'handStep', thread: 2, step: { do: 'log', text: 'x'.repeat(1001) } },
    /step\.text found "x+…; allowed: at most 1000 characters/,
  ],
  [
    'a text that is too long',
    { type: 'handStep', thread: 2, step: { do: 'writePipe', file: 'p.write', text: 'ä'.repeat(32768) } },
    /step\.text .*allowed: at most 65535 bytes of UTF-8/,
  ],
  [
    'a state that nobody awaits',
    { type: 'handStep', thread: 2, step: { do: 'awaitState', thread: 'T', state: 'bored' } },
    /step\.state found "bored"; allowed: "blocked", "alertable"/,
  ],
  [
    'a step of steps',
    { type: 'handStep', thread: 2, step: { do: 'repeat', count: 2, steps: [] } },
    /step\.do must/,
  ],
  ['a negative sleep', sleep(-1), /step\.milliseconds .*found -1/],
  ['INFINITE as a number', sleep(0xffffffff), /step\.milliseconds .*4294967294, or "INFINITE"/],
  ['a sleep of nothing', sleep(null), /step\.milliseconds .*found null/],
  [
    'alertable as 1',
    { type: 'handStep', thread: 2, step: { do: 'sleepEx', milliseconds: 1, alertable: 1 } },
    /step\.alertable found 1; allowed: boolean/,
  ],
  [
    'half a microsecond',
    { type: 'handStep', thread: 2, step: { do: 'compute', microseconds: 0.5 } },
    /step\.microseconds/,
  ],
  [
    'an object of no type',
    { type: 'createObject', name: null, object: { type: 'file2' } },
    /object\.type must be one of event, semaphore/,
  ],
  [
    'an object with a path',
    { type: 'createObject', name: null, object: { type: 'file', path: '/etc/passwd' } },
    /unknown key "path"/,
  ],
  [
    'an object’s odd name',
    { type: 'createObject', name: '../x', object: { type: 'mutex' } },
    /name must begin/,
  ],
  [
    'a call that main does not make',
    { type: 'changeObject', call: 'closeHandle', object: 0, count: 0 },
    /call must be one of setEvent/,
  ],
  ['suspended as text', { type: 'createThread', suspended: 'false' }, /suspended must be true or false/],
  ['an empty name', { type: 'runScenario', name: '' }, /name must not be empty/],
  [
    'an endless name',
    { type: 'runScenario', name: 'x'.repeat(1e6) },
    /name must have at most 200 characters/,
  ],
  [
    'another picture format',
    { type: 'savePicture', format: 'exe', picture },
    /format must be one of png, svg/,
  ],
  [
    'a path',
    { type: 'savePicture', format: 'png', picture, path: '/etc/passwd' },
    /unknown fields \("path"\)/,
  ],
  ['no picture', { type: 'paintPng' }, /picture/],
  ['a narrow picture', paint({ widthPx: 199 }), /picture\.widthPx must be a whole number from 200 to 16,384/],
  ['a huge picture', paint({ widthPx: 16_385 }), /picture\.widthPx/],
  ['a picture beyond any canvas', paint({ widthPx: 16_384, scale: 4 }), /picture must have widthPx × scale/],
  ['a threefold picture', paint({ scale: 3 }), /picture\.scale must be one of 1, 2, 4/],
  ['unknown colours', paint({ colours: 'pink' }), /picture\.colours must be one of light, dark/],
  [
    'a range backwards',
    paint({ range: { startNs: 2, endNs: 1 } }),
    /picture\.range must have startNs before endNs/,
  ],
  ['an endless range', paint({ range: { startNs: 0, endNs: Infinity } }), /picture\.range\.endNs/],
  [
    'a range before the start',
    paint({ range: { startNs: -1, endNs: 1 } }),
    /picture\.range\.startNs must not be negative/,
  ],
  [
    'unknown settings',
    { type: 'setSettings', settings: { appearance: 'dark', axis: 'time', shell: true } },
    /settings has unknown fields/,
  ],
  [
    'half the settings',
    { type: 'setSettings', settings: { axis: 'time' } },
    /settings\.appearance must be one of/,
  ],
];

describe('a message that is no command', () => {
  test.each(refused)('%s is refused by name', (_what, message, named) => {
    const answer = parseCommand(message);
    expect(answer).not.toHaveProperty('ok');
    const { error } = answer as { error: string };
    expect(error).toMatch(named);
    // A sentence and not a dump: short, one line, no stack.
    expect(error).toMatch(/^The command .*\.$/);
    expect(error.length).toBeLessThan(400);
  });

  test('its long or many unknown keys are not echoed', () => {
    const keys = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`${index}${'x'.repeat(1000)}`, 1]),
    );
    const { error } = parseCommand({ type: 'stop', ...keys }) as { error: string };
    expect(error.length).toBeLessThan(300);
  });
});

test('what the page says on the stream is held to its two forms', () => {
  expect(parseStreamAnswer({ type: 'ready' })).toEqual({ ok: { type: 'ready' } });
  const acknowledge = { type: 'acknowledge', session: 1, sequence: 0 };
  expect(parseStreamAnswer(acknowledge)).toEqual({ ok: acknowledge });
  for (const message of [
    null,
    'ready',
    { type: 'ready', extra: 1 },
    { ...acknowledge, session: -1 },
    { ...acknowledge, sequence: '0' },
  ]) {
    expect(parseStreamAnswer(message)).toHaveProperty('error');
  }
});
