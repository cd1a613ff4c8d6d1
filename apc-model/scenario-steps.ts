import { z } from 'zod';
import { MOST_LOG_CHARACTERS } from './limits.ts';
import {
  access,
  byteCount,
  content,
  due,
  dword,
  handle,
  handles,
  long,
  microseconds,
  milliseconds,
  name,
  offset,
  thread,
  times,
  value,
  type Value,
} from './scenario-parts.ts';

/** The steps of a routine. Each call carries the parameters of its Win32 function, without their Hungarian prefixes. */

const as = name.optional().meta({ description: 'A name for this call, for expectations.' });
const ioName = name
  .optional()
  .meta({ description: 'A name for this call, and of its I/O for cancelIoEx and getOverlappedResultEx.' });
const place = name.meta({
  description:
    'A name for this call, and for the handle that it makes: where a handle is asked for, it means that.',
});
const routine = name.meta({ description: 'A routine of the scenario.' });
const anyRoutine = z
  .union([name, z.null()], { error: 'allowed: the name of a routine, or null for a NULL routine' })
  .meta({ description: 'A routine of the scenario, or null for a NULL routine.' });
const io = name.meta({ description: 'The "as" of a readFileEx, writeFileEx or readDirectoryChanges step.' });
const alertable = z.boolean();
const args = z
  .array(value)
  .max(3, { error: 'allowed: at most three arguments' })
  .optional()
  .meta({ description: 'Up to three arguments of the routine; those left out are 0.' });

const awaited = z.enum(['blocked', 'alertable', 'suspended', 'ended']).meta({
  description:
    'blocked: in a wait, alertable or not; alertable: in an alertable wait; suspended; ended. The step returns 0, or 1 when the thread ended first.',
});

const comparison = z.enum(['==', '!=', '<', '<=', '>', '>=']);
const when = z.tuple([value, comparison, value], { error: whenWords });
/** Of a list of three, what in it is wrong tells more. */
function whenWords({ input }: { input?: unknown }): string | undefined {
  return Array.isArray(input) && input.length === 3
    ? undefined
    : 'allowed: a list of three, such as ["result", "==", 0]';
}
export type When = z.infer<typeof when>;

const call = <const Name extends string, Shape extends z.ZodRawShape>(does: Name, shape: Shape) =>
  z.strictObject({ do: z.literal(does), ...shape, as });

/** One whose `as` also names what it makes. */
const making = <const Name extends string, Shape extends z.ZodRawShape>(does: Name, shape: Shape) =>
  z.strictObject({ do: z.literal(does), ...shape });

const mostLogged = { error: `allowed: at most ${MOST_LOG_CHARACTERS} characters` };

const waits = [
  call('sleep', { milliseconds }),
  call('sleepEx', { milliseconds, alertable }),
  call('waitForSingleObject', { object: handle, milliseconds }),
  call('waitForSingleObjectEx', { object: handle, milliseconds, alertable }),
  call('waitForMultipleObjects', { objects: handles, waitAll: z.boolean(), milliseconds }),
  call('waitForMultipleObjectsEx', { objects: handles, waitAll: z.boolean(), milliseconds, alertable }),
  call('signalObjectAndWait', { signal: handle, wait: handle, milliseconds, alertable }),
  call('msgWaitForMultipleObjectsEx', {
    objects: handles,
    milliseconds,
    flags: z.array(z.enum(['alertable', 'waitAll', 'inputAvailable'])).optional(),
  }),
  call('getQueuedCompletionStatus', { port: handle, milliseconds }),
  call('getQueuedCompletionStatusEx', { port: handle, milliseconds, alertable }),
  call('getOverlappedResultEx', { io, milliseconds, alertable }),
  call('ntDelayExecution', { milliseconds, alertable }),
  call('ntTestAlert', {}),
  call('waitOnAddress', { variable: name, compare: value, milliseconds }),
  call('enterCriticalSection', { criticalSection: name }),
  call('leaveCriticalSection', { criticalSection: name }),
  call('switchToThread', {}),
] as const;

