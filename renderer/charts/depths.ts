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

const BUCKETS = 120;
/** More lines than this can't be told apart; the threads with the deepest queues are shown. */
export const MOST_SERIES = 6;

export function sampleDepths(trace: Trace, session: number, endNs: number): Depths {
  const counts = Array.from({ length: BUCKETS + 1 }, (_, edge) =>
    trace.table.countAt((edge * endNs) / BUCKETS),
  );
  const all = [...trace.depths.threads].map(([thread, steps]) => {
    let deepest = 0;
    const peaks = counts.slice(1).map((count, bucket) => steps.peak(counts[bucket]!, count));
    for (const peak of peaks) deepest = Math.max(deepest, peak);
    return { thread, peaks, deepest };
  });
  const shown = all
    .filter(({ deepest }) => deepest > 0)
    .sort((a, b) => b.deepest - a.deepest)
    .slice(0, MOST_SERIES)
    .sort((a, b) => a.thread - b.thread);
  const rows = Array.from({ length: shown.length === 0 ? 0 : BUCKETS }, (_, bucket) => {
    const row: Record<string, number> = { seconds: ((bucket + 0.5) * endNs) / BUCKETS / 1e9 };
    for (const { thread, peaks } of shown) row[thread] = peaks[bucket]!;
    return row;
  });
  return {
    session,
    revision: trace.revision,
    endNs,
    series: shown.map(({ thread }) => ({ thread, name: trace.table.threadName(thread) })),
    rows,
  };
}
