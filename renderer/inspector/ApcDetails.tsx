import { durationText, win32Name } from '../../apc-model/call-text.ts';
import { explainPending } from '../../apc-model/explain.ts';
import type { ApcId } from '../../apc-model/event.ts';
import type { Snapshot } from '../snapshot.ts';
import { TERMS } from '../texts.ts';
import { EventTime, Facts } from './Facts.tsx';

export function ApcDetails({ snapshot, apc }: { snapshot: Snapshot; apc: ApcId }) {
  const { trace, at } = snapshot;
  const { table } = trace;
  const life = trace.apc(apc);
  if (life === undefined || life.queueing >= at.count)
    return <p className="quiet">At this instant the APC does not exist yet.</p>;
  const target = at.threads.find((thread) => thread.index === life.target);
  const entry = [...(target?.userQueue ?? []), ...(target?.specialQueue ?? [])].find(
    (one) => one.apc === apc,
  );
  const happened = (event: number | undefined): number | undefined =>
    event !== undefined && event < at.count ? event : undefined;
  const time = (event: number | undefined) =>
    happened(event) === undefined ? undefined : <EventTime table={table} event={event!} />;
  const between = (from: number | undefined, to: number | undefined): string | undefined =>
    happened(from) === undefined || happened(to) === undefined
      ? undefined
      : durationText(table.timeNs(to!) - table.timeNs(from!));
  const why =
    entry === undefined || target === undefined ? undefined : explainPending(table, entry, target, at.timeNs);
  const isLost = happened(life.began) === undefined && target?.activity === 'ended';
  return (
    <>
      <h2>
        APC {apc}: {table.routineName(life.routine)}
      </h2>
      {why !== undefined && (
        <p>
          {why.sentence} {why.remedy}
        </p>
      )}
      {isLost && <p>{TERMS.lost}</p>}
      <Facts
        lines={[
          ['Routine', `${table.routineName(life.routine)}(${life.arguments.join(', ')})`],
          ['Kind', life.special ? 'special user APC' : 'regular user APC'],
          ['Queued by', `${table.threadName(life.source)}, ${win32Name(life.origin)}`],
          ['Runs on', table.threadName(life.target)],
          ['Call began', time(life.queueing)],
          ['Queued', time(life.queued)],
          ['Failed', time(life.failed)],
          ['Delivered', time(life.began)],
          ['Ended', time(life.ended)],
          ['Cancelled', time(life.cancelled)],
          ['Lost', time(life.lost)],
          ['Waited', between(life.queued ?? life.queueing, life.began) ?? between(life.queueing, life.lost)],
          ['Ran for', between(life.began, life.ended)],
        ]}
      />
    </>
  );
}
