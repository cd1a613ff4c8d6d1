import { useSnapshot } from '../snapshot.ts';
import { useChoices } from '../store.ts';
import { EMPTY } from '../texts.ts';
import { DepthChart } from '../charts/DepthChart.tsx';
import { useDepths } from '../charts/use-depths.ts';
import { Facts } from './Facts.tsx';
import { countText } from '../time-text.ts';

const PADDING_CSS = 24;

/** Numbers over the whole session so far. */
export default function Statistics() {
  const snapshot = useSnapshot();
  const widthCss = useChoices((choices) => choices.inspectorCss) - PADDING_CSS;
  const depths = useDepths();
  if (snapshot === undefined) return null;
  const total = { queued: 0, delivered: 0, lost: 0, waiting: 0 };
  for (const { counts, waiting } of snapshot.at.threads) {
    total.queued += counts.queued;
    total.delivered += counts.delivered;
    total.lost += counts.lost;
    total.waiting += waiting.user.length + waiting.special.length;
  }
  return (
    <>
      <h2>Queue depth over time</h2>
      {depths === undefined || depths.series.length === 0 ? (
        <p className="quiet">{EMPTY.statistics}</p>
      ) : (
        <DepthChart depths={depths} widthCss={widthCss} />
      )}
      <h3>User APCs at the cursor</h3>
      <Facts
        lines={[
          ['Queued', countText(total.queued)],
          ['Delivered', countText(total.delivered)],
          ['Waiting', countText(total.waiting)],
          ['Lost', countText(total.lost)],
          ['Mismatches', countText(snapshot.at.mismatches)],
        ]}
      />
    </>
  );
}
