import { durationText } from '../../apc-model/call-text.ts';
import { describeActivity } from '../../apc-model/explain.ts';
import { END_REASON_NAMES, type ThreadIndex } from '../../apc-model/event.ts';
import { marksOf } from '../../timeline/lane-marks.ts';
import type { Snapshot } from '../snapshot.ts';
import { TERMS } from '../texts.ts';
import { EventTime, Facts } from './Facts.tsx';

export function ThreadDetails({ snapshot, thread }: { snapshot: Snapshot; thread: ThreadIndex }) {
  const { trace, at } = snapshot;
  const state = at.threads.find((one) => one.index === thread);
  if (state === undefined) return <p className="quiet">At this instant the thread does not exist yet.</p>;
  const { counts } = state;
  const { created, started, ended } = marksOf(trace, thread);
  const time = (event: number | undefined) =>
    event === undefined || event >= at.count ? undefined : <EventTime table={trace.table} event={event} />;
  return (
    <>
      <h2>{state.name}</h2>
      <p>{describeActivity(trace.table, state, at.timeNs)}</p>
      <Facts
        lines={[
          ['For', durationText(at.timeNs - state.sinceNs)],
          ['Thread id', state.osThreadId === 0 ? undefined : state.osThreadId],
          ['Steps', state.handDriven ? 'by hand' : 'from the scenario'],
          ['Mailbox', state.handDriven ? `${state.mailbox} waiting` : undefined],
          ['Suspend count', state.suspendCount],
          ['Created', time(created)],
          ['Started', time(started)],
          ['Ended', time(ended)],
          [
            'End',
            state.endReason === undefined
              ? undefined
              : `${END_REASON_NAMES[state.endReason] ?? ''}, exit code ${state.exitCode ?? 0}`,
          ],
        ]}
      />
      <h3>User APCs</h3>
      <Facts
        lines={[
          ['Queued', counts.queued],
          ['Delivered', counts.delivered],
          ['Waiting', state.waiting.user.length + state.waiting.special.length],
          ['Cancelled', counts.cancelled || undefined],
          ['Failed', counts.failed || undefined],
          ['Lost', counts.lost],
        ]}
      />
      {counts.lost > 0 && <p>{TERMS.lost}</p>}
    </>
  );
}
