import { failureText, resultText } from './call-results.ts';
import { callText, durationText, subjectText, win32Name } from './call-text.ts';
import {
  Call,
  END_REASON_NAMES,
  KIND_NAMES,
  Kind,
  SUBJECT_NONE,
  threadOfSubject,
  type EventIndex,
} from './event.ts';
import type { EventTable } from './event-table.ts';
import { logText } from './log-text.ts';
import { decodeObjectState, objectStateText } from './object-state.ts';
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
  const other = subjectText(table, subject);
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
      return `${callText(table, index)} begins`;
    case Kind.callReturned:
      return `${win32Name(call)} returns ${resultText(call, low)}, last error ${errorName(high)}`;
    case Kind.apcQueueing:
      return `queues APC ${subject}: ${callText(table, index)} begins`;
    case Kind.apcQueued:
      return `APC ${subject} is queued: ${isQueueCall(call) ? `${win32Name(call)} returns ${resultText(call, low)}` : (FIRED[call] ?? 'its I/O completed')}`;
    case Kind.apcQueueFailed:
      return `APC ${subject} could not be queued: ${win32Name(call)} returns ${failedResult(table, index)}`;
    case Kind.apcArmed:
      return `${win32Name(call)} arms APC ${subject} (${table.routineName(low >>> 16)}) for ${table.threadName(low & 0xffff)}`;
    case Kind.apcBegan:
      return `APC ${subject} begins (${table.routineName(low & 0xffff)}${argumentText(table, index)}, depth ${low >>> 16})`;
    case Kind.apcEnded:
      return `APC ${subject} ends`;
    case Kind.apcCancelled:
      return `APC ${subject} is cancelled`;
    case Kind.apcLost:
      return `APC ${subject} (${table.routineName(low & 0xffff)}) is lost`;
    case Kind.objectChanged:
      return target === undefined
        ? `${other} is now ${objectText(table, index)}`
        : `${low} ${low === 1 ? 'step' : 'steps'} in the mailbox of ${other}`;
    case Kind.log:
      return `logs “${logText(table, index)}”`;
    case Kind.lost:
      return `${low} events were lost here: the ring was full`;
    case Kind.resync:
      return 'tells its state anew after lost events';
    case Kind.mismatch:
      return `APC ${subject} ran although APC ${low} was queued before it`;
    case Kind.marker:
      return `marks “${table.text(index) ?? ''}”`;
    default:
      return KIND_NAMES[table.kind(index)] ?? `kind ${table.kind(index)}`;
  }
}

/** What queued an APC that no queuing call queued. */
const FIRED: Readonly<Record<number, string>> = { [Call.setWaitableTimer]: 'its timer expired' };

const isQueueCall = (call: number): boolean => call >= Call.queueUserApc && call <= Call.ntQueueApcThreadEx;

/** `0, ERROR_GEN_FAILURE`; a native function says it itself. */
function failedResult(table: EventTable, index: EventIndex): string {
  const result = resultText(table.call(index), table.valueLow(index));
  const why = failureText(table, index);
  return result.startsWith(why) ? result : `${result}, ${why}`;
}

/** `: 1, 2, 3`, where its begin is the first to tell the arguments. */
const argumentText = (table: EventTable, index: EventIndex): string =>
  table.argumentCount(index) === 0 ? '' : `: ${table.arguments(index).join(', ')}`;

/** The state that an objectChanged tells. */
function objectText(table: EventTable, index: EventIndex): string {
  const object = table.subject(index);
  const type = table.objectType(object);
  const state = decodeObjectState(type, table.valueLow(index), table.valueHigh(index));
  return objectStateText(type, state, (thread) => table.threadName(thread), table.maximumOf(object));
}
