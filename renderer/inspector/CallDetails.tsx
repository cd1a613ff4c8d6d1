import { resultText } from '../../apc-model/call-results.ts';
import { callText, durationText, win32Name } from '../../apc-model/call-text.ts';
import { isAlertable, isWait, siteOf, type EventIndex } from '../../apc-model/event.ts';
import { errorName } from '../../apc-model/win32-names.ts';
import type { Snapshot } from '../snapshot.ts';
import { EventTime, Facts } from './Facts.tsx';

export function CallDetails({ snapshot, began }: { snapshot: Snapshot; began: EventIndex }) {
  const { trace, at, sites } = snapshot;
  const { table } = trace;
  if (began >= at.count) return <p className="quiet">At this instant the call has not begun yet.</p>;
  if (!table.has(began)) return <p className="quiet">The call is not in memory any more.</p>;
  const call = table.call(began);
  const high = table.valueHigh(began);
  const site = sites[siteOf(high)];
  const returned = trace.spans.endOf(began);
  const hasReturned = returned !== undefined && returned < at.count;
  const endNs = hasReturned ? table.timeNs(returned) : at.timeNs;
  const isReturn = hasReturned && table.call(returned) === call;
  return (
    <>
      <h2>{callText(table, began)}</h2>
      <Facts
        lines={[
          ['Function', win32Name(call)],
          ['On', table.threadName(table.thread(began))],
          [
            'Alertable',
            isWait(call)
              ? isAlertable(high)
                ? 'yes: APCs can run in it'
                : 'no: APCs go on waiting'
              : undefined,
          ],
          ['Step', site === undefined ? 'by hand' : `${site.as ?? 'unnamed'} in ${site.routine}`],
          ['Began', <EventTime key="began" table={table} event={began} />],
          ['Returned', isReturn ? <EventTime key="returned" table={table} event={returned} /> : 'not yet'],
          ['Took', durationText(endNs - table.timeNs(began))],
          ['Result', isReturn ? resultText(call, table.valueLow(returned)) : undefined],
          ['Last error', isReturn ? errorName(table.valueHigh(returned)) : undefined],
        ]}
      />
    </>
  );
}
