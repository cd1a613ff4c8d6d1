import type { ChipView } from './chip-view.ts';
import type { RowView } from './row-view.ts';

const sameChips = (one: readonly ChipView[], other: readonly ChipView[]): boolean =>
  one.length === other.length &&
  one.every((chip, at) => chip.apc === other[at]!.apc && chip.state === other[at]!.state);

/** Would the row look the same? Snapshots come ten times a second, and most rows have nothing new to show. */
export function sameRow(one: RowView, other: RowView): boolean {
  const { thread } = one;
  return (
    one.words === other.words &&
    one.isGateOpen === other.isGateOpen &&
    thread.activity === other.thread.activity &&
    thread.osThreadId === other.thread.osThreadId &&
    thread.name === other.thread.name &&
    one.live.activity === other.live.activity &&
    one.live.suspendCount === other.live.suspendCount &&
    thread.mailbox === other.thread.mailbox &&
    thread.suspendCount === other.thread.suspendCount &&
    thread.waiting.user.length === other.thread.waiting.user.length &&
    thread.waiting.special.length === other.thread.waiting.special.length &&
    thread.counts.delivered === other.thread.counts.delivered &&
    one.lastRan?.apc === other.lastRan?.apc &&
    one.outcome?.result === other.outcome?.result &&
    one.outcome?.call === other.outcome?.call &&
    one.outcome?.afterText === other.outcome?.afterText &&
    sameChips(one.user, other.user) &&
    sameChips(one.special, other.special) &&
    sameChips(one.running, other.running) &&
    sameChips(one.lost, other.lost)
  );
}
