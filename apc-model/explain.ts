import { awaitedText, callText, durationText, win32Name } from './call-text.ts';
import { Call, INFINITE } from './event.ts';
import type { EventTable } from './event-table.ts';
import { isTimed, waitEnds } from './explain-wait.ts';
import type { CallFrame, QueuedApc, ThreadAt } from './thread-state.ts';

/** Why something is as it is, what would change it, and the fact of semantics.md behind it. */
export interface Explanation {
  sentence: string;
  remedy: string;
  /** Number of the fact. */
  fact: number;
}

const ALERTABLE_CALLS = 'SleepEx, WaitForSingleObjectEx or another alertable wait';

/** Why has this APC not run yet? */
export function explainPending(
  table: EventTable,
  entry: QueuedApc,
  thread: ThreadAt,
  nowNs: number,
): Explanation {
  const { name } = thread;
  const runsWhenAlertable = `It will run when ${name} calls ${ALERTABLE_CALLS}.`;
  if (entry.state === 'queueing') {
    return {
      sentence: `${table.threadName(entry.source)}'s ${win32Name(entry.origin)} has not returned yet: its place in the queue is not known.`,
      remedy: 'Wait for the call to return.',
      fact: 36,
    };
  }
  if (entry.state === 'in-flight' && thread.activity !== 'ended') return explainArmed(entry, name);
  if (entry.special) return explainSpecial(table, thread, nowNs);
  switch (thread.activity) {
    case 'ended':
      return {
        sentence: `${name} has ended: this APC was lost.`,
        remedy: 'Nothing can run it now.',
        fact: 114,
      };
    case 'notStarted':
      return {
        sentence: `${name} has not started yet.`,
        remedy: 'It will run before the thread’s first step, when the thread starts.',
        fact: 19,
      };
    case 'suspended':
      return {
        sentence: `${name} is suspended (count ${thread.suspendCount}): a suspended thread runs no user APC.`,
        remedy: `Resume it; ${isInAlertableWait(thread) ? 'its wait is alertable, so the APC then runs at once.' : runsWhenAlertable}`,
        fact: 106,
      };
    case 'waitingForStep':
      return {
        sentence: `${name} waits for your next step, and that wait is not alertable.`,
        remedy: `Click “Alertable wait”. ${runsWhenAlertable}`,
        fact: 28,
      };
    case 'wait': {
      const frame = lastCall(thread)!;
      return {
        sentence:
          frame.call === Call.awaitState
            ? `${name} waits until ${awaitedText(table, frame.began)}, and that wait is not alertable.`
            : `${name} is in ${frameText(table, frame)}, which is not alertable${leftText(frame, nowNs)}.`,
        remedy: `${runsWhenAlertable}${endText(table, frame)}`,
        fact: FACT_OF_WAIT.get(frame.call) ?? 37,
      };
    }
    case 'runningApc':
      return {
        sentence: `${name} is running another APC; those behind it in the queue wait their turn.`,
        remedy: 'It runs in the same drain, right after that APC returns.',
        fact: 32,
      };
    case 'alertableWait':
      return {
        sentence: `${name} is alertable: the APC is being delivered.`,
        remedy: 'Nothing to do.',
        fact: 34,
      };
    case 'running':
      return {
        sentence: `${name} is running its own code and has made no alertable call since the APC was queued.`,
        remedy: runsWhenAlertable,
        fact: 28,
      };
  }
}

/** Of these it is said by a fact of their own that they are not alertable. */
const FACT_OF_WAIT = new Map([
  [Call.msgWaitForMultipleObjectsEx, 73],
  [Call.enterCriticalSection, 38],
  [Call.waitOnAddress, 38],
  [Call.writePipe, 38],
  [Call.getQueuedCompletionStatus, 78],
]);

/** A timer or an I/O is to queue it: where that is not told, it may have happened. */
function explainArmed(entry: QueuedApc, name: string): Explanation {
  if (entry.origin === Call.setWaitableTimer) {
    return {
      sentence: 'Its timer queues it when it expires; that it has expired is not known.',
      remedy: `Then it will run when ${name} calls ${ALERTABLE_CALLS}.`,
      fact: 91,
    };
  }
  return {
    sentence: `${win32Name(entry.origin)} queues it when its I/O completes; that it has completed is not known.`,
    remedy: `Then it will run when ${name} calls ${ALERTABLE_CALLS}.`,
    fact: 83,
  };
}

