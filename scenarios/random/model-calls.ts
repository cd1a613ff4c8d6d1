import type { CallStep, Handle, Value } from '../../apc-model/scenario.ts';
import type { Machine } from './model-machine.ts';
import type { Activation, Apc, ModelObject, ModelThread } from './model-state.ts';
import type { CallNote } from './notes.ts';
import { Unpredictable } from './plan.ts';

/** The calls in which nobody waits and nothing runs: what they change and what they return. */

export const FAILED = 0xffffffff;

/** What a handle is of: an object (a thread's stands for its end), nothing, or something else that is a handle. */
export type Referred = ModelObject | 'nothing' | 'process';

export function refer(machine: Machine, thread: ModelThread, handle: Handle): Referred {
  if (typeof handle !== 'string') {
    if (handle.handle === 'currentThread') return thread.ends;
    return handle.handle === 'currentProcess' ? 'process' : 'nothing';
  }
  if (handle === 'self') return thread.ends;
  const object = machine.objects.get(handle);
  if (object !== undefined) return object;
  const named = machine.threads.find((one) => one.name === handle);
  if (named === undefined) throw new Unpredictable(`nothing is named ${handle}`);
  machine.clocks.read(thread.index, `birth of ${named.name}`);
  return named.life === 'declared' ? 'nothing' : named.ends; // fact 3
}

export function numberOf(machine: Machine, a: Activation, value: Value): number {
  if (typeof value === 'number') return value;
  switch (value) {
    case 'arg1':
    case 'arg2':
    case 'arg3':
      return a.args[Number(value[3]) - 1] ?? 0;
    case 'result':
      if (a.result === undefined) throw new Unpredictable('what an open result is used for');
      return a.result;
    case 'lastError':
      return a.lastError;
    case 'INFINITE':
      return FAILED;
    case 'WAIT_IO_COMPLETION':
      return 0xc0;
  }
  const variable = machine.variables.get(value);
  if (variable === undefined) throw new Unpredictable(`the model knows no value ${value}`);
  machine.clocks.read(a.thread.index, `variable ${value}`);
  return variable;
}

export const failed = (thread: ModelThread, error: number, result = 0): number => {
  thread.lastError = error;
  return result;
};

/** The result of a call that can't block; undefined where the call is none of these. */
export function plainCall(
  machine: Machine,
  a: Activation,
  step: CallStep,
  note: CallNote,
): number | undefined {
  const { thread } = a;
  const referred = (handle: Handle): Referred => refer(machine, thread, handle);
  switch (step.do) {
    case 'queueUserApc':
    case 'queueUserApc2': {
      note.queues = true;
      const special = step.do === 'queueUserApc2' && step.flags?.includes('special') === true;
      const args = [numberOf(machine, a, step.data ?? 0)];
      const apc: Apc = { queuedBy: note, routine: step.routine, args, special, reserve: undefined };
      const target = referred(step.thread);
      if (typeof target === 'string' || target.type !== 'thread') return failed(thread, 6); // facts 3, 4
      if (!machine.enqueue(thread, target.thread, apc)) return failed(thread, 31); // fact 6
      return 1;
    }
    case 'ntQueueApcThread':
    case 'ntQueueApcThreadEx':
      return ntQueue(machine, a, step, note);
    case 'setEvent':
    case 'resetEvent':
    case 'pulseEvent':
      return event(machine, thread, step.do, referred(step.object));
    case 'releaseSemaphore':
      return releaseSemaphore(machine, thread, referred(step.object), numberOf(machine, a, step.count ?? 1));
    case 'postQueuedCompletionStatus': {
      const port = referred(step.port);
      if (typeof port === 'string' || port.type !== 'port') return failed(thread, 6);
      machine.change(thread, port);
      port.count++;
      machine.signal(thread, port);
      return 1;
    }
    case 'releaseMutex':
      return releaseMutex(machine, thread, referred(step.object));
    case 'leaveCriticalSection': {
      const section = machine.objects.get(step.criticalSection);
      if (section?.type !== 'criticalSection' || section.owner !== thread)
        throw new Unpredictable('who leaves a critical section that he is not in breaks it');
      machine.change(thread, section);
      if (--section.recursion > 0) return 0;
      section.owner = undefined;
      machine.signal(thread, section);
      return 0;
    }
    case 'resumeThread': {
      const target = referred(step.thread);
      if (typeof target === 'string' || target.type !== 'thread') return failed(thread, 6, FAILED);
      return machine.resume(thread, target.thread);
    }
    case 'setLastError':
      thread.lastError = numberOf(machine, a, step.value);
      return 0;
    case 'getLastError':
      return thread.lastError;
    case 'switchToThread':
      note.open = true;
      return 0;
    default:
      return undefined;
  }
}

