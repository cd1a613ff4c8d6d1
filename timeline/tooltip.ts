import { failureText } from '../apc-model/call-results.ts';
import { durationText, win32Name } from '../apc-model/call-text.ts';
import { Call, END_REASON_NAMES, Kind, type ApcId, type EventIndex } from '../apc-model/event.ts';
import { logText } from '../apc-model/log-text.ts';
import type { SpanTrack } from '../apc-model/span-track.ts';
import type { Trace } from '../apc-model/trace.ts';
import { outcomeOf, spanCallText } from './bar-text.ts';
import { grouped } from './build-folds.ts';
import { LOOKS, type DrawList } from './draw-list.ts';
import type { Hit } from './hit-test.ts';
import { LOOK_WORDS, lookOf } from './looks.ts';
import { instantText } from './time-text.ts';

/** A tooltip as data: the page chooses how it looks. */
export interface Tooltip {
  title: string;
  lines: { name: string; text: string }[];
}

/** What a hit is, in words. `nowNs` as for the draw list. */
export function tooltipOf(trace: Trace, list: DrawList, hit: Hit, nowNs: number): Tooltip {
  switch (hit.type) {
    case 'span':
      return spanTooltip(trace, hit, nowNs);
    case 'fold':
      return foldTooltip(list, hit.fold);
    case 'apc':
      return apcTooltip(trace, hit.apc, nowNs);
    case 'event':
      return eventTooltip(trace, hit.event, hit.count);
    case 'lane':
      return {
        title: trace.table.threadName(hit.thread),
        lines: [{ name: 'at', text: instantText(hit.timeNs) }],
      };
  }
}

function spanTooltip(trace: Trace, hit: Hit & { type: 'span' }, nowNs: number): Tooltip {
  const spans = trace.spans.threads.get(hit.thread);
  if (spans === undefined) return { title: '', lines: [] };
  const track = spans[hit.track];
  const apc = track.apc(hit.span);
  if (apc !== undefined) return apcTooltip(trace, apc, nowNs);
  const startNs = track.startNs(hit.span);
  const isOpen = track.isOpen(hit.span);
  const lasted = durationText((isOpen ? Math.max(nowNs, startNs) : track.endNs(hit.span)) - startNs);
  const lines = [
    { name: 'began', text: instantText(startNs) },
    { name: isOpen ? 'so far' : 'lasted', text: lasted },
  ];
  const outcome = isCall(track, hit.span) ? outcomeOf(trace.table, track, hit.span) : undefined;
  if (outcome !== undefined) lines.push({ name: 'result', text: outcome.result });
  const apcs = apcsIn(track, hit.span);
  if (apcs !== '') lines.push({ name: 'delivered', text: apcs });
  const words = LOOK_WORDS[lookOf(track.type(hit.span))];
  if (!isCall(track, hit.span)) return { title: words, lines };
  return {
    title: spanCallText(trace.table, track, hit.span),
    lines: [{ name: 'state', text: words }, ...lines],
  };
}

const isCall = (track: SpanTrack, span: number): boolean => track.call(span) !== Call.none;

/** The APCs that a wait ran itself, the first few by number. */
function apcsIn(track: SpanTrack, span: number): string {
  const FIRST = 6;
  const LOOK_AHEAD = 512;
  const ids: number[] = [];
  for (
    let at = Math.max(span + 1, track.first);
    at < Math.min(track.length, span + LOOK_AHEAD) && ids.length <= FIRST;
    at++
  ) {
    if (track.startNs(at) > track.endNs(span)) break;
    const apc = track.parent(at) === span ? track.apc(at) : undefined;
    if (apc !== undefined) ids.push(apc);
  }
  const more = ids.length > FIRST ? ' …' : '';
  return ids.length === 0 ? '' : `APC ${ids.slice(0, FIRST).join(', ')}${more}`;
}

