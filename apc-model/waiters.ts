import { Call, isWait, objectOfSubject, type ObjectIndex, type ThreadIndex } from './event.ts';
import type { EventTable } from './event-table.ts';
import type { CallFrame, ThreadAt } from './thread-state.ts';

/** For each object the threads that wait for it, in their order. A thread that runs an APC waits for nothing meanwhile. */
export function waitersOf(
  table: EventTable,
  threads: readonly ThreadAt[],
): ReadonlyMap<ObjectIndex, readonly ThreadIndex[]> {
  const waiters = new Map<ObjectIndex, ThreadIndex[]>();
  for (const thread of threads) {
    const top = thread.frames.at(-1);
    if (top?.type !== 'call' || !isWait(top.call)) continue;
    for (const subject of new Set(awaited(table, top))) {
      const object = objectOfSubject(subject);
      if (object === undefined) continue;
      const those = waiters.get(object);
      if (those === undefined) waiters.set(object, [thread.index]);
      else those.push(thread.index);
    }
  }
  return waiters;
}

/** The subjects that a wait is for. */
function awaited(table: EventTable, frame: CallFrame): number[] {
  switch (frame.call) {
    case Call.waitForMultipleObjects:
    case Call.waitForMultipleObjectsEx:
    case Call.msgWaitForMultipleObjectsEx:
      return table.arguments(frame.began).map(Number);
    case Call.sleep:
    case Call.sleepEx:
    case Call.ntDelayExecution:
    case Call.awaitState:
      return [];
    default:
      return [frame.subject];
  }
}
