import { endedByApc, outcomeText, returnsNothing } from '../../apc-model/call-results.ts';
import { durationText, win32Name } from '../../apc-model/call-text.ts';
import type { ApcId, ThreadIndex } from '../../apc-model/event.ts';
import { SpanType } from '../../apc-model/span-track.ts';
import type { Trace } from '../../apc-model/trace.ts';
import { chipOf, type ChipView } from './chip-view.ts';

/** What the last wait came to. */
export interface Outcome {
  call: string;
  /** undefined where the function returns nothing. */
  result: string | undefined;
  afterText: string;
  byApc: boolean;
}

/** How far back a row looks for what happened last. */
const LOOK_BACK_SPANS = 256;

/** The APC that ended last among the first `count` events. */
export function lastRan(trace: Trace, thread: ThreadIndex, count: number): ChipView | undefined {
  const life = trace.spans.threads.get(thread)?.life;
  if (life === undefined) return undefined;
  let latest: { apc: ApcId; ended: number } | undefined;
  const last = life.firstBegunFrom(count) - 1;
  for (let at = last; at >= life.first && at > last - LOOK_BACK_SPANS; at--) {
    const ended = life.ended(at);
    const apc = life.apc(at);
    if (apc === undefined || ended === undefined || ended >= count) continue;
    if (latest === undefined || ended > latest.ended) latest = { apc, ended };
    else break;
  }
  return latest === undefined ? undefined : chipOf(trace, latest.apc, 'ran');
}

/** What the last wait that returned among the first `count` events came to. */
export function lastOutcome(trace: Trace, thread: ThreadIndex, count: number): Outcome | undefined {
  const life = trace.spans.threads.get(thread)?.life;
  if (life === undefined) return undefined;
  const last = life.firstBegunFrom(count) - 1;
  for (let at = last; at >= life.first && at > last - LOOK_BACK_SPANS; at--) {
    const type = life.type(at);
    const ended = life.ended(at);
    if (type !== SpanType.wait && type !== SpanType.alertableWait) continue;
    if (ended === undefined || ended >= count) continue;
    const call = life.call(at);
    // A thread's end closes its wait too, but that wait returned nothing.
    if (trace.table.call(ended) !== call) continue;
    const result = trace.table.valueLow(ended);
    return {
      call: win32Name(call),
      result: returnsNothing(call) ? undefined : outcomeText(call, result, trace.table.valueHigh(ended)),
      afterText: durationText(life.endNs(at) - life.startNs(at)),
      byApc: endedByApc(call, result, trace.table.valueHigh(ended)),
    };
  }
  return undefined;
}
