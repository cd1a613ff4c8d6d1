import { win32Name } from '../../apc-model/call-text.ts';
import { Call, type ObjectTypeName } from '../../apc-model/event.ts';
import type { HandCall } from '../../apc-model/hand-step.ts';
import { MOST_LOG_CHARACTERS, MOST_TEXT_BYTES } from '../../apc-model/limits.ts';
import { CALL_ABOUT } from '../texts.ts';
import { keyOf, readField, shownFields, textOf, type Field, type Names, type RawValues } from './form.ts';

/** Every call that a hand can let a thread make, as a form: one table. */

export const GROUPS = [
  'Waits',
  'Queue APCs',
  'Timers',
  'Objects',
  'I/O',
  'Messages and ports',
  'Threads and handles',
  'The lab’s own',
] as const;
export type Group = (typeof GROUPS)[number];

export interface CallForm {
  call: HandCall;
  group: Group;
  fields: readonly Field[];
  /** The parameters as Windows orders them, where they are not the fields one by one. */
  spelled?: (text: (key: string) => string) => readonly string[];
}

const WAITABLE: readonly (ObjectTypeName | 'thread')[] = [
  'event',
  'semaphore',
  'mutex',
  'timer',
  'handle',
  'thread',
];
const FILES: readonly ObjectTypeName[] = ['file', 'pipeRead', 'pipeWrite'];

const milliseconds: Field = {
  name: 'milliseconds',
  label: 'Milliseconds',
  kind: 'milliseconds',
  initial: 'INFINITE',
};
const alertable: Field = { name: 'alertable', label: 'Alertable', kind: 'flag', initial: true };
const waitAll: Field = { name: 'waitAll', label: 'Wait for all', kind: 'flag', initial: false };
const object = (name: string, label: string, ...types: readonly (ObjectTypeName | 'thread')[]): Field => ({
  name,
  label,
  kind: 'handle',
  types: types.length === 0 ? WAITABLE : types,
});
const objects: Field = { name: 'objects', label: 'Objects', kind: 'handles', types: WAITABLE, least: 0 };
const target: Field = { name: 'thread', label: 'Thread', kind: 'handle', types: ['thread', 'handle'] };
const routine: Field = { name: 'routine', label: 'Routine', kind: 'routine' };
const anyRoutine: Field = { ...routine, none: 'NULL' };
const data: Field = {
  name: 'data',
  label: 'Argument (dwData)',
  kind: 'number',
  initial: '0',
  optional: true,
};
const args: Field = {
  name: 'args',
  label: 'Arguments',
  kind: 'numbers',
  hint: 'Up to three numbers: 1, 2, 3',
};
const bytes: Field = { name: 'bytes', label: 'Bytes', kind: 'number', initial: '16' };
/** What is written: the one parameter or the other. */
const written: readonly Field[] = [
  {
    name: 'content',
    label: 'Write',
    kind: 'choice',
    choices: [
      { value: 'text', text: 'a text' },
      { value: 'bytes', text: 'so many bytes of any kind' },
    ],
    steers: true,
  },
  {
    name: 'text',
    label: 'Text',
    kind: 'text',
    initial: 'hello',
    least: 1,
    mostBytes: MOST_TEXT_BYTES,
    lines: true,
    when: { field: 'content', is: 'text' },
  },
  { ...bytes, when: { field: 'content', is: 'bytes' } },
];
const writtenText = (text: (key: string) => string): string => text('text') || `${text('bytes')} bytes`;
const offset: Field = { name: 'offset', label: 'Offset', kind: 'number', initial: '', optional: true };
const io: Field = { name: 'io', label: 'Read or write', kind: 'io' };
const ioName = (prefix: string): Field => ({
  name: 'as',
  label: 'Its name',
  kind: 'name',
  prefix,
  hint: 'For CancelIoEx and GetOverlappedResultEx',
});
const exitCode: Field = { name: 'exitCode', label: 'Exit code', kind: 'number', initial: '0' };
const value: Field = { name: 'value', label: 'Value', kind: 'number', initial: '1' };
const variable: Field = { name: 'variable', label: 'Variable', kind: 'variable' };
const member = (name: string, label: string, win32: string, initial = false): Field => ({
  name: 'flags',
  label,
  kind: 'member',
  member: name,
  win32,
  initial,
});
const special = (win32: string): Field => member('special', 'Special: interrupts the thread', win32);

