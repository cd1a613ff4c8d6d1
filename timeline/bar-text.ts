import { failureText, isFailure, outcomeText, returnsNothing } from '../apc-model/call-results.ts';
import { callText, durationText } from '../apc-model/call-text.ts';
import { Call, Kind } from '../apc-model/event.ts';
import type { EventTable } from '../apc-model/event-table.ts';
import type { SpanTrack } from '../apc-model/span-track.ts';
import type { Look } from './draw-list.ts';

/** `SleepEx(9999999, TRUE)`: the call of a span, with its time limit. */
export function spanCallText(table: EventTable, track: SpanTrack, span: number): string {
  return callText(table, track.began(span));
}

export interface Outcome {
  /** `WAIT_IO_COMPLETION`, `0`, `WAIT_FAILED (ERROR_INVALID_HANDLE)`, `returned` for a function without a result. */
  result: string;
  failed: boolean;
  durationNs: number;
}

/** How a call came back; undefined while it is open, or where its thread ended in it. */
export function outcomeOf(table: EventTable, track: SpanTrack, span: number): Outcome | undefined {
  const ended = track.ended(span);
  if (ended === undefined || table.kind(ended) !== Kind.callReturned) return undefined;
  const call = track.call(span);
  const value = table.valueLow(ended);
  const failed = isFailure(call, value);
  const result = returnsNothing(call) ? 'returned' : outcomeText(call, value, table.valueHigh(ended));
  return {
    // A native function says itself why it failed.
    result:
      failed && !result.startsWith('STATUS_') && table.valueHigh(ended) !== 0
        ? `${result} (${failureText(table, ended)})`
        : result,
    failed,
    durationNs: track.endNs(span) - track.startNs(span),
  };
}

/** What may be written on a bar, longest first. `withResult`: its result isn't told elsewhere. */
export function barTexts(
  table: EventTable,
  track: SpanTrack,
  span: number,
  look: Look,
  withResult: boolean,
): string[] {
  switch (look) {
    case 'running':
      return ['running'];
    case 'step':
      return ['waiting for your next step (not alertable)', 'your next step (not alertable)', 'next step'];
    case 'suspended':
      return ['suspended'];
    case 'notStarted':
      return ['not started'];
    case 'apc': {
      const id = track.apc(span);
      const routine = table.routineName(table.valueLow(track.began(span)) & 0xffff);
      return [`APC ${id}: ${routine}`, `APC ${id}`, String(id)];
    }
  }
  const call = spanCallText(table, track, span);
  const outcome = withResult ? outcomeOf(table, track, span) : undefined;
  const end = outcome === undefined ? '' : ` → ${outcome.result} after ${durationText(outcome.durationNs)}`;
  const isPlainWait = look === 'wait' && track.call(span) !== Call.awaitState;
  const kind = isPlainWait ? ', not alertable' : look === 'alertable' ? ', alertable' : '';
  // That a wait is not alertable explains more than what it returned.
  const texts = [
    `${call}${kind}${end}`,
    ...(isPlainWait ? [`${call}${kind}`] : []),
    `${call}${end}`,
    `${call}${kind}`,
    call,
  ];
  return [...new Set([...texts, call.replace(/\(.*/, '')])];
}
