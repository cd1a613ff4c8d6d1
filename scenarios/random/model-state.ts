import type { CallNote } from './notes.ts';
import { Unpredictable } from './plan.ts';

/** What the model knows of threads and objects, and when an object is signaled. Facts are those of semantics.md. */

export interface Apc {
  queuedBy: CallNote;
  routine: string;
  args: number[];
  special: boolean;
  reserve: Extract<ModelObject, { type: 'reserve' }> | undefined;
}

/** A wait that a thread stands in. */
export interface Wait {
  on: ModelObject[];
  all: boolean;
  alertable: boolean;
  /** Undefined while nothing has ended it; a result, or an APC that came before anything else (facts 40, 68). */
  end: number | 'apc' | undefined;
}

export interface ModelThread {
  index: number;
  name: string;
  life: 'declared' | 'alive' | 'ended';
  /** Told when it has ended. */
  end: { reason: 'returned' | 'exitThread' | 'terminated'; code: number } | undefined;
  suspendCount: number;
  /** First in, first out (fact 29). */
  queue: Apc[];
  /** Special ones need no alertable wait (facts 125..128). */
  specials: Apc[];
  wait: Wait | undefined;
  /** It has something to do, as soon as it is not suspended. */
  ready: boolean;
  /** It did something since the controller last looked. */
  stirred: boolean;
  lastError: number;
  /** The port that it took its last packet from; uncertain where it waited in vain at another since (fact 77). */
  port: { of: ModelObject; certain: boolean } | undefined;
  delivered: number;
  lost: number;
  activity: Generator<void, void> | undefined;
  /** What stands for its end in waits. */
  ends: ModelObject;
}

export type ModelObject =
  | { type: 'event'; name: string; manualReset: boolean; signaled: boolean }
  | { type: 'semaphore'; name: string; count: number; maximum: number }
  | {
      type: 'mutex' | 'criticalSection';
      name: string;
      owner: ModelThread | undefined;
      recursion: number;
      abandoned: boolean;
    }
  | { type: 'port'; name: string; count: number }
  | { type: 'reserve'; name: string; inUse: boolean | 'unknown' }
  | { type: 'thread'; name: string; thread: ModelThread };

/** Waiting for it changes nothing, so that several threads may do so at once. */
export const staysAsItIs = (object: ModelObject): boolean =>
  object.type === 'thread' || (object.type === 'event' && object.manualReset);

export function isSignaled(object: ModelObject, thread: ModelThread): boolean {
  switch (object.type) {
    case 'event':
      return object.signaled;
    case 'semaphore':
    case 'port':
      return object.count > 0;
    case 'mutex':
    case 'criticalSection':
      return object.owner === undefined || object.owner === thread; // fact 64
    case 'thread':
      return object.thread.life === 'ended'; // fact 66
    case 'reserve':
      throw new Unpredictable('a reserve object is nothing to wait for');
  }
}

/** What a satisfied wait takes of an object (fact 60). Returns 0x80 where the mutex was abandoned (fact 65). */
function take(object: ModelObject, thread: ModelThread): number {
  switch (object.type) {
    case 'event':
      if (!object.manualReset) object.signaled = false;
      return 0;
    case 'semaphore':
      object.count--;
      return 0;
    case 'port':
      object.count--;
      thread.port = { of: object, certain: true };
      return 0;
    case 'mutex':
    case 'criticalSection': {
      const abandoned = object.abandoned;
      object.owner = thread;
      object.recursion++;
      object.abandoned = false;
      return abandoned ? 0x80 : 0;
    }
    default:
      return 0;
  }
}

export const isSatisfied = ({ on, all }: Wait, thread: ModelThread): boolean =>
  on.length > 0 &&
  (all ? on.every((one) => isSignaled(one, thread)) : on.some((one) => isSignaled(one, thread)));

/** Takes what a satisfied wait takes: of any, the lowest index (fact 61); of all, everything (facts 62, 65). */
export function satisfy({ on, all }: Wait, thread: ModelThread): number {
  if (!all) {
    const index = on.findIndex((one) => isSignaled(one, thread));
    return take(on[index]!, thread) + index;
  }
  return Math.max(...on.map((one) => take(one, thread))); // WAIT_ABANDONED_0 without an index
}

export const hasApc = ({ queue, specials }: ModelThread): boolean => queue.length > 0 || specials.length > 0;

/** How a thread stands when nothing moves any more. */
export type Standing = 'declared' | 'blocked' | 'alertable' | 'suspended' | 'ended';

export function standingOf(thread: ModelThread): Standing {
  if (thread.life !== 'alive') return thread.life;
  if (thread.suspendCount > 0) return 'suspended';
  return thread.wait?.alertable === true ? 'alertable' : 'blocked';
}

export function newThread(index: number, name: string): ModelThread {
  const thread: Omit<ModelThread, 'ends'> = {
    index,
    name,
    life: 'declared',
    end: undefined,
    suspendCount: 0,
    queue: [],
    specials: [],
    wait: undefined,
    ready: false,
    stirred: false,
    lastError: 0,
    port: undefined,
    delivered: 0,
    lost: 0,
    activity: undefined,
  };
  const whole = thread as ModelThread;
  whole.ends = { type: 'thread', name, thread: whole };
  return whole;
}

/** One activation of a routine. */
export interface Activation {
  thread: ModelThread;
  routine: string;
  args: readonly number[];
  /** Undefined where the last call's is open. */
  result: number | undefined;
  lastError: number;
}

export const newActivation = (
  thread: ModelThread,
  routine: string,
  args: readonly number[] = [],
): Activation => ({ thread, routine, args, result: 0, lastError: 0 });
