import { Call, Kind, isWait, type CallName, type EventIndex } from './event.ts';
import type { EventTable } from './event-table.ts';
import { errorName, hex, statusName, waitResultName } from './win32-names.ts';

/**
 * What kind of number a call returns.
 *
 *     void     nothing
 *     wait     WAIT_OBJECT_0 and its kin
 *     elapsed  a wait without an object: 0 says that the time is up
 *     status   an NTSTATUS
 *     bool     TRUE, or FALSE for a failure that the last error tells
 *     answer   TRUE or FALSE, of which FALSE is an answer like another
 *     handle   a handle, or NULL for a failure
 *     count    a count, or 0xFFFFFFFF for a failure
 *     number   any other number
 */
type ResultKind = 'void' | 'wait' | 'elapsed' | 'status' | 'bool' | 'answer' | 'handle' | 'count' | 'number';

const KINDS: Readonly<Record<CallName, ResultKind>> = {
  none: 'number',
  sleep: 'void',
  sleepEx: 'elapsed',
  waitForSingleObject: 'wait',
  waitForSingleObjectEx: 'wait',
  waitForMultipleObjects: 'wait',
  waitForMultipleObjectsEx: 'wait',
  signalObjectAndWait: 'wait',
  msgWaitForMultipleObjectsEx: 'wait',
  getQueuedCompletionStatus: 'answer',
  getQueuedCompletionStatusEx: 'answer',
  getOverlappedResultEx: 'answer',
  ntDelayExecution: 'status',
  ntTestAlert: 'status',
  waitOnAddress: 'answer',
  enterCriticalSection: 'void',
  leaveCriticalSection: 'void',
  switchToThread: 'answer',
  queueUserApc: 'number',
  queueUserApc2: 'bool',
  ntQueueApcThread: 'status',
  ntQueueApcThreadEx: 'status',
  setWaitableTimer: 'bool',
  cancelWaitableTimer: 'bool',
  readFileEx: 'bool',
  writeFileEx: 'bool',
  cancelIoEx: 'bool',
  readDirectoryChanges: 'bool',
  setEvent: 'bool',
  resetEvent: 'bool',
  pulseEvent: 'bool',
  releaseSemaphore: 'bool',
  releaseMutex: 'bool',
  postMessage: 'bool',
  peekMessage: 'answer',
  createCompletionPort: 'handle',
  postQueuedCompletionStatus: 'bool',
  bindToPort: 'handle',
  writePipe: 'bool',
  closePipeEnd: 'bool',
  openHandle: 'bool',
  duplicateHandle: 'bool',
  closeHandle: 'bool',
  createThread: 'handle',
  suspendThread: 'count',
  resumeThread: 'count',
  terminateThread: 'bool',
  exitThread: 'void',
  log: 'void',
  compute: 'number',
  awaitState: 'number',
  set: 'void',
  add: 'void',
  setLastError: 'void',
  getLastError: 'number',
};
const kindByNumber = new Map(
  Object.entries(KINDS).map(([name, kind]): [number, ResultKind] => [Call[name as CallName], kind]),
);
const kindOf = (call: number): ResultKind => kindByNumber.get(call) ?? 'number';

const FAILED = 0xffffffff;
const WAIT_IO_COMPLETION = 0xc0;

/** A call's result as it is read: by its Win32 name where it has one; 0 from SleepEx means that the time elapsed. */
export function resultText(call: number, result: number): string {
  switch (kindOf(call)) {
    case 'void':
      return 'nothing (void)';
    case 'elapsed':
      return result === 0 ? '0' : named(waitResultName(result), result);
    case 'wait':
      return named(waitResultName(result), result);
    case 'status':
      return named(statusName(result), result);
    case 'bool':
    case 'answer':
      return result === 0 ? 'FALSE' : 'TRUE';
    case 'handle':
      return result === 0 ? 'NULL' : 'a handle';
    case 'count':
      return result === FAILED ? hex(result) : String(result);
    case 'number':
      return String(result);
  }
}

/** The same without the number behind a name. */
export const shortResultText = (call: number, result: number): string =>
  resultText(call, result).replace(/ \(0x.*\)$/, '');

/** As short, but of a wait that answers FALSE with the reason: `FALSE (WAIT_IO_COMPLETION)`. */
export const outcomeText = (call: number, result: number, lastError: number): string =>
  kindOf(call) === 'answer' && isWait(call) && result === 0 && lastError !== 0
    ? `FALSE (${errorName(lastError)})`
    : shortResultText(call, result);

export const returnsNothing = (call: number): boolean => kindOf(call) === 'void';

/** Does this result say that the call failed? That a time is up, or that an APC ran, is no failure. */
export function isFailure(call: number, result: number): boolean {
  switch (kindOf(call)) {
    case 'wait':
    case 'elapsed':
    case 'count':
      return result === FAILED;
    case 'status':
      return result >= 0x80000000;
    case 'bool':
    case 'handle':
      return result === 0;
    case 'number':
      return call === Call.queueUserApc && result === 0;
    case 'void':
    case 'answer':
      return false;
  }
}

/** Did this wait end because an APC ran in it? */
export function endedByApc(call: number, result: number, lastError: number): boolean {
  switch (kindOf(call)) {
    case 'wait':
    case 'elapsed':
    case 'status':
      return result === WAIT_IO_COMPLETION;
    case 'answer':
      return result === 0 && lastError === WAIT_IO_COMPLETION;
    default:
      return false;
  }
}

/** Why a call failed, at its callReturned or apcQueueFailed: a native one says it itself, the others by the last error. */
export function failureText(table: EventTable, event: EventIndex): string {
  const call = table.call(event);
  return kindOf(call) === 'status' ? statusName(table.valueLow(event)) : errorName(table.valueHigh(event));
}

/** Is this the end of a call that failed? */
export const isFailedReturn = (table: EventTable, event: EventIndex): boolean =>
  table.kind(event) === Kind.apcQueueFailed ||
  (table.kind(event) === Kind.callReturned && isFailure(table.call(event), table.valueLow(event)));

const named = (name: string, value: number): string =>
  name.startsWith('0x') ? name : `${name} (${hex(value)})`;
