import { explainPending } from '../../apc-model/explain.ts';
import type { ThreadIndex } from '../../apc-model/event.ts';
import { durationText } from '../../apc-model/call-text.ts';
import { useSnapshot } from '../snapshot.ts';
import { TERMS } from '../texts.ts';
import type { ChipView } from './chip-view.ts';

/** Why has this APC not run? Or: what became of it. */
export function WhyCard({ chip, thread }: { chip: ChipView; thread: ThreadIndex }) {
  const snapshot = useSnapshot();
  const owner = snapshot?.at.threads.find((one) => one.index === thread);
  const entry = [...(owner?.userQueue ?? []), ...(owner?.specialQueue ?? [])].find(
    (one) => one.apc === chip.apc,
  );
  return (
    <span className="why">
      <strong>
        APC {chip.apc}: {chip.routine}({String(chip.argument)})
      </strong>
      <span className="quiet">
        {chip.origin} by {chip.source}
        {entry !== undefined &&
          snapshot !== undefined &&
          `, ${durationText(snapshot.at.timeNs - entry.queueingNs)} ago`}
      </span>
      {snapshot !== undefined && owner !== undefined && entry !== undefined && (
        <Why {...explainPending(snapshot.trace.table, entry, owner, snapshot.at.timeNs)} />
      )}
      {chip.state === 'running' && <span>It is running on this thread now.</span>}
      {chip.state === 'ran' && <span>It has run on this thread.</span>}
      {chip.state === 'lost' && <span>{TERMS.lost}</span>}
    </span>
  );
}

function Why({ sentence, remedy }: { sentence: string; remedy: string }) {
  return (
    <>
      <span>{sentence}</span>
      <span>{remedy}</span>
    </>
  );
}