const sources = [
  call('queueUserApc', { thread: handle, routine, data: value.optional() }),
  call('queueUserApc2', {
    thread: handle,
    routine,
    data: value.optional(),
    flags: z.array(z.enum(['special', 'callbackDataContext'])).optional(),
  }),
  call('ntQueueApcThread', { thread: handle, routine: anyRoutine, args }),
  call('ntQueueApcThreadEx', {
    thread: handle,
    reserve: handle
      .nullable()
      .optional()
      .meta({ description: 'A reserve object (or what is to be refused as one); null for NULL.' }),
    routine: anyRoutine,
    args,
    flags: z.array(z.enum(['special'])).optional(),
  }).refine(({ reserve, flags }) => reserve == null || !flags?.includes('special'), {
    path: ['flags'],
    error: 'allowed: either a reserve object or "special", as the function has one parameter for both',
  }),
  call('setWaitableTimer', {
    timer: handle,
    dueMs: due.optional().meta({ description: 'Due so long after the call. Either this or dueAtMs.' }),
    dueAtMs: due.optional().meta({ description: 'Due so long after the start of the session.' }),
    period: long.optional().meta({ description: 'Milliseconds, a LONG; 0 or absent: once.' }),
    routine: routine.optional(),
    data: value.optional(),
  }),
  call('cancelWaitableTimer', { timer: handle }),
  making('readFileEx', {
    file: handle,
    bytes: byteCount,
    routine,
    offset: offset.optional(),
    as: ioName,
  }),
  making('writeFileEx', {
    file: handle,
    bytes: byteCount.optional().meta({ description: 'So many bytes of any kind. Either this or text.' }),
    text: content.min(1).optional(),
    routine,
    offset: offset.optional(),
    as: ioName,
  }),
  call('cancelIoEx', { io }),
  making('readDirectoryChanges', { routine, as: ioName }),
] as const;

const objects = [
  call('setEvent', { object: handle }),
  call('resetEvent', { object: handle }),
  call('pulseEvent', { object: handle }),
  call('releaseSemaphore', { object: handle, count: long.optional() }),
  call('releaseMutex', { object: handle }),
  call('postMessage', { thread, msg: dword.optional(), wParam: value.optional() }),
  call('peekMessage', { remove: z.boolean().optional() }),
  call('createCompletionPort', { port: name }),
  call('postQueuedCompletionStatus', {
    port: handle,
    numberOfBytesTransferred: dword.optional(),
    completionKey: value.optional(),
  }),
  call('bindToPort', { file: handle, port: handle, completionKey: value.optional() }),
  call('writePipe', {
    file: handle,
    bytes: byteCount.optional().meta({ description: 'So many bytes of any kind. Either this or text.' }),
    text: content.min(1).optional(),
  }),
  call('closePipeEnd', { file: name }),
  making('openHandle', { thread, desiredAccess: access, as: place }),
  making('duplicateHandle', { sourceHandle: handle, desiredAccess: access.optional(), as: place }),
  call('closeHandle', { object: handle }),
] as const;

const life = [
  call('createThread', { thread: name, routine: routine.optional(), suspended: z.boolean().optional() }),
  call('suspendThread', { thread: handle }),
  call('resumeThread', { thread: handle }),
  call('terminateThread', { thread: handle, exitCode: dword.optional() }),
  call('exitThread', { exitCode: dword.optional() }),
] as const;

const lab = [
  call('log', { text: z.string().max(MOST_LOG_CHARACTERS, mostLogged) }),
  call('compute', { microseconds }),
  call('awaitState', { thread, state: awaited }),
  call('set', { variable: name, value }),
  call('add', { variable: name, value }),
  call('setLastError', { value: dword }),
  call('getLastError', {}),
] as const;

/** Every step that makes a call. */
export const CALL_SCHEMAS = [...waits, ...sources, ...objects, ...life, ...lab] as const;

/** Every kind of step. `steps` nest, so flow steps refer back through getters. */
export const stepSchema: z.ZodType<Step> = z.lazy(() => stepUnion);

const stepUnion = z.discriminatedUnion('do', [
  ...CALL_SCHEMAS,
  z.strictObject({
    do: z.literal('if'),
    when,
    get then() {
      return z.array(stepSchema);
    },
    get else() {
      return z.array(stepSchema).optional();
    },
  }),
  z.strictObject({
    do: z.literal('while'),
    when,
    get steps() {
      return z.array(stepSchema);
    },
  }),
  z.strictObject({
    do: z.literal('repeat'),
    count: times,
    get steps() {
      return z.array(stepSchema);
    },
  }),
]);

/** A step that makes a call, as the list above has it. */
export type CallStep = z.infer<(typeof CALL_SCHEMAS)[number]>;
export type FlowStep =
  | { do: 'if'; when: When; then: Step[]; else?: Step[] | undefined }
  | { do: 'while'; when: When; steps: Step[] }
  | { do: 'repeat'; count: Value; steps: Step[] };
export type Step = CallStep | FlowStep;

/** The names of all steps, in the order of the documentation. */
export const STEP_NAMES = stepUnion.options.map((option) => option.shape.do.value);

/** Visits every call, also those inside flow steps, each with its JSON path. */
export function eachCall(
  steps: readonly Step[],
  path: readonly PropertyKey[],
  see: (step: CallStep, path: readonly PropertyKey[]) => void,
): void {
  steps.forEach((step, index) => {
    const here = [...path, index];
    switch (step.do) {
      case 'if':
        eachCall(step.then, [...here, 'then'], see);
        eachCall(step.else ?? [], [...here, 'else'], see);
        return;
      case 'while':
      case 'repeat':
        return eachCall(step.steps, [...here, 'steps'], see);
      default:
        return see(step, here);
    }
  });
}