function ntQueue(
  machine: Machine,
  a: Activation,
  step: Extract<CallStep, { do: 'ntQueueApcThread' | 'ntQueueApcThreadEx' }>,
  note: CallNote,
): number {
  const { thread } = a;
  note.queues = true;
  const special = step.do === 'ntQueueApcThreadEx' && step.flags?.includes('special') === true;
  const target = refer(machine, thread, step.thread);
  if (target === 'nothing') return 0xc0000008;
  if (target === 'process' || target.type !== 'thread') return 0xc0000024; // fact 4
  let reserve: Apc['reserve'];
  if (step.do === 'ntQueueApcThreadEx' && typeof step.reserve === 'string') {
    const object = machine.objects.get(step.reserve);
    if (object?.type !== 'reserve') return 0xc0000024; // fact 132
    machine.change(thread, object);
    if (object.inUse === 'unknown')
      throw new Unpredictable('whether a lost APC frees its reserve is not stated');
    if (object.inUse) return 0xc00000f0; // fact 133
    reserve = object;
  }
  machine.touchThread(thread, target.thread);
  if (target.thread.life === 'ended') return 0xc0000001; // facts 6, 12
  if (step.routine === null) return 0; // fact 11
  const args = (step.args ?? []).map((value) => numberOf(machine, a, value));
  if (reserve !== undefined) reserve.inUse = true;
  machine.enqueue(thread, target.thread, { queuedBy: note, routine: step.routine, args, special, reserve });
  return 0;
}

/** A pulse releases those who wait at this instant, and leaves nothing (fact 138). */
function event(
  machine: Machine,
  thread: ModelThread,
  call: 'setEvent' | 'resetEvent' | 'pulseEvent',
  object: Referred,
): number {
  if (typeof object === 'string' || object.type !== 'event') return failed(thread, 6);
  machine.change(thread, object);
  object.signaled = call !== 'resetEvent';
  if (object.signaled) machine.signal(thread, object);
  if (call === 'pulseEvent') object.signaled = false;
  return 1;
}

function releaseSemaphore(machine: Machine, thread: ModelThread, object: Referred, count: number): number {
  if (typeof object === 'string' || object.type !== 'semaphore') return failed(thread, 6);
  machine.change(thread, object);
  if (count <= 0) return failed(thread, 87);
  if (object.count + count > object.maximum) return failed(thread, 298); // fact 72
  object.count += count;
  machine.signal(thread, object);
  return 1;
}

function releaseMutex(machine: Machine, thread: ModelThread, object: Referred): number {
  if (typeof object === 'string' || object.type !== 'mutex') return failed(thread, 6);
  machine.change(thread, object);
  if (object.owner !== thread) return failed(thread, 288); // fact 72
  if (--object.recursion > 0) return 1;
  object.owner = undefined;
  machine.signal(thread, object);
  return 1;
}

/** The first half of SignalObjectAndWait: 0 where it failed. */
export function signalOnce(machine: Machine, thread: ModelThread, object: Referred): number {
  if (typeof object === 'string') return failed(thread, 6);
  switch (object.type) {
    case 'event':
      return event(machine, thread, 'setEvent', object);
    case 'semaphore':
      return releaseSemaphore(machine, thread, object, 1);
    case 'mutex':
      return releaseMutex(machine, thread, object);
    default:
      throw new Unpredictable(`what SignalObjectAndWait does with a ${object.type} is not stated`);
  }
}
