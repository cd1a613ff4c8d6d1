import type { ObjectTypeName, ThreadIndex } from './event.ts';

/** Who owns a mutex: a thread, nobody, or somebody of whom only that is known. */
export type Owner = ThreadIndex | 'nobody' | 'unknown';

/** An object's state, as far as its type has one (apc.h, "Objects"). */
export interface ObjectState {
  /** The program's handle to it is closed. */
  closed: boolean;
  /** Would a wait on it be satisfied? Of an event, a timer, a semaphore or a mutex. */
  signaled?: boolean;
  /** Of a timer: it will expire. */
  set?: boolean;
  /** Of a semaphore. */
  count?: number;
  /** Of a mutex or a critical section, as `recursion`: how often its owner has it. */
  owner?: Owner;
  recursion?: number;
  abandoned?: boolean;
  /** That a file holds; that were written into a pipe and not read yet. */
  bytes?: number;
  /** Of an end of a pipe. */
  endClosed?: boolean;
  /** Of a port: what stands in it, and whether it exists. */
  packets?: number;
  exists?: boolean;
  /** Of a reserve object: an APC stands on it. */
  inUse?: boolean;
  /** Of a place for a handle. */
  open?: boolean;
}

const OWNER_NONE = 0xffff;
const OWNER_UNKNOWN = 0xfffe;

/** What an objectChanged says of an object of this type; undefined for a type that has no state. */
export function decodeObjectState(
  type: ObjectTypeName,
  valueLow: number,
  valueHigh: number,
): ObjectState | undefined {
  const closed = valueHigh >>> 31 !== 0;
  const bit0 = (valueLow & 1) !== 0;
  const bit32 = (valueHigh & 1) !== 0;
  switch (type) {
    case 'event':
      return { closed, signaled: bit0 };
    case 'semaphore':
      return { closed, signaled: valueLow > 0, count: valueLow };
    case 'mutex':
    case 'criticalSection': {
      const owner = ownerOf(valueLow & 0xffff);
      return {
        closed,
        signaled: owner === 'nobody',
        owner,
        recursion: valueLow >>> 16,
        abandoned: bit32,
      };
    }
    case 'timer':
      return { closed, signaled: bit0, set: (valueLow & 2) !== 0 };
    case 'file':
      return { closed, bytes: valueLow };
    case 'pipeRead':
    case 'pipeWrite':
      return { closed, bytes: valueLow, endClosed: bit32 };
    case 'port':
      return { closed, packets: valueLow, exists: bit32 };
    case 'reserve':
      return { closed, inUse: bit0 };
    case 'handle':
      return { closed, open: bit0 };
    case 'io':
    case 'none':
      return undefined;
  }
}

const ownerOf = (owner: number): Owner =>
  owner === OWNER_NONE ? 'nobody' : owner === OWNER_UNKNOWN ? 'unknown' : owner;

/**
 * The state in a few words: `signaled`, `2 of 5`, `owned by T1 (2 times), abandoned`, `3 packets`.
 * @param maximum of a semaphore, where it is known
 */
export function objectStateText(
  type: ObjectTypeName,
  state: ObjectState | undefined,
  threadName: (thread: ThreadIndex) => string,
  maximum?: number,
): string {
  if (state === undefined) return 'in a state that is not known';
  const words = [
    ...stateWords(type, state, threadName, maximum),
    ...(state.closed ? ['its handle is closed'] : []),
  ];
  return words.join(', ');
}

function stateWords(
  type: ObjectTypeName,
  state: ObjectState,
  threadName: (thread: ThreadIndex) => string,
  maximum: number | undefined,
): string[] {
  const signaled = state.signaled === true ? 'signaled' : 'not signaled';
  switch (type) {
    case 'event':
      return [signaled];
    case 'timer':
      return [signaled, ...(state.set === true ? ['set'] : [])];
    case 'semaphore':
      return [maximum === undefined ? `count ${state.count}` : `${state.count} of ${maximum}`];
    case 'mutex':
    case 'criticalSection':
      return [
        ownerText(state, threadName),
        ...(state.abandoned === true && type === 'mutex' ? ['abandoned'] : []),
      ];
    case 'file':
      return [counted(state.bytes ?? 0, 'byte')];
    case 'pipeRead':
    case 'pipeWrite':
      return [
        `${counted(state.bytes ?? 0, 'byte')} unread`,
        ...(state.endClosed === true ? ['this end is closed'] : []),
      ];
    case 'port':
      return [state.exists === true ? counted(state.packets ?? 0, 'packet') : 'does not exist yet'];
    case 'reserve':
      return [state.inUse === true ? 'in use' : 'free'];
    case 'handle':
      return [state.open === true ? 'open' : 'not open'];
    case 'io':
    case 'none':
      return [];
  }
}

function ownerText(
  { owner, recursion = 0 }: ObjectState,
  threadName: (thread: ThreadIndex) => string,
): string {
  if (owner === 'nobody' || owner === undefined) return 'free';
  const by = owner === 'unknown' ? 'owned' : `owned by ${threadName(owner)}`;
  return recursion > 1 ? `${by} (${recursion} times)` : by;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
