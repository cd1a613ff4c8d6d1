import { CALL_NAMES, Call, INFINITE, ThreadState, isWait, threadOfSubject } from './event.ts';
import type { EventTable } from './event-table.ts';
import { hex, waitResultName } from './win32-names.ts';

/** `SleepEx` for sleepEx, `QueueUserAPC` for queueUserApc: the function as Windows spells it. */
export function win32Name(call: number): string {
  const name = CALL_NAMES[call] ?? `call ${call}`;
  switch (name) {
    case 'queueUserApc':
      return 'QueueUserAPC';
    case 'queueUserApc2':
      return 'QueueUserAPC2';
    case 'readDirectoryChanges':
      return 'ReadDirectoryChangesW';
    default:
      return name.charAt(0).toUpperCase() + name.slice(1);
  }
}

const AWAITED: Readonly<Record<number, string>> = {
  [ThreadState.blocked]: 'is blocked',
  [ThreadState.alertable]: 'is alertable',
  [ThreadState.suspended]: 'is suspended',
  [ThreadState.ended]: 'has ended',
};

/** A call with what matters of its arguments: `SleepEx(5000, TRUE)`, `Sleep(INFINITE)`, `compute(500 µs)`. */
export function callText(
  table: EventTable,
  call: number,
  amount: number,
  alertable: boolean,
  subject: number,
): string {
  const thread = threadOfSubject(subject);
  const milliseconds = amount === INFINITE ? 'INFINITE' : String(amount);
  switch (call) {
    case Call.sleep:
      return `Sleep(${milliseconds})`;
    case Call.sleepEx:
      return `SleepEx(${milliseconds}, ${alertable ? 'TRUE' : 'FALSE'})`;
    case Call.compute:
      return `compute(${amount} µs)`;
    case Call.awaitState:
      return `await: ${thread === undefined ? 'thread' : table.threadName(thread)} ${AWAITED[amount] ?? ''}`.trimEnd();
    case Call.exitThread:
      return `ExitThread(${amount})`;
    default:
      if (thread !== undefined) return `${win32Name(call)}(${table.threadName(thread)})`;
      return isWait(call)
        ? `${win32Name(call)}(${milliseconds}${alertable ? ', TRUE' : ''})`
        : `${win32Name(call)}()`;
  }
}

/** A call's result as it is read: a wait's by its Win32 name; 0 from SleepEx means that the time elapsed. */
export function resultText(call: number, result: number): string {
  if (call === Call.sleep) return 'nothing (void)';
  if (call === Call.sleepEx && result === 0) return '0';
  return isWait(call) && call !== Call.awaitState
    ? `${waitResultName(result)} (${hex(result)})`
    : String(result);
}

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
