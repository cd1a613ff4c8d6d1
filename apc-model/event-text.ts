import { callText, durationText, resultText, win32Name } from './call-text.ts';
import {
  END_REASON_NAMES,
  KIND_NAMES,
  Kind,
  SUBJECT_NONE,
  isAlertable,
  threadOfSubject,
  type EventIndex,
} from './event.ts';
import type { EventTable } from './event-table.ts';
import { logText } from './log-text.ts';
import { errorName } from './win32-names.ts';

/** One event as one readable line: `#12 +1.204 ms T1: SleepEx(5000, TRUE) begins`. */
export function describeEvent(table: EventTable, index: EventIndex): string {
  const thread = table.threadName(table.thread(index));
  const inferred = table.isInferred(index) ? ' (inferred)' : '';
  return `#${index} +${durationText(table.timeNs(index))} ${thread}: ${what(table, index)}${inferred}`;
}

function what(table: EventTable, index: EventIndex): string {
  const low = table.valueLow(index);
  const high = table.valueHigh(index);
  const call = table.call(index);
  const subject = table.subject(index);
  const target = subject === SUBJECT_NONE ? undefined : threadOfSubject(subject);
  const other = target === undefined ? `object ${subject}` : table.threadName(target);
  switch (table.kind(index)) {
    case Kind.defined:
      return `defines “${table.text(index) ?? ''}”`;
    case Kind.threadCreated:
      return `creates ${other}`;
    case Kind.threadStarted:
      return `starts (thread id ${low})`;
    case Kind.threadEnded:
      return `ends: ${END_REASON_NAMES[high & 0xff] ?? ''}, exit code ${low}`;
    case Kind.suspended:
      return `suspends ${other} (count ${high} → ${low})`;
    case Kind.resumed:
      return `resumes ${other} (count ${high} → ${low})`;
    case Kind.callBegan:
      return `${callText(table, call, low, isAlertable(high), subject)} begins`;
    case Kind.callReturned:
      return `${win32Name(call)} returns ${resultText(call, low)}, last error ${errorName(high)}`;
    case Kind.apcQueueing:
      return `queues APC ${subject} (${table.routineName(low >>> 16)}) to ${table.threadName(low & 0xffff)}`;
    case Kind.apcQueued:
      return `APC ${subject} is queued: ${win32Name(call)} returns ${low}`;
    case Kind.apcQueueFailed:
      return `APC ${subject} could not be queued: ${win32Name(call)} returns ${low}, ${errorName(high)}`;
    case Kind.apcBegan:
      return `APC ${subject} begins (${table.routineName(low & 0xffff)}, depth ${low >>> 16})`;
    case Kind.apcEnded:
      return `APC ${subject} ends`;
    case Kind.apcLost:
      return `APC ${subject} (${table.routineName(low & 0xffff)}) is lost`;
    case Kind.objectChanged:
      return target === undefined ? `${other} is now ${low}` : `${low} steps in the mailbox of ${other}`;
    case Kind.log:
      return `logs “${logText(table, index)}”`;
    case Kind.lost:
      return `${low} events were lost here: the ring was full`;
    default:
      return KIND_NAMES[table.kind(index)] ?? `kind ${table.kind(index)}`;
  }
}
