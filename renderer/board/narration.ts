import { resultText, returnsNothing } from '../../apc-model/call-results.ts';
import { callText, win32Name } from '../../apc-model/call-text.ts';
import {
  Call,
  Kind,
  isAlertable,
  isWait,
  threadOfSubject,
  type EventIndex,
  type ThreadIndex,
} from '../../apc-model/event.ts';
import type { EventTable } from '../../apc-model/event-table.ts';

/** More sentences than this at once help nobody who listens. */
const MOST_SENTENCES = 6;
/** Of more events than this, only as many of the last are looked at: a flood must not cost more than it tells. */
const MOST_EVENTS = 2000;
const LAST_OF_FLOOD = 64;

/**
 * What happened in events [from, to), for someone who listens: waits entered and left, APCs queued, delivered and lost.
 * Deliveries in a row are one sentence. A flood becomes a count.
 */
export function narrate(table: EventTable, from: EventIndex, to: EventIndex): string[] {
  if (to - from > MOST_EVENTS) {
    const last = sentencesOf(table, Math.max(table.firstIndex, to - LAST_OF_FLOOD), to);
    return [`${to - from} events happened; the last:`, ...last.slice(-2)];
  }
  const sentences = sentencesOf(table, from, to);
  if (sentences.length <= MOST_SENTENCES) return sentences;
  return [`${sentences.length} things happened; the last:`, ...sentences.slice(-2)];
}

function sentencesOf(table: EventTable, from: EventIndex, to: EventIndex): string[] {
  const sentences: string[] = [];
  let drain: { thread: ThreadIndex; apcs: number[] } | undefined;
  const endDrain = (): void => {
    if (drain === undefined) return;
    const { thread, apcs } = drain;
    drain = undefined;
    sentences.push(
      `${table.threadName(thread)}: ${apcs.length} APC${apcs.length === 1 ? '' : 's'} delivered: ${apcs.join(', ')}`,
    );
  };
  for (let index = from; index < to; index++) {
    const kind = table.kind(index);
    const thread = table.thread(index);
    if (kind === Kind.apcBegan) {
      if (drain !== undefined && drain.thread !== thread) endDrain();
      drain ??= { thread, apcs: [] };
      drain.apcs.push(table.subject(index));
      continue;
    }
    const sentence = sentenceOf(table, index);
    if (sentence === undefined) continue;
    endDrain();
    sentences.push(sentence);
  }
  endDrain();
  return sentences;
}

function sentenceOf(table: EventTable, index: EventIndex): string | undefined {
  const name = table.threadName(table.thread(index));
  const low = table.valueLow(index);
  const high = table.valueHigh(index);
  const call = table.call(index);
  const subject = table.subject(index);
  const other = table.threadName(threadOfSubject(subject) ?? subject);
  switch (table.kind(index)) {
    case Kind.threadCreated:
      return `${other} created${(high & 0x10000) === 0 ? '' : ', suspended'}`;
    case Kind.threadEnded:
      return `${name} ended, exit code ${low}`;
    case Kind.suspended:
      return `${other} suspended`;
    case Kind.resumed:
      return low === 0 ? `${other} resumed` : undefined;
    case Kind.callBegan:
      if (!isWait(call) || call === Call.awaitState) return undefined;
      return `${name} entered ${callText(table, index)}, ${isAlertable(high) ? 'alertable' : 'not alertable'}`;
    case Kind.callReturned:
      if (!isWait(call) || call === Call.awaitState || returnsNothing(call)) return undefined;
      return `${name}: ${win32Name(call)} returned ${resultText(call, low)}`;
    case Kind.apcQueued:
      return `APC ${subject} queued by ${name}`;
    case Kind.apcQueueFailed:
      return `APC ${subject} could not be queued by ${name}`;
    case Kind.apcLost:
      return `APC ${subject} lost: ${name} ended before it ran`;
    case Kind.lost:
      return `${low} events were lost`;
    default:
      return undefined;
  }
}
