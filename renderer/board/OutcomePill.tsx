import { Tip } from '../controls/Tip.tsx';
import { TERMS } from '../texts.ts';
import type { Outcome } from './last-outcome.ts';

/** `SleepEx → WAIT_IO_COMPLETION`: what the last wait came to. */
export function OutcomePill({ outcome }: { outcome: Outcome | undefined }) {
  if (outcome === undefined) return <div className="outcome" />;
  return (
    <div className="outcome">
      <Tip text={TERMS.outcome}>
        <span className="outcome-pill clip" data-by-apc={outcome.byApc || undefined} tabIndex={0}>
          {outcome.call} {outcome.result === undefined ? 'returned' : `→ ${outcome.result}`}
          <span className="outcome-after"> after {outcome.afterText}</span>
        </span>
      </Tip>
    </div>
  );
}
