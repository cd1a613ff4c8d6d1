import { subjectText } from './call-text.ts';
import { Call, isWaitAll, objectOfSubject, pseudoHandleOfSubject, threadOfSubject } from './event.ts';
import type { EventTable } from './event-table.ts';
import type { CallFrame } from './thread-state.ts';

/** What ends a wait besides its time limit and, where it is alertable, an APC; undefined where nothing does. */
export function waitEnds(table: EventTable, frame: CallFrame): string | undefined {
  switch (frame.call) {
    case Call.waitForSingleObject:
    case Call.waitForSingleObjectEx:
    case Call.signalObjectAndWait:
      return `when ${signals(table, frame.subject)}`;
    case Call.waitForMultipleObjects:
    case Call.waitForMultipleObjectsEx:
      return several(table, frame, []);
    case Call.msgWaitForMultipleObjectsEx:
      return several(table, frame, ['a message comes']);
    case Call.getQueuedCompletionStatus:
    case Call.getQueuedCompletionStatusEx:
      return `when a packet comes to ${subjectText(table, frame.subject)}`;
    case Call.getOverlappedResultEx:
      return 'when its read or write completes';
    case Call.waitOnAddress:
      return 'when the variable is changed';
    case Call.enterCriticalSection:
      return `when its owner leaves ${subjectText(table, frame.subject)}`;
    case Call.writePipe:
      return 'when there is room in the pipe';
    default:
      return undefined;
  }
}

/** Calls whose amount is how long they wait at most. */
export const isTimed = (frame: CallFrame): boolean =>
  frame.call !== Call.awaitState && frame.call !== Call.writePipe;

/** What makes a wait on this handle's object satisfied. */
function signals(table: EventTable, subject: number): string {
  const thread = threadOfSubject(subject);
  if (thread !== undefined) return `${table.threadName(thread)} ends`;
  const name = subjectText(table, subject);
  const object = objectOfSubject(subject);
  if (object === undefined || pseudoHandleOfSubject(subject) !== undefined) return `${name} is signaled`;
  switch (table.objectType(object)) {
    case 'event':
      return `${name} is set`;
    case 'semaphore':
      return `${name} is released`;
    case 'mutex':
      return `${name} is released, or its owner ends`;
    case 'timer':
      return `${name} expires`;
    default:
      return `${name} is signaled`;
  }
}

/** Any or all of the objects; for messages, which wait-all asks for as well. */
function several(table: EventTable, frame: CallFrame, others: readonly string[]): string | undefined {
  const each = [...table.arguments(frame.began).map((subject) => signals(table, Number(subject))), ...others];
  if (each.length === 0) return undefined;
  const all = isWaitAll(table.valueHigh(frame.began));
  const shown =
    each.length <= MOST_SHOWN
      ? each
      : [...each.slice(0, MOST_SHOWN - 1), `${each.length - MOST_SHOWN + 1} more`];
  return `when ${shown.join(all ? ' and ' : ' or ')}${all && each.length > 1 ? ', all at once' : ''}`;
}
const MOST_SHOWN = 4;
