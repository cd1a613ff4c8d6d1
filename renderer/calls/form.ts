import type { ObjectTypeName } from '../../apc-model/event.ts';

/** What a dialog asks for: a call's parameters, or those of an object to be made. */

/** What can be named in a field. */
export interface Names {
  /** The thread that makes the call. */
  self: string;
  /** Living threads, itself among them. */
  threads: readonly string[];
  /** Threads of the scenario that no step created yet. */
  uncreated: readonly string[];
  /** The likeliest first. */
  routines: readonly string[];
  objects: readonly { name: string; type: ObjectTypeName }[];
  io: readonly string[];
  variables: readonly string[];
  /** A time of the session that is a few seconds ahead, in milliseconds. */
  soonMs: number;
}

interface Common {
  /** The parameter's name in a scenario. */
  name: string;
  label: string;
  hint?: string;
  /** Only there while this choice field has this value. */
  when?: { field: string; is: string };
}
export type Field = Common &
  (
    | {
        /** An object, a thread, or a handle of neither; the types that the call is for come first. */
        kind: 'handle';
        types: readonly (ObjectTypeName | 'thread')[];
        /** What the user may leave out, with the words for that. */
        none?: string;
      }
    | { kind: 'handles'; types: readonly (ObjectTypeName | 'thread')[]; least: number }
    /** An object of these types and nothing else. */
    | { kind: 'object'; types: readonly ObjectTypeName[] }
    /** With those that are not created yet, where the call can be about them. */
    | { kind: 'thread'; alsoUncreated?: boolean }
    | { kind: 'uncreated' }
    | { kind: 'routine'; none?: string; isNoneUsual?: boolean }
    | { kind: 'io' }
    | { kind: 'variable' }
    | { kind: 'milliseconds'; initial: string }
    /** A whole number or a Win32 name; empty is left out where that is allowed. */
    | { kind: 'number'; initial: string; optional?: boolean }
    | { kind: 'numbers' }
    /** Milliseconds since the session's start. */
    | { kind: 'sessionTime' }
    /** UTF-8 of so many bytes, or characters; `lines`: it may have several. */
    | {
        kind: 'text';
        initial: string;
        least: number;
        mostBytes?: number;
        mostCharacters?: number;
        lines?: boolean;
      }
    /** One of a few; `steers`: it only says which fields there are, and is no parameter itself. */
    | { kind: 'choice'; choices: readonly { value: string; text: string }[]; steers?: boolean }
    | { kind: 'flag'; initial: boolean }
    /** One member of the list parameter `name`. */
    | { kind: 'member'; member: string; win32: string; initial: boolean }
    /** A name for what the call makes. */
    | { kind: 'name'; prefix: string; optional?: boolean }
    | { kind: 'access'; initial: string; optional?: boolean }
  );

/** Of each field what the user gave: a text, a tick, or the chosen of several. */
export type Raw = string | boolean | readonly string[];
export type RawValues = Readonly<Record<string, Raw>>;

/** A field's own key: the members of one list have the same name. */
export const keyOf = (field: Field): string =>
  field.kind === 'member' ? `${field.name}.${field.member}` : field.name;

/** Those fields that are there, as the choices among them stand. */
export const shownFields = (fields: readonly Field[], values: RawValues): readonly Field[] =>
  fields.filter(({ when }) => when === undefined || values[when.field] === when.is);

const PSEUDO: Readonly<Record<string, string>> = {
  'handle:currentThread': 'GetCurrentThread()',
  'handle:currentProcess': 'GetCurrentProcess()',
  'handle:null': 'NULL',
  'handle:bogus': 'a bogus handle',
};
export const PSEUDO_HANDLES = Object.entries(PSEUDO).map(([value, text]) => ({ value, text }));

export interface Choice {
  value: string;
  text: string;
  type: ObjectTypeName | 'thread' | 'routine' | 'none' | 'other';
}
export interface ChoiceGroup {
  label: string;
  choices: readonly Choice[];
}

/** What a field offers to choose from, the likeliest first; undefined where it is typed. */
export function choicesOf(field: Field, names: Names): ChoiceGroup[] | undefined {
  switch (field.kind) {
    case 'handle':
    case 'handles':
      return handleChoices(field.types, names, field.kind === 'handle' ? field.none : undefined);
    case 'object':
      return [
        {
          label: 'Objects',
          choices: names.objects
            .filter(({ type }) => field.types.includes(type))
            .map(({ name, type }) => ({ value: name, text: name, type })),
        },
      ];
    case 'thread': {
      const uncreated = field.alsoUncreated === true ? names.uncreated : [];
      const others = threadChoices(names);
      return [
        {
          label: 'Threads',
          choices: [
            ...others.slice(0, -1),
            ...uncreated.map((name) => thread(name, `${name} (not created yet)`)),
            ...others.slice(-1),
          ],
        },
      ];
    }
    case 'choice':
      return [
        {
          label: '',
          choices: field.choices.map(({ value, text }): Choice => ({ value, text, type: 'other' })),
        },
      ];
    case 'uncreated':
      return [{ label: 'Threads', choices: names.uncreated.map((name) => thread(name, name)) }];
    case 'routine':
      return [
        {
          label: 'Routines',
          choices: [
            ...names.routines.map((name): Choice => ({ value: name, text: name, type: 'routine' })),
            ...none(field.none),
          ],
        },
      ];
    case 'io':
      return [
        {
          label: 'Reads and writes',
          choices: names.io.map((name): Choice => ({ value: name, text: name, type: 'io' })),
        },
      ];
    case 'variable':
      return [
        {
          label: 'Variables',
          choices: names.variables.map((name): Choice => ({ value: name, text: name, type: 'other' })),
        },
      ];
    default:
      return undefined;
  }
}

