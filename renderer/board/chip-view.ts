import { win32Name } from '../../apc-model/call-text.ts';
import type { ApcId } from '../../apc-model/event.ts';
import type { ApcFrame, QueueFront } from '../../apc-model/thread-state.ts';
import type { Trace } from '../../apc-model/trace.ts';

/** One APC as a chip. */
export interface ChipView {
  apc: ApcId;
  routine: string;
  origin: string;
  source: string;
  argument: bigint;
  state: 'pending' | 'in-flight' | 'due' | 'running' | 'lost' | 'ran';
  special: boolean;
}

/** A row makes at most this many chips of a queue; the rest is a count. */
export const MOST_CHIPS = 12;

export function queueChips(trace: Trace, queue: QueueFront): ChipView[] {
  return queue.first(MOST_CHIPS).map((entry) => ({
    apc: entry.apc,
    routine: trace.table.routineName(entry.routine),
    origin: win32Name(entry.origin),
    source: trace.table.threadName(entry.source),
    argument: entry.argument,
    state: entry.state === 'pending' ? 'pending' : 'in-flight',
    special: entry.special,
  }));
}

export function runningChip(trace: Trace, frame: ApcFrame): ChipView {
  return (
    chipOf(trace, frame.apc, 'running') ?? {
      ...UNKNOWN,
      apc: frame.apc,
      routine: trace.table.routineName(frame.routine),
    }
  );
}

const UNKNOWN: Omit<ChipView, 'apc' | 'routine'> = {
  origin: 'not recorded',
  source: 'not recorded',
  argument: 0n,
  state: 'running',
  special: false,
};

export function chipOf(trace: Trace, apc: ApcId, state: ChipView['state']): ChipView | undefined {
  const life = trace.apc(apc);
  if (life === undefined) return undefined;
  return {
    apc,
    routine: trace.table.routineName(life.routine),
    origin: win32Name(life.origin),
    source: trace.table.threadName(life.source),
    argument: life.arguments[0] ?? 0n,
    state,
    special: life.special,
  };
}