/** A special APC asks for no alertable wait, but it ends no wait that is not alertable. */
function explainSpecial(table: EventTable, thread: ThreadAt, nowNs: number): Explanation {
  const { name } = thread;
  const frame = lastCall(thread);
  switch (thread.activity) {
    case 'ended':
      return {
        sentence: `${name} has ended: this APC was lost.`,
        remedy: 'Nothing can run it now.',
        fact: 114,
      };
    case 'suspended':
      return {
        sentence: `${name} is suspended (count ${thread.suspendCount}): a suspended thread runs no user APC, not even a special one.`,
        remedy: 'Resume it.',
        fact: 135,
      };
    case 'wait':
    case 'waitingForStep': {
      const where =
        frame === undefined
          ? 'waits for your next step'
          : frame.call === Call.awaitState
            ? `waits until ${awaitedText(table, frame.began)}`
            : `is in ${frameText(table, frame)}${leftText(frame, nowNs)}`;
      return {
        sentence: `${name} ${where}: a special APC interrupts no wait that is not alertable.`,
        remedy: `It runs when that call has finished.${frame === undefined ? '' : endText(table, frame)}`,
        fact: 126,
      };
    }
    case 'notStarted':
      return {
        sentence: `${name} has not started yet.`,
        remedy: 'It will run before the thread’s first step, when the thread starts.',
        fact: 19,
      };
    case 'running':
    case 'runningApc':
    case 'alertableWait':
      return {
        sentence: `A special APC interrupts what ${name} is doing: it is being delivered.`,
        remedy: 'Nothing to do.',
        fact: thread.activity === 'alertableWait' ? 126 : thread.activity === 'runningApc' ? 129 : 125,
      };
  }
}

/** What a thread is doing, in one line for its row. */
export function describeActivity(table: EventTable, thread: ThreadAt, nowNs: number): string {
  const frame = lastCall(thread);
  switch (thread.activity) {
    case 'notStarted':
      return 'created, not started yet';
    case 'running':
      return frame === undefined ? 'running' : `running: ${frameText(table, frame)}`;
    case 'runningApc': {
      const apc = thread.frames.findLast((one) => one.type === 'apc');
      const text =
        apc === undefined ? 'running an APC' : `running APC ${apc.apc}: ${table.routineName(apc.routine)}`;
      const depth = thread.frames.filter((one) => one.type === 'apc').length;
      return depth > 1 ? `${text} (${depth} deep)` : text;
    }
    case 'alertableWait':
      return `${frameText(table, frame!)}, alertable${leftText(frame!, nowNs)}`;
    case 'wait':
      if (frame!.call === Call.awaitState)
        return `waiting until ${awaitedText(table, frame!.began)} (not alertable itself)`;
      return `${frameText(table, frame!)}, not alertable${leftText(frame!, nowNs)}`;
    case 'waitingForStep':
      return 'waiting for your next step (not alertable)';
    case 'suspended':
      return `suspended (count ${thread.suspendCount})`;
    case 'ended': {
      const lost = thread.counts.lost;
      return `ended, exit code ${thread.exitCode ?? 0}${lost === 0 ? '' : `, ${lost} APC${lost === 1 ? '' : 's'} lost`}`;
    }
  }
}

const frameText = (table: EventTable, frame: CallFrame): string => callText(table, frame.began);

/** ` This wait ends when go is set.`, or nothing where only its time limit ends it. */
function endText(table: EventTable, frame: CallFrame): string {
  const end = waitEnds(table, frame);
  return end === undefined ? '' : ` This wait ends ${end}.`;
}

const lastCall = (thread: ThreadAt): CallFrame | undefined => {
  const top = thread.frames.at(-1);
  return top?.type === 'call' ? top : undefined;
};

const isInAlertableWait = (thread: ThreadAt): boolean => lastCall(thread)?.alertable === true;

/** `, for another 4.2 s`, or nothing where the wait has no end or the number is no time. */
function leftText(frame: CallFrame, nowNs: number): string {
  if (!isTimed(frame)) return '';
  if (frame.amount === INFINITE) return ', without a time limit';
  const leftNs = frame.beganNs + frame.amount * 1e6 - nowNs;
  return leftNs > 0 ? `, for another ${durationText(leftNs)}` : '';
}