const thread = (value: string, text: string): Choice => ({ value, text, type: 'thread' });
const none = (text: string | undefined): Choice[] =>
  text === undefined ? [] : [{ value: '', text, type: 'none' }];

const threadChoices = ({ self, threads }: Names): Choice[] => [
  ...threads.filter((name) => name !== self).map((name) => thread(name, name)),
  thread('self', `${self} (itself)`),
];

function handleChoices(
  types: readonly (ObjectTypeName | 'thread')[],
  names: Names,
  absent: string | undefined,
): ChoiceGroup[] {
  const isWanted = (one: { type: Choice['type'] }): boolean =>
    (types as readonly Choice['type'][]).includes(one.type);
  const objects = names.objects
    .filter(({ type }) => type !== 'criticalSection')
    .map(({ name, type }): Choice => ({ value: name, text: name, type }));
  const threads = threadChoices(names);
  const all = [...objects, ...threads];
  const pseudo = PSEUDO_HANDLES.map((one): Choice => ({ ...one, type: 'other' }));
  const place = (one: Choice): number => (types as readonly Choice['type'][]).indexOf(one.type);
  const wanted = all.filter(isWanted).sort((one, other) => place(one) - place(other));
  const groups = [
    { label: 'Made for it', choices: [...wanted, ...none(absent)] },
    {
      label: 'Others, to see what the call makes of them',
      choices: [...all.filter((one) => !isWanted(one)), ...pseudo],
    },
  ];
  return groups.filter(({ choices }) => choices.length > 0);
}

/** What stands in a field before the user touches it. */
export function initialOf(field: Field, names: Names): Raw {
  switch (field.kind) {
    case 'flag':
    case 'member':
      return field.initial;
    case 'milliseconds':
    case 'number':
    case 'access':
      return field.initial;
    case 'text':
      return field.initial;
    case 'sessionTime':
      return String(names.soonMs);
    case 'numbers':
      return '';
    case 'name':
      return field.optional === true ? '' : freeName(field.prefix, names);
    case 'handles':
      return wanted(field, names)
        .slice(0, Math.max(2, field.least))
        .map(({ value }) => value);
    case 'handle':
      return wanted(field, names)[0]?.value ?? '';
    case 'routine':
      return field.isNoneUsual === true ? '' : (names.routines[0] ?? '');
    default:
      return choicesOf(field, names)?.[0]?.choices[0]?.value ?? '';
  }
}

function wanted(field: Extract<Field, { kind: 'handle' | 'handles' }>, names: Names): readonly Choice[] {
  const first = choicesOf(field, names)?.[0];
  return first?.label === 'Made for it' ? first.choices : [];
}

function freeName(prefix: string, { objects, threads, io }: Names): string {
  const taken = new Set([...objects.map(({ name }) => name), ...threads, ...io]);
  for (let number = 1; ; number++) if (!taken.has(`${prefix}${number}`)) return `${prefix}${number}`;
}

export type Read = { value: unknown } | { problem: string };

const WHOLE = /^-?\d+$/;
const HEX = /^0x[0-9a-f]+$/i;
const WORD = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;

