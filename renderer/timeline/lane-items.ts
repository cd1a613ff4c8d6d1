import type { ApcId, EventIndex, ThreadIndex } from '../../apc-model/event.ts';
import { inspect } from '../store.ts';
import { paintedList } from './paint-lanes.ts';

/** What lies under the pointer, in words, and what a click on it selects. */
export interface LaneItem {
  title: string;
  lines: readonly string[];
  thread: ThreadIndex;
  apc: ApcId | undefined;
  began: EventIndex | undefined;
}

export function itemAt(xInLane: number, yInLane: number): LaneItem | undefined {
  void xInLane; void yInLane; void paintedList;
  return undefined;
}

export function selectItem({ thread, apc, began }: LaneItem): void {
  if (apc !== undefined) inspect({ type: 'apc', apc, thread });
  else if (began !== undefined) inspect({ type: 'call', began, thread });
  else inspect({ type: 'thread', thread });
}
