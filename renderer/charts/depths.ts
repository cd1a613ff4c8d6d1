import type { ThreadIndex } from '../../apc-model/event.ts';
import type { Trace } from '../../apc-model/trace.ts';

/** Queue depth over time, thinned so that no peak is lost. */
export interface Depths {
  session: number;
  revision: number;
  endNs: number;
  series: { thread: ThreadIndex; name: string }[];
  /** One row a bucket: `seconds`, and the peak of each thread under its index. */
  rows: Record<string, number>[];
}

const MOST_ROWS = 120;
/** More lines than this can't be told apart; the threads with the deepest queues are shown. */
export const MOST_SERIES = 6;

export function sampleDepths(trace: Trace, session: number, endNs: number): Depths {
  const all = [...trace.statistics.threads].map(([thread, { depth }]) => {
    const peaks = depth.peaks(endNs);
    return { thread, peaks, deepest: Math.max(...peaks), widthNs: depth.widthNs };
  });
  const shown = all
    .filter(({ deepest }) => deepest > 0)
    .sort((a, b) => b.deepest - a.deepest)
    .slice(0, MOST_SERIES)
    .sort((a, b) => a.thread - b.thread);
  const [first] = shown;
  return {
    session,
    revision: trace.revision,
    endNs,
    series: shown.map(({ thread }) => ({ thread, name: trace.table.threadName(thread) })),
    rows: first === undefined ? [] : rowsOf(shown, first.peaks.length, first.widthNs, endNs),
  };
}

/** Neighbouring buckets are one row, so that there are few enough. */
function rowsOf(
  shown: readonly { thread: ThreadIndex; peaks: readonly number[] }[],
  buckets: number,
  widthNs: number,
  endNs: number,
): Record<string, number>[] {
  const step = Math.ceil(buckets / MOST_ROWS);
  return Array.from({ length: Math.ceil(buckets / step) }, (_, at) => {
    const middleNs = Math.min(endNs, (at + 0.5) * step * widthNs);
    const row: Record<string, number> = { seconds: middleNs / 1e9 };
    for (const { thread, peaks } of shown) row[thread] = Math.max(...peaks.slice(at * step, (at + 1) * step));
    return row;
  });
}
