import { isWait } from '../../apc-model/event.ts';
import { describeActivity } from '../../apc-model/explain.ts';
import type { ThreadAt } from '../../apc-model/thread-state.ts';
import type { Trace } from '../../apc-model/trace.ts';
import type { BoardRow } from '../snapshot.ts';
import { NOT_YET } from '../texts.ts';
import { queueChips, runningChip, type ChipView } from './chip-view.ts';
import { lastOutcome, lastRan, type Outcome } from './last-outcome.ts';
import { lostChips } from './lost-chips.ts';

/** Everything that a row shows, apart from its lane, in the words that it shows. */
export interface RowView {
  thread: ThreadAt;
  /** At the live end. */
  live: ThreadAt;
  words: string;
  isGateOpen: boolean;
  user: readonly ChipView[];
  special: readonly ChipView[];
  /** Innermost last. */
  running: readonly ChipView[];
  /** Known once the thread has ended. */
  lost: readonly ChipView[];
  /** The APC that ran last, while none runs. */
  lastRan: ChipView | undefined;
  outcome: Outcome | undefined;
}

export function rowView(
  trace: Trace,
  { thread, isToCome, live }: BoardRow,
  count: number,
  nowNs: number,
): RowView {
  const running = thread.frames
    .filter((frame) => frame.type === 'apc')
    .map((frame) => runningChip(trace, frame));
  return {
    thread,
    live,
    words: isToCome ? NOT_YET : describeActivity(trace.table, thread, nowNs),
    isGateOpen: isGateOpen(trace, thread),
    user: queueChips(trace, thread.waiting.user),
    special: queueChips(trace, thread.waiting.special),
    running,
    lost: thread.activity === 'ended' && thread.counts.lost > 0 ? lostChips(trace, thread.index) : [],
    lastRan: running.length > 0 ? undefined : lastRan(trace, thread.index, count),
    outcome: lastOutcome(trace, thread.index, count),
  };
}

/**
 * Would the thread take a regular APC from its queue now, or right after the one that it runs? Yes in an alertable wait
 * and all through its drain; no while it is suspended, whatever it waits in (fact 106).
 */
export function isGateOpen(trace: Trace, thread: ThreadAt): boolean {
  if (thread.activity === 'alertableWait') return true;
  if (thread.activity !== 'runningApc') return false;
  const place = thread.frames.findLastIndex((frame) => frame.type === 'apc');
  const apc = thread.frames[place];
  const around = thread.frames[place - 1];
  if (around?.type === 'call' && isWait(around.call)) return around.alertable;
  // Outside any wait only two things run an APC: the thread's start, which drains the queue, and a special one.
  return apc?.type === 'apc' && trace.apc(apc.apc)?.special !== true;
}
