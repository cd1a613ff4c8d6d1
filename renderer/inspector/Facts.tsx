import type { ReactNode } from 'react';
import type { EventIndex } from '../../apc-model/event.ts';
import type { EventTable } from '../../apc-model/event-table.ts';
import { instantText } from '../../timeline/time-text.ts';
import { showInstant } from '../store.ts';

/** Names with their values; what is undefined has no line. */
export function Facts({ lines }: { lines: readonly [string, ReactNode][] }) {
  return (
    <dl className="facts-list selectable">
      {lines.map(([name, value]) =>
        value === undefined ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** The time of an event; a click goes to the instant right after it. */
export function EventTime({ table, event }: { table: EventTable; event: EventIndex }) {
  const timeNs = table.timeNs(event);
  return (
    <button
      type="button"
      className="event-time"
      title={`Show this instant (event ${event})`}
      onClick={() => showInstant(timeNs, event + 1)}
    >
      {instantText(timeNs)}
      {table.isInferred(event) && ' (inferred)'}
    </button>
  );
}
