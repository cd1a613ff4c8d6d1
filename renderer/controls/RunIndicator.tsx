import { useSnapshotPart } from '../snapshot.ts';
import { TERMS } from '../texts.ts';
import { countText, elapsedText } from '../time-text.ts';
import { Tip } from './Tip.tsx';

/** Whether a session runs, for how long, and how complete its picture is. */
export function RunIndicator() {
  const state = useSnapshotPart((snapshot) =>
    snapshot === undefined
      ? 'none'
      : snapshot.phase === 'running' && snapshot.threadsAlive > 0
        ? 'running'
        : 'still',
  );
  const elapsed = useSnapshotPart((snapshot) => elapsedText(snapshot?.liveNs ?? 0));
  const events = useSnapshotPart((snapshot) => snapshot?.events ?? 0);
  const lost = useSnapshotPart((snapshot) => snapshot?.lostEvents ?? 0);
  const alive = useSnapshotPart((snapshot) => snapshot?.threadsAlive ?? 0);
  const toCome = useSnapshotPart((snapshot) => shownBacklog(snapshot?.eventsToCome ?? 0));
  if (state === 'none') return null;
  return (
    <span className="run-indicator" data-state={state}>
      <span className="run-dot" aria-hidden />
      <span>{state === 'running' ? `${alive} thread${alive === 1 ? '' : 's'}` : 'ended'}</span>
      <span className="run-time">{elapsed}</span>
      <Tip text={TERMS.events}>
        <span className="quiet">{countText(events)} events</span>
      </Tip>
      {toCome > 0 && (
        <Tip text={TERMS.toCome}>
          <span className="quiet">{countText(toCome)} to come</span>
        </Tip>
      )}
      <Tip text={TERMS.lostEvents}>
        <span className={lost > 0 ? 'run-lost' : 'quiet'}>{countText(lost)} lost</span>
      </Tip>
    </span>
  );
}

/** Less than the window takes in within a moment is not worth a word. */
const LEAST_BACKLOG = 200_000;
const shownBacklog = (events: number): number =>
  events < LEAST_BACKLOG ? 0 : Math.round(events / 100_000) * 100_000;
