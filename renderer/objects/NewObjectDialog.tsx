import type { HandObject } from '../../apc-model/hand-step.ts';
import { readField, textOf, keyOf, type Field, type Names, type RawValues } from '../calls/form.ts';
import { FormDialog, type DialogForm } from '../calls/FormDialog.tsx';
import { liveNames } from '../calls/live-names.ts';
import { askPlainly } from '../commands.ts';
import { useSnapshot } from '../snapshot.ts';
import { followLive, useChoices } from '../store.ts';
import { TERMS } from '../texts.ts';

interface ObjectForm {
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

const OBJECT_FORMS: readonly ObjectForm[] = [
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
    fields: [],
    spelled: () => 'CreateFileW(…, FILE_FLAG_OVERLAPPED, NULL)',
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

const withName = ({ type, fields }: ObjectForm): readonly Field[] => [
  { name: 'name', label: 'Name', kind: 'name', prefix: type },
  ...fields,
];
const FORMS: readonly DialogForm[] = OBJECT_FORMS.map((form) => ({
  id: form.type,
  name: form.name,
  group: 'Objects',
  about: form.about,
  fields: withName(form),
}));
const formOf = (id: string) => OBJECT_FORMS.find(({ type }) => type === id)!;

/** Makes an object with a name and parameters of the user’s choice. */
export function NewObjectDialog() {
  const isOpen = useChoices((choices) => choices.dialog === 'object');
  const snapshot = useSnapshot();
  if (!isOpen || snapshot === undefined) return null;
  const names = liveNames(snapshot, null);
  return (
    <FormDialog
      title="New object"
      what="Type"
      forms={FORMS}
      initial="event"
      names={names}
      submitLabel="Make it"
      preview={(id, values) => previewOf(formOf(id), values, names)}
      submit={async (id, values) => {
        const { object, name, problems } = objectOf(formOf(id), values);
        if (Object.keys(problems).length > 0) return problems;
        const answer = await askPlainly({ type: 'createObject', name, object });
        if ('error' in answer) return answer;
        followLive();
        return undefined;
      }}
    />
  );
}

function previewOf(form: ObjectForm, values: RawValues, names: Names): string {
  const texts = new Map(
    withName(form).map((field) => [field.name, textOf(field, values[keyOf(field)]!, names)]),
  );
  const text = (name: string): string => texts.get(name) ?? '';
  return `${text('name')} = ${form.spelled(text)}`;
}

function objectOf(form: ObjectForm, values: RawValues) {
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
