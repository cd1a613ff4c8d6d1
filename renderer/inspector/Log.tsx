import { useLayoutEffect, useRef } from 'react';
import { Kind, type EventIndex } from '../../apc-model/event.ts';
import { logText } from '../../apc-model/log-text.ts';
import type { Trace } from '../../apc-model/trace.ts';
import { timeText } from '../../timeline/time-text.ts';
import { useSnapshot } from '../snapshot.ts';
import { showInstant } from '../store.ts';
import { EMPTY } from '../texts.ts';
import { countText } from '../time-text.ts';

/** The last so many lines before the cursor: what is older is in the trace file. */
const MOST_LINES = 400;

export function Log() {
  const snapshot = useSnapshot();
  const end = useRef<HTMLLIElement>(null);
  const all = snapshot === undefined ? [] : logEvents(snapshot.whole);
  const seen = snapshot === undefined ? 0 : countBelow(all, snapshot.at.count);
  useLayoutEffect(() => end.current?.scrollIntoView({ block: 'nearest' }), [seen]);
  if (snapshot === undefined || all.length === 0) return <p className="quiet">{EMPTY.log}</p>;
  const { table } = snapshot.whole;
  const first = Math.max(0, Math.min(seen, all.length - MOST_LINES / 4) - MOST_LINES);
  const shown = all.slice(first, first + MOST_LINES + MOST_LINES / 4);
  return (
    <>
      {first > 0 && <p className="quiet">{countText(first)} earlier lines</p>}
      <ol className="log selectable">
        {shown.map((event, place) => (
          <li
            key={event}
            ref={first + place === seen - 1 ? end : undefined}
            data-later={first + place >= seen || undefined}
          >
            <button
              type="button"
              className="event-time"
              title="Show this instant"
              onClick={() => showInstant(table.timeNs(event), event + 1)}
            >
              {timeText(table.timeNs(event), table.endNs, 1e5)}
            </button>
            <span className="log-thread clip" title={table.threadName(table.thread(event))}>
              {table.threadName(table.thread(event))}
            </span>
            <span className="log-text">{logText(table, event)}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

const found = new WeakMap<Trace, { seen: number; events: EventIndex[] }>();

function logEvents(trace: Trace): EventIndex[] {
  let log = found.get(trace);
  if (log === undefined) found.set(trace, (log = { seen: 0, events: [] }));
  const { firstIndex, length } = trace.table;
  log.seen = Math.max(log.seen, firstIndex);
  for (; log.seen < length; log.seen++)
    if (trace.table.kind(log.seen) === Kind.log) log.events.push(log.seen);
  if (log.events.length > 0 && log.events[0]! < firstIndex)
    log.events = log.events.slice(countBelow(log.events, firstIndex));
  return log.events;
}

function countBelow(events: readonly EventIndex[], count: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (events[middle]! < count) low = middle + 1;
    else high = middle;
  }
  return low;
}
