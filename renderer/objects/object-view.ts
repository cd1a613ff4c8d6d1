import { objectStateText } from '../../apc-model/object-state.ts';
import type { EventTable } from '../../apc-model/event-table.ts';
import type { ObjectIndex, ObjectTypeName } from '../../apc-model/event.ts';
import type { ObjectAt, ThreadAt } from '../../apc-model/thread-state.ts';
import { waitersOf } from '../../apc-model/waiters.ts';
import { NOT_MADE_YET } from '../texts.ts';

/** Everything that an object's pill shows, in the words that it shows. */
export interface ObjectView {
  index: ObjectIndex;
  name: string;
  type: ObjectTypeName;
  /** `signaled`, `2 of 5`, `owned by ann`, `3 packets`, `closed` … */
  words: string;
  /** Would a wait on it be satisfied? undefined where the question makes no sense. */
  signaled: boolean | undefined;
  isToCome: boolean;
  isClosed: boolean;
  /** `ann waits`; empty where nobody does. */
  waiting: string;
}

/** The objects of the live end, each as it is at the instant shown. */
export function objectViews(
  table: EventTable,
  live: readonly ObjectAt[],
  at: readonly ObjectAt[],
  threads: readonly ThreadAt[],
): ObjectView[] {
  const known = new Map(at.map((object) => [object.index, object]));
  const waiters = waitersOf(table, threads);
  return live.map(({ index, name, type }) => {
    const object = known.get(index);
    return {
      index,
      name,
      type,
      words: object === undefined ? NOT_MADE_YET : objectWords(table, object),
      signaled: object?.state?.signaled,
      isToCome: object === undefined,
      isClosed: object?.state?.closed === true,
      waiting: waitingText((waiters.get(index) ?? []).map((thread) => table.threadName(thread))),
    };
  });
}

function objectWords(table: EventTable, { index, type, state }: ObjectAt): string {
  if (state === undefined) return 'nothing known yet';
  const open = { ...state, closed: false };
  const words = objectStateText(type, open, (thread) => table.threadName(thread), table.maximumOf(index));
  if (!state.closed) return words;
  return words === '' ? 'closed' : `closed, ${words}`;
}

const MOST_NAMES = 2;

/** `ann waits`, `ann and bob wait`, `ann, bob and 3 more wait`. */
export function waitingText(names: readonly string[]): string {
  if (names.length === 0) return '';
  if (names.length === 1) return `${names[0]} waits`;
  const shown = names.slice(0, MOST_NAMES);
  const more = names.length - shown.length;
  return more === 0 ? `${shown.join(' and ')} wait` : `${shown.join(', ')} and ${more} more wait`;
}

/** Would the pill look the same? */
export const sameObject = (one: ObjectView, other: ObjectView): boolean =>
  one.index === other.index &&
  one.name === other.name &&
  one.words === other.words &&
  one.waiting === other.waiting &&
  one.signaled === other.signaled &&
  one.isToCome === other.isToCome;