export const CALL_FORMS: readonly CallForm[] = [
  { call: 'sleepEx', group: 'Waits', fields: [milliseconds, alertable] },
  { call: 'sleep', group: 'Waits', fields: [{ ...milliseconds, initial: '1000' }] },
  {
    call: 'waitForSingleObjectEx',
    group: 'Waits',
    fields: [object('object', 'Object'), milliseconds, alertable],
  },
  { call: 'waitForSingleObject', group: 'Waits', fields: [object('object', 'Object'), milliseconds] },
  {
    call: 'waitForMultipleObjectsEx',
    group: 'Waits',
    fields: [objects, waitAll, milliseconds, alertable],
  },
  { call: 'waitForMultipleObjects', group: 'Waits', fields: [objects, waitAll, milliseconds] },
  {
    call: 'signalObjectAndWait',
    group: 'Waits',
    fields: [
      object('signal', 'Object to signal', 'event', 'semaphore', 'mutex'),
      object('wait', 'Object to wait for'),
      milliseconds,
      alertable,
    ],
  },
  {
    call: 'ntDelayExecution',
    group: 'Waits',
    fields: [{ ...milliseconds, initial: '1000' }, alertable],
  },
  { call: 'ntTestAlert', group: 'Waits', fields: [] },
  {
    call: 'waitOnAddress',
    group: 'Waits',
    fields: [variable, { name: 'compare', label: 'While it is', kind: 'number', initial: '0' }, milliseconds],
  },
  {
    call: 'enterCriticalSection',
    group: 'Waits',
    fields: [
      { name: 'criticalSection', label: 'Critical section', kind: 'object', types: ['criticalSection'] },
    ],
  },
  {
    call: 'leaveCriticalSection',
    group: 'Waits',
    fields: [
      { name: 'criticalSection', label: 'Critical section', kind: 'object', types: ['criticalSection'] },
    ],
  },
  { call: 'switchToThread', group: 'Waits', fields: [] },

  {
    call: 'queueUserApc',
    group: 'Queue APCs',
    fields: [routine, target, data],
  },
  {
    call: 'queueUserApc2',
    group: 'Queue APCs',
    fields: [
      routine,
      target,
      data,
      special('QUEUE_USER_APC_FLAGS_SPECIAL_USER_APC'),
      member('callbackDataContext', 'Callback data context', 'QUEUE_USER_APC_CALLBACK_DATA_CONTEXT'),
    ],
    spelled: (text) => [
      text('routine'),
      text('thread'),
      text('data'),
      joined(text, 'special', 'callbackDataContext'),
    ],
  },
  { call: 'ntQueueApcThread', group: 'Queue APCs', fields: [target, anyRoutine, args] },
  {
    call: 'ntQueueApcThreadEx',
    group: 'Queue APCs',
    fields: [
      target,
      { name: 'reserve', label: 'Reserve object', kind: 'handle', types: ['reserve'], none: 'NULL: none' },
      special('QUEUE_USER_APC_SPECIAL_USER_APC'),
      anyRoutine,
      args,
    ],
    spelled: (text) => [
      text('thread'),
      text('flags.special') === '' ? text('reserve') : text('flags.special'),
      text('routine'),
      text('args'),
    ],
  },

  {
    call: 'setWaitableTimer',
    group: 'Timers',
    fields: [
      object('timer', 'Timer', 'timer', 'handle'),
      {
        name: 'due',
        label: 'Due',
        kind: 'choice',
        choices: [
          { value: 'after', text: 'so long after the call' },
          { value: 'at', text: 'at a time of the session' },
        ],
        steers: true,
      },
      {
        name: 'dueMs',
        label: 'After (ms)',
        kind: 'number',
        initial: '1000',
        when: { field: 'due', is: 'after' },
      },
      {
        name: 'dueAtMs',
        label: 'At (ms since the session’s start)',
        kind: 'sessionTime',
        hint: 'What has passed is due at once',
        when: { field: 'due', is: 'at' },
      },
      {
        name: 'period',
        label: 'Period (ms)',
        kind: 'number',
        initial: '',
        optional: true,
        hint: 'Empty: once',
      },
      { ...routine, none: 'NULL: no APC' },
      { ...data, label: 'Argument' },
    ],
    spelled: (text) => [
      text('timer'),
      text('dueAtMs') === '' ? `${text('dueMs')} ms` : `at ${text('dueAtMs')} ms`,
      text('period') === '' ? '0' : text('period'),
      text('routine'),
      text('data'),
    ],
  },
  { call: 'cancelWaitableTimer', group: 'Timers', fields: [object('timer', 'Timer', 'timer', 'handle')] },

  { call: 'setEvent', group: 'Objects', fields: [object('object', 'Event', 'event', 'handle')] },
  { call: 'resetEvent', group: 'Objects', fields: [object('object', 'Event', 'event', 'handle')] },
  { call: 'pulseEvent', group: 'Objects', fields: [object('object', 'Event', 'event', 'handle')] },
  {
    call: 'releaseSemaphore',
    group: 'Objects',
    fields: [
      object('object', 'Semaphore', 'semaphore', 'handle'),
      { name: 'count', label: 'Count', kind: 'number', initial: '1' },
    ],
  },
  { call: 'releaseMutex', group: 'Objects', fields: [object('object', 'Mutex', 'mutex', 'handle')] },

  {
    call: 'readFileEx',
    group: 'I/O',
    fields: [object('file', 'File', 'pipeRead', 'file', 'handle'), bytes, routine, offset, ioName('read')],
    spelled: (text) => [text('file'), `${text('bytes')} bytes`, text('routine')],
  },
  {
    call: 'writeFileEx',
    group: 'I/O',
    fields: [
      object('file', 'File', 'file', 'pipeWrite', 'handle'),
      ...written,
      routine,
      offset,
      ioName('write'),
    ],
    spelled: (text) => [text('file'), writtenText(text), text('routine')],
  },
  {
    call: 'writePipe',
    group: 'I/O',
    fields: [object('file', 'Pipe', 'pipeWrite'), ...written],
    spelled: (text) => [text('file'), writtenText(text)],
  },
  { call: 'cancelIoEx', group: 'I/O', fields: [io] },
  { call: 'getOverlappedResultEx', group: 'I/O', fields: [io, milliseconds, alertable] },
  {
    call: 'readDirectoryChanges',
    group: 'I/O',
    fields: [routine, ioName('watch')],
    spelled: (text) => ['the session’s folder', text('routine')],
  },
  {
    call: 'closePipeEnd',
    group: 'I/O',
    fields: [{ name: 'file', label: 'End of a pipe', kind: 'object', types: ['pipeRead', 'pipeWrite'] }],
  },

  {
    call: 'msgWaitForMultipleObjectsEx',
    group: 'Messages and ports',
    fields: [
      objects,
      milliseconds,
      member('alertable', 'Alertable', 'MWMO_ALERTABLE', true),
      member('waitAll', 'Wait for all, and a message', 'MWMO_WAITALL'),
      member('inputAvailable', 'Count input seen before', 'MWMO_INPUTAVAILABLE'),
    ],
    spelled: (text) => [
      text('objects'),
      text('milliseconds'),
      'QS_ALLINPUT',
      joined(text, 'alertable', 'waitAll', 'inputAvailable'),
    ],
  },
  {
    call: 'postMessage',
    group: 'Messages and ports',
    fields: [
      { name: 'thread', label: 'Thread', kind: 'thread' },
      { name: 'msg', label: 'Message', kind: 'number', initial: 'WM_APP' },
      { name: 'wParam', label: 'wParam', kind: 'number', initial: '0' },
    ],
  },
  {
    call: 'peekMessage',
    group: 'Messages and ports',
    fields: [{ name: 'remove', label: 'Take it out of the queue', kind: 'flag', initial: true }],
    spelled: (text) => [text('remove') === 'TRUE' ? 'PM_REMOVE' : 'PM_NOREMOVE'],
  },
  {
    call: 'getQueuedCompletionStatusEx',
    group: 'Messages and ports',
    fields: [object('port', 'Port', 'port', 'handle'), milliseconds, alertable],
  },
  {
    call: 'getQueuedCompletionStatus',
    group: 'Messages and ports',
    fields: [object('port', 'Port', 'port', 'handle'), milliseconds],
  },
  {
    call: 'postQueuedCompletionStatus',
    group: 'Messages and ports',
    fields: [
      object('port', 'Port', 'port', 'handle'),
      { name: 'numberOfBytesTransferred', label: 'Bytes', kind: 'number', initial: '0' },
      { name: 'completionKey', label: 'Key', kind: 'number', initial: '1' },
    ],
  },
  {
    call: 'createCompletionPort',
    group: 'Messages and ports',
    fields: [{ name: 'port', label: 'Its name', kind: 'name', prefix: 'port' }],
    spelled: (text) => ['INVALID_HANDLE_VALUE', 'NULL', text('port')],
  },
  {
    call: 'bindToPort',
    group: 'Messages and ports',
    fields: [
      object('file', 'File', ...FILES),
      object('port', 'Port', 'port', 'handle'),
      { name: 'completionKey', label: 'Key', kind: 'number', initial: '1' },
    ],
  },

  {
    call: 'createThread',
    group: 'Threads and handles',
    fields: [
      { name: 'thread', label: 'Thread', kind: 'uncreated' },
      { ...routine, none: 'as the scenario says', isNoneUsual: true },
      { name: 'suspended', label: 'Suspended', kind: 'flag', initial: false },
    ],
    spelled: (text) => [text('thread'), text('suspended') === 'TRUE' ? 'CREATE_SUSPENDED' : '0'],
  },
  { call: 'suspendThread', group: 'Threads and handles', fields: [target] },
  { call: 'resumeThread', group: 'Threads and handles', fields: [target] },
  { call: 'terminateThread', group: 'Threads and handles', fields: [target, exitCode] },
  { call: 'exitThread', group: 'Threads and handles', fields: [exitCode] },
  {
    call: 'openHandle',
    group: 'Threads and handles',
    fields: [
      { name: 'thread', label: 'Thread', kind: 'thread' },
      { name: 'desiredAccess', label: 'Access', kind: 'access', initial: 'THREAD_SET_CONTEXT' },
      { name: 'as', label: 'Name of the handle', kind: 'name', prefix: 'handle' },
    ],
    spelled: (text) => [text('desiredAccess'), 'FALSE', text('thread')],
  },
  {
    call: 'duplicateHandle',
    group: 'Threads and handles',
    fields: [
      {
        name: 'sourceHandle',
        label: 'Handle',
        kind: 'handle',
        types: [...WAITABLE, 'port', ...FILES, 'reserve'],
      },
      { name: 'as', label: 'Name of the new handle', kind: 'name', prefix: 'handle' },
      {
        name: 'desiredAccess',
        label: 'Access',
        kind: 'access',
        initial: '',
        optional: true,
        hint: 'Empty: the same',
      },
    ],
    spelled: (text) => [
      text('sourceHandle'),
      text('desiredAccess') === '…' ? 'DUPLICATE_SAME_ACCESS' : text('desiredAccess'),
    ],
  },
  {
    call: 'closeHandle',
    group: 'Threads and handles',
    fields: [
      object(
        'object',
        'Handle',
        'handle',
        'event',
        'semaphore',
        'mutex',
        'timer',
        'file',
        'port',
        'reserve',
        'thread',
      ),
    ],
  },
  { call: 'setLastError', group: 'Threads and handles', fields: [{ ...value, label: 'Error' }] },
  { call: 'getLastError', group: 'Threads and handles', fields: [] },

  {
    call: 'log',
    group: 'The lab’s own',
    fields: [
      {
        name: 'text',
        label: 'Text',
        kind: 'text',
        initial: 'returned {result}',
        least: 0,
        mostCharacters: MOST_LOG_CHARACTERS,
        lines: true,
        hint: 'In braces: result, lastError, elapsedNs, threadId or a variable',
      },
    ],
  },
  {
    call: 'compute',
    group: 'The lab’s own',
    fields: [{ name: 'microseconds', label: 'Microseconds', kind: 'number', initial: '1000' }],
  },
  {
    call: 'awaitState',
    group: 'The lab’s own',
    fields: [
      { name: 'thread', label: 'Thread', kind: 'thread', alsoUncreated: true },
      {
        name: 'state',
        label: 'Until it',
        kind: 'choice',
        choices: [
          { value: 'blocked', text: 'is in a wait' },
          { value: 'alertable', text: 'is in an alertable wait' },
          { value: 'suspended', text: 'is suspended' },
          { value: 'ended', text: 'has ended' },
        ],
      },
    ],
  },
  { call: 'set', group: 'The lab’s own', fields: [variable, value] },
  { call: 'add', group: 'The lab’s own', fields: [variable, value] },
];