function foldTooltip(list: DrawList, index: number): Tooltip {
  const fold = list.folds[index]!;
  const lines = LOOKS.map((look, at) => ({ name: LOOK_WORDS[look], share: fold.shares[at]! }))
    .filter(({ share }) => share >= 0.005)
    .sort((a, b) => b.share - a.share)
    .map(({ name, share }) => ({ name, text: `${Math.round(share * 100)} %` }));
  if (fold.apcs > 0) lines.unshift({ name: 'APCs', text: grouped(fold.apcs) });
  return { title: `${grouped(fold.count)} short stretches: zoom in`, lines };
}

function apcTooltip(trace: Trace, id: ApcId, nowNs: number): Tooltip {
  const { table } = trace;
  const life = trace.apc(id);
  if (life === undefined) return { title: `APC ${id}`, lines: [] };
  const queuedNs = table.timeNs(life.queueing);
  const since = (event: EventIndex): string => `after ${durationText(table.timeNs(event) - queuedNs)}`;
  const lines = [
    {
      name: life.armed ? 'armed by' : 'queued by',
      text: `${table.threadName(life.source)}, ${win32Name(life.origin)}`,
    },
    { name: 'on', text: table.threadName(life.target) },
    { name: life.armed ? 'armed' : 'queued', text: instantText(queuedNs) },
  ];
  if (life.armed && life.queued !== undefined) lines.push({ name: 'queued', text: since(life.queued) });
  if (life.special) lines.push({ name: 'kind', text: 'special' });
  if (life.arguments.length > 0) {
    const name = life.arguments.length === 1 ? 'argument' : 'arguments';
    lines.push({ name, text: life.arguments.join(', ') });
  }
  if (life.failed !== undefined) {
    lines.push({ name: 'failed', text: failureText(table, life.failed) });
  } else if (life.began !== undefined) {
    lines.push({ name: 'ran', text: since(life.began) });
    const end = life.ended === undefined ? nowNs : table.timeNs(life.ended);
    lines.push({
      name: life.ended === undefined ? 'running for' : 'lasted',
      text: durationText(end - table.timeNs(life.began)),
    });
  } else if (life.lost !== undefined) {
    lines.push({ name: 'lost', text: `${since(life.lost)}: the thread ended` });
  } else if (life.cancelled !== undefined) {
    lines.push({ name: 'cancelled', text: since(life.cancelled) });
  } else if (life.vanished !== undefined) {
    lines.push({ name: 'vanished', text: 'it has no routine' });
  } else {
    lines.push({ name: 'waiting for', text: durationText(nowNs - queuedNs) });
  }
  return { title: `APC ${id}: ${table.routineName(life.routine)}`, lines };
}

function eventTooltip(trace: Trace, event: EventIndex, count: number): Tooltip {
  const { table } = trace;
  const lines = [{ name: 'at', text: instantText(table.timeNs(event)) }];
  if (count > 1) lines.push({ name: 'here', text: `${grouped(count)} of them, this is the first` });
  switch (table.kind(event)) {
    case Kind.apcLost:
      return { title: `APC ${table.subject(event)} lost: its thread ended before it could run`, lines };
    case Kind.apcQueueFailed:
    case Kind.callReturned:
      return { title: `${win32Name(table.call(event))} failed: ${failureText(table, event)}`, lines };
    case Kind.lost:
      return {
        title: `${grouped(table.valueLow(event))} events are missing here: the buffer was full`,
        lines,
      };
    case Kind.log:
      return { title: logText(table, event), lines };
    case Kind.marker:
      return { title: table.text(event) ?? 'marker', lines };
    case Kind.threadStarted:
      return {
        title: 'the thread starts',
        lines: [...lines, { name: 'thread id', text: String(table.valueLow(event)) }],
      };
    case Kind.threadEnded: {
      const reason = END_REASON_NAMES[table.valueHigh(event) & 0xff] ?? '';
      return { title: `the thread ended: ${reason}, exit code ${table.valueLow(event)}`, lines };
    }
    default:
      return { title: table.threadName(table.thread(event)), lines };
  }
}
