import {
  CALL_NAMES,
  Call,
  INFINITE,
  Kind,
  PseudoHandle,
  ROUTINE_NONE,
  SUBJECT_NONE,
  ThreadState,
  isAbsolute,
  isAlertable,
  isContext,
  isInputAvailable,
  isSpecial,
  isWaitAll,
  pseudoHandleOfSubject,
  threadOfSubject,
  type CallName,
  type EventIndex,
} from './event.ts';
import type { EventTable } from './event-table.ts';
import { accessText, hex, messageName } from './win32-names.ts';

/** Where Windows spells a function otherwise than its step with a capital letter. */
const SPELLED: Partial<Record<CallName, string>> = {
  queueUserApc: 'QueueUserAPC',
  queueUserApc2: 'QueueUserAPC2',
  readDirectoryChanges: 'ReadDirectoryChangesW',
  postMessage: 'PostThreadMessageW',
  peekMessage: 'PeekMessageW',
  createCompletionPort: 'CreateIoCompletionPort',
  bindToPort: 'CreateIoCompletionPort',
  writePipe: 'WriteFile',
  closePipeEnd: 'CloseHandle',
  openHandle: 'OpenThread',
};

/** `SleepEx` for sleepEx, `QueueUserAPC` for queueUserApc: the function as Windows spells it. */
export function win32Name(call: number): string {
  const name = CALL_NAMES[call];
  if (name === undefined) return `call ${call}`;
  return SPELLED[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
}

const AWAITED: Readonly<Record<number, string>> = {
  [ThreadState.blocked]: 'is blocked',
  [ThreadState.alertable]: 'is alertable',
  [ThreadState.suspended]: 'is suspended',
  [ThreadState.ended]: 'has ended',
};

const PSEUDO_HANDLES: Readonly<Record<number, string>> = {
  [PseudoHandle.null]: 'NULL',
  [PseudoHandle.bogus]: 'a bogus handle',
  [PseudoHandle.currentThread]: 'GetCurrentThread()',
  [PseudoHandle.currentProcess]: 'GetCurrentProcess()',
};

/** More handles than this are not listed. */
const MOST_HANDLES = 4;

/** What a subject names: a thread, an object, a handle of neither; nothing where it names none. */
export function subjectText(table: EventTable, subject: number): string {
  if (subject === SUBJECT_NONE) return '';
  const thread = threadOfSubject(subject);
  if (thread !== undefined) return table.threadName(thread);
  const pseudo = pseudoHandleOfSubject(subject);
  if (pseudo !== undefined) return PSEUDO_HANDLES[pseudo] ?? 'a handle';
  return table.objectName(subject);
}

/** The call of a callBegan or apcQueueing as people read it: `WaitForSingleObjectEx(go, 2000, TRUE)`, `compute(500 µs)`. */
export function callText(table: EventTable, began: EventIndex): string {
  const call = table.call(began);
  if (table.kind(began) === Kind.apcQueueing) return `${win32Name(call)}(${queueParameters(table, began)})`;
  switch (call) {
    case Call.compute:
      return `compute(${table.valueLow(began)} µs)`;
    case Call.awaitState:
      return `await: ${awaitedText(table, began)}`;
    default:
      return `${win32Name(call)}(${parameters(table, began)
        .filter((one) => one !== '')
        .join(', ')})`;
  }
}

/** What an awaitState waits for: `worker-1 is suspended`. */
export const awaitedText = (table: EventTable, began: EventIndex): string =>
  `${subjectText(table, table.subject(began))} ${AWAITED[table.valueLow(began)] ?? ''}`.trimEnd();

/** Those that the event tells, in the order of the Win32 function. */
function parameters(table: EventTable, began: EventIndex): string[] {
  const call = table.call(began);
  const low = table.valueLow(began);
  const high = table.valueHigh(began);
  const subject = subjectText(table, table.subject(began));
  const milliseconds = low === INFINITE ? 'INFINITE' : String(low);
  const alertable = truth(isAlertable(high));
  switch (call) {
    case Call.sleep:
      return [milliseconds];
    case Call.sleepEx:
      return [milliseconds, alertable];
    case Call.ntDelayExecution:
      return [alertable, low === INFINITE ? milliseconds : `${milliseconds} ms`];
    case Call.waitForSingleObject:
    case Call.getQueuedCompletionStatus:
      return [subject, milliseconds];
    case Call.waitForSingleObjectEx:
    case Call.getQueuedCompletionStatusEx:
    case Call.getOverlappedResultEx:
      return [subject, milliseconds, alertable];
    case Call.waitForMultipleObjects:
      return [...handles(table, began), truth(isWaitAll(high)), milliseconds];
    case Call.waitForMultipleObjectsEx:
      return [...handles(table, began), truth(isWaitAll(high)), milliseconds, alertable];
    case Call.msgWaitForMultipleObjectsEx:
      return [...handles(table, began), milliseconds, messageWaitFlags(high)];
    case Call.signalObjectAndWait:
      return [subjectOfArgument(table, began), subject, milliseconds, alertable];
    case Call.waitOnAddress:
      return [
        `variable ${table.argument(began, 0) ?? '?'}`,
        String(BigInt.asIntN(64, table.argument(began, 1) ?? 0n)),
        milliseconds,
      ];
    case Call.setWaitableTimer: {
      const period = Number(BigInt.asIntN(32, table.argument(began, 0) ?? 0n));
      const due = isAbsolute(high) ? `at ${low} ms` : `${low} ms`;
      return [subject, due, ...(period === 0 ? [] : [`period ${period} ms`])];
    }
    case Call.readFileEx:
    case Call.writeFileEx:
    case Call.writePipe:
      return [subject, `${low} ${low === 1 ? 'byte' : 'bytes'}`];
    case Call.releaseSemaphore:
      return [subject, String(low)];
    case Call.terminateThread:
      return [subject, String(low)];
    case Call.postMessage:
      return [subject, messageName(low)];
    case Call.peekMessage:
      return [low === 0 ? 'PM_NOREMOVE' : 'PM_REMOVE'];
    case Call.postQueuedCompletionStatus:
      return [subject, String(low), String(table.argument(began, 0) ?? 0n)];
    case Call.bindToPort:
      return [subject, subjectOfArgument(table, began)];
    case Call.openHandle:
      return [accessText(low), subjectOfArgument(table, began)];
    case Call.duplicateHandle:
      return [subjectOfArgument(table, began), ...(low === 0 ? [] : [hex(low)])];
    case Call.exitThread:
    case Call.setLastError:
      return [String(low)];
    default:
      return [subject];
  }
}

/** Of a call that queues an APC: the routine, the thread and the data, in the function's own order. */
function queueParameters(table: EventTable, began: EventIndex): string {
  const low = table.valueLow(began);
  const high = table.valueHigh(began);
  const thread = table.threadName(low & 0xffff);
  const routine = low >>> 16 === ROUTINE_NONE ? 'NULL' : table.routineName(low >>> 16);
  const values = table.arguments(began).map(String);
  switch (table.call(began)) {
    case Call.ntQueueApcThread:
      return [thread, routine, ...values].join(', ');
    case Call.ntQueueApcThreadEx:
      return [
        thread,
        ...(isSpecial(high) ? ['QUEUE_USER_APC_SPECIAL_USER_APC'] : []),
        routine,
        ...values,
      ].join(', ');
    default:
      return [routine, thread, ...values, ...queueFlags(high)].join(', ');
  }
}

function queueFlags(high: number): string[] {
  const flags = [
    ...(isSpecial(high) ? ['QUEUE_USER_APC_FLAGS_SPECIAL_USER_APC'] : []),
    ...(isContext(high) ? ['QUEUE_USER_APC_CALLBACK_DATA_CONTEXT'] : []),
  ];
  return flags.length === 0 ? [] : [flags.join(' | ')];
}

function messageWaitFlags(high: number): string {
  const flags = [
    ...(isAlertable(high) ? ['MWMO_ALERTABLE'] : []),
    ...(isWaitAll(high) ? ['MWMO_WAITALL'] : []),
    ...(isInputAvailable(high) ? ['MWMO_INPUTAVAILABLE'] : []),
  ];
  return flags.length === 0 ? '0' : flags.join(' | ');
}

/** Their number and the first few by name. */
function handles(table: EventTable, began: EventIndex): string[] {
  const count = table.argumentCount(began);
  const names = table
    .arguments(began)
    .slice(0, MOST_HANDLES)
    .map((subject) => subjectText(table, Number(subject)));
  const more = count > MOST_HANDLES ? [`… ${count - MOST_HANDLES} more`] : [];
  return [String(count), `{${[...names, ...more].join(', ')}}`];
}

const subjectOfArgument = (table: EventTable, began: EventIndex): string =>
  subjectText(table, Number(table.argument(began, 0) ?? BigInt(SUBJECT_NONE)));

const truth = (flag: boolean): string => (flag ? 'TRUE' : 'FALSE');

/** A length of time as people say it: `4.2 s`, `12 ms`, `850 µs`, `40 ns`; three digits count. */
export function durationText(ns: number): string {
  const abs = Math.abs(ns);
  if (abs >= 59.95e9) {
    const seconds = Math.round(ns / 1e9);
    return `${Math.trunc(seconds / 60)} min ${Math.abs(seconds % 60)} s`;
  }
  if (abs >= 0.9995e9) return `${threeDigits(ns / 1e9)} s`;
  if (abs >= 0.9995e6) return `${threeDigits(ns / 1e6)} ms`;
  if (abs >= 999.5) return `${threeDigits(ns / 1e3)} µs`;
  return `${Math.round(ns)} ns`;
}

/** Rounded first, then stripped of zeros behind the point only. */
const threeDigits = (value: number): string => String(Number(value.toPrecision(3)));