const joined = (text: (key: string) => string, ...members: readonly string[]): string =>
  members
    .map((one) => text(`flags.${one}`))
    .filter((one) => one !== '')
    .join(' | ') || '0';

/** The lab's own calls are named as in a scenario. */
const OWN_CALLS: ReadonlySet<HandCall> = new Set(['log', 'compute', 'awaitState', 'set', 'add']);

export const callName = (call: HandCall): string => (OWN_CALLS.has(call) ? call : win32Name(Call[call]));
export const aboutCall = (call: HandCall): string => CALL_ABOUT[call];

/** `WaitForSingleObjectEx(event1, INFINITE, TRUE)` */
export function previewOf(form: CallForm, values: RawValues, names: Names): string {
  const texts = new Map(
    shownFields(form.fields, values).map((field) => [
      keyOf(field),
      textOf(field, values[keyOf(field)]!, names),
    ]),
  );
  const parts = form.spelled?.((key) => texts.get(key) ?? '') ?? [...texts.values()];
  return `${callName(form.call)}(${parts.filter((one) => one !== '').join(', ')})`;
}

/** The step that the form stands for; where a field is wrong, its problem by the field's name. */
export function stepOf(
  { call, fields }: CallForm,
  values: RawValues,
): { step: Record<string, unknown>; problems: Record<string, string> } {
  const step: Record<string, unknown> = { do: call };
  const problems: Record<string, string> = {};
  for (const field of shownFields(fields, values)) {
    const read = readField(field, values[keyOf(field)]!);
    if ('problem' in read) problems[field.name] = read.problem;
    else if (field.kind === 'member') {
      const list = (step[field.name] ??= []) as string[];
      if (read.value === true) list.push(field.member);
    } else if (read.value !== undefined) step[field.name] = read.value;
    // NULL is a value of its own here, and no missing parameter.
    else if (field.kind === 'routine' && call.startsWith('nt')) step[field.name] = null;
  }
  return { step, problems };
}
