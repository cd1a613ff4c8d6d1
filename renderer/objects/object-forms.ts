import type { HandObject } from '../../apc-model/hand-step.ts';
import { MOST_TEXT_BYTES } from '../../apc-model/limits.ts';
import { keyOf, readField, textOf, type Field, type Names, type RawValues } from '../calls/form.ts';
import { TERMS } from '../texts.ts';

/** Every object that a hand can make, as a form: one table. */

export interface ObjectForm {
  type: HandObject['type'];
  name: string;
  about: string;
  fields: readonly Field[];
  spelled: (text: (name: string) => string) => string;
}

const manualReset: Field = {
  name: 'manualReset',
  label: 'Manual reset: stays signaled until it is reset',
  kind: 'flag',
  initial: false,
};
const number = (name: string, label: string, initial: string): Field => ({
  name,
  label,
  kind: 'number',
  initial,
});

export const OBJECT_FORMS: readonly ObjectForm[] = [
  {
    type: 'event',
    name: 'Event',
    about: TERMS.event,
    fields: [
      manualReset,
      { name: 'signaled', label: 'Signaled from the start', kind: 'flag', initial: false },
    ],
    spelled: (text) => `CreateEventW(NULL, ${text('manualReset')}, ${text('signaled')}, NULL)`,
  },
  {
    type: 'semaphore',
    name: 'Semaphore',
    about: TERMS.semaphore,
    fields: [number('count', 'Count', '0'), number('maximum', 'Maximum', '10')],
    spelled: (text) => `CreateSemaphoreW(NULL, ${text('count')}, ${text('maximum')}, NULL)`,
  },
  {
    type: 'mutex',
    name: 'Mutex',
    about: TERMS.mutex,
    fields: [],
    spelled: () => 'CreateMutexW(NULL, FALSE, NULL)',
  },
  {
    type: 'timer',
    name: 'Waitable timer',
    about: TERMS.timer,
    fields: [manualReset],
    spelled: (text) => `CreateWaitableTimerW(NULL, ${text('manualReset')}, NULL)`,
  },
  {
    type: 'file',
    name: 'File',
    about: TERMS.file,
    fields: [
      {
        name: 'text',
        label: 'It holds',
        kind: 'text',
        initial: '',
        least: 0,
        mostBytes: MOST_TEXT_BYTES,
        lines: true,
        hint: 'Empty: nothing',
      },
    ],
    spelled: (text) =>
      `CreateFileW(…, FILE_FLAG_OVERLAPPED, NULL)${text('text') === '""' ? '' : `, holding ${text('text')}`}`,
  },
  {
    type: 'pipe',
    name: 'Pipe',
    about: TERMS.pipeRead,
    fields: [],
    spelled: () => 'CreateNamedPipeW(…), CreateFileW(…)',
  },
  {
    type: 'port',
    name: 'Completion port',
    about: TERMS.port,
    fields: [],
    spelled: () => 'CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0)',
  },
  {
    type: 'criticalSection',
    name: 'Critical section',
    about: TERMS.criticalSection,
    fields: [],
    spelled: () => 'InitializeCriticalSection(…)',
  },
  {
    type: 'reserve',
    name: 'APC reserve object',
    about: TERMS.reserve,
    fields: [],
    spelled: () => 'NtAllocateReserveObject(…, MemoryReserveUserApc)',
  },
];

/** Its name is asked for first. */
export const withName = ({ type, fields }: ObjectForm): readonly Field[] => [
  { name: 'name', label: 'Name', kind: 'name', prefix: type },
  ...fields,
];

export function previewOf(form: ObjectForm, values: RawValues, names: Names): string {
  const texts = new Map(
    withName(form).map((field) => [field.name, textOf(field, values[keyOf(field)]!, names)]),
  );
  const text = (name: string): string => texts.get(name) ?? '';
  return `${text('name')} = ${form.spelled(text)}`;
}

export function objectOf(form: ObjectForm, values: RawValues) {
  const object: Record<string, unknown> = {};
  const problems: Record<string, string> = {};
  for (const field of withName(form)) {
    const read = readField(field, values[keyOf(field)]!);
    if ('problem' in read) problems[field.name] = read.problem;
    else object[field.name] = read.value;
  }
  const { name, ...parameters } = object;
  // Main holds it to the schema: the form only gathered it.
  return { name: name as string, object: { type: form.type, ...parameters } as HandObject, problems };
}