/** What a field’s content means in a step; `value` is undefined where the parameter is left out. */
export function readField(field: Field, raw: Raw): Read {
  switch (field.kind) {
    case 'flag':
    case 'member':
      return { value: raw === true };
    case 'handles': {
      const chosen = raw as readonly string[];
      return chosen.length < field.least
        ? { problem: 'Choose at least one.' }
        : { value: chosen.map(handleOf) };
    }
    case 'handle':
      if (raw === '' && field.none !== undefined) return { value: undefined };
      return raw === ''
        ? { problem: `There is ${missing(field.types)} yet: make one with New object.` }
        : { value: handleOf(raw as string) };
    case 'routine':
      if (raw === '' && field.none !== undefined) return { value: undefined };
      return raw === '' ? { problem: 'This scenario has no routines: run one that has.' } : { value: raw };
    case 'object':
      return raw === ''
        ? { problem: `There is ${missing(field.types)} yet: make one with New object.` }
        : { value: raw };
    case 'thread':
      return { value: raw };
    case 'uncreated':
      return raw === ''
        ? {
            problem:
              'Every thread of this scenario has been created. New thread, in the toolbar, makes another.',
          }
        : { value: raw };
    case 'io':
      return raw === ''
        ? { problem: 'No thread has read or written yet: let one call ReadFileEx or WriteFileEx first.' }
        : { value: raw };
    case 'variable':
      return raw === '' ? { problem: 'This scenario has no variables: run one that has.' } : { value: raw };
    case 'choice':
      return { value: field.steers === true ? undefined : raw };
    case 'text':
      return text(field, raw as string);
    case 'sessionTime':
      return number(raw as string, 'A whole number of milliseconds', 0);
    case 'milliseconds':
      return number(raw as string, 'A whole number of milliseconds, or INFINITE', 0);
    case 'number':
      if ((raw as string).trim() === '' && field.optional === true) return { value: undefined };
      return number(raw as string, 'A whole number, or a Win32 name', undefined);
    case 'numbers': {
      const given = (raw as string).split(',').map((one) => one.trim());
      if (given.length === 1 && given[0] === '') return { value: undefined };
      const read = given.map((one) => number(one, 'Whole numbers with commas between', undefined));
      const wrong = read.find((one) => 'problem' in one);
      return wrong ?? { value: read.map((one) => ('value' in one ? one.value : 0)) };
    }
    case 'name': {
      const text = (raw as string).trim();
      if (text === '' && field.optional === true) return { value: undefined };
      return WORD.test(text)
        ? { value: text }
        : { problem: 'A name: a letter or _, then letters, digits, _ . - (at most 64).' };
    }
    case 'access': {
      const text = (raw as string).trim();
      if (text === '' && field.optional === true) return { value: undefined };
      if (WHOLE.test(text) || HEX.test(text)) return { value: Number(text) };
      const rights = text.split('|').map((one) => one.trim());
      return rights.every((right) => WORD.test(right))
        ? { value: rights }
        : { problem: 'Access rights with | between: THREAD_SET_CONTEXT | SYNCHRONIZE' };
    }
  }
}

const utf8 = new TextEncoder();

function text({ least, mostBytes, mostCharacters }: Extract<Field, { kind: 'text' }>, given: string): Read {
  if (given.length < least) return { problem: 'A text: at least one character.' };
  if (mostCharacters !== undefined && given.length > mostCharacters)
    return { problem: `At most ${grouped(mostCharacters)} characters: it has ${grouped(given.length)}.` };
  const bytes = mostBytes === undefined ? 0 : utf8.encode(given).length;
  if (mostBytes !== undefined && bytes > mostBytes)
    return { problem: `At most ${grouped(mostBytes)} bytes of UTF-8: it has ${grouped(bytes)}.` };
  return { value: given };
}
const grouped = (count: number): string => count.toLocaleString('en-US');

function number(text: string, wanted: string, least: number | undefined): Read {
  const given = text.trim();
  if (WHOLE.test(given) || HEX.test(given)) {
    const value = Number(given);
    if (Number.isSafeInteger(value) && (least === undefined || value >= least)) return { value };
    return { problem: `${wanted}.` };
  }
  return WORD.test(given) ? { value: given } : { problem: `${wanted}.` };
}

const handleOf = (value: string): unknown =>
  value.startsWith('handle:') ? { handle: value.slice('handle:'.length) } : value;

const NAMED: Readonly<Partial<Record<ObjectTypeName | 'thread', string>>> = {
  event: 'no event',
  semaphore: 'no semaphore',
  mutex: 'no mutex',
  timer: 'no timer',
  file: 'no file',
  pipeRead: 'no pipe',
  pipeWrite: 'no pipe',
  port: 'no completion port',
  reserve: 'no reserve object',
  criticalSection: 'no critical section',
  handle: 'no opened handle',
};
const missing = (types: readonly (ObjectTypeName | 'thread')[]): string =>
  (types.length > 3 ? undefined : NAMED[types[0] ?? 'none']) ?? 'no object';

/** A field as it stands in the preview: as Windows spells it. */
export function textOf(field: Field, raw: Raw, names: Names): string {
  switch (field.kind) {
    case 'flag':
      return raw === true ? 'TRUE' : 'FALSE';
    case 'member':
      return raw === true ? field.win32 : '';
    case 'handles': {
      const chosen = raw as readonly string[];
      return `${chosen.length}, {${chosen.map((one) => handleText(one, names)).join(', ')}}`;
    }
    case 'handle':
    case 'thread':
      return raw === '' ? ('none' in field ? 'NULL' : '…') : handleText(raw as string, names);
    case 'routine':
      return raw === '' ? 'NULL' : (raw as string);
    case 'text':
      return quoted(raw as string);
    case 'number':
      return (raw as string).trim() === '' ? (field.optional === true ? '' : '…') : (raw as string).trim();
    case 'numbers':
      return (raw as string).trim();
    default:
      return (raw as string).trim() === '' ? '…' : (raw as string).trim();
  }
}

const MOST_SHOWN = 40;
/** As C spells it. */
function quoted(text: string): string {
  const short = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 1)}…` : text;
  return JSON.stringify(short);
}

const handleText = (value: string, names: Names): string =>
  value === 'self' ? names.self : (PSEUDO[value] ?? value);
