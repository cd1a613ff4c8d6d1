import {
  CheckmarkCircleFilled,
  DismissCircleFilled,
  SubtractCircleRegular,
  WarningRegular,
} from '@fluentui/react-icons';
import type { ExpectationOutcome } from '../../apc-model/app-api.ts';
import { useSnapshotPart } from '../snapshot.ts';
import { EMPTY } from '../texts.ts';

/** What the scenario promised, beside what was seen. */
export function VerdictView() {
  const verdict = useSnapshotPart((snapshot) => snapshot?.verdict);
  const isRunning = useSnapshotPart(
    (snapshot) => snapshot?.phase === 'running' && snapshot.trace.meta.scenario !== undefined,
  );
  if (verdict === undefined)
    return <p className="quiet">{isRunning ? EMPTY.verdictRunning : EMPTY.verdict}</p>;
  const held = verdict.expectations.filter(({ status }) => status === 'passed').length;
  return (
    <>
      <h2>
        {verdict.reason === undefined
          ? `${held} of ${verdict.expectations.length} expectations held`
          : 'Not judged'}
      </h2>
      {verdict.reason !== undefined && <p>{verdict.reason}.</p>}
      <ol className="verdict selectable">
        {verdict.expectations.map((outcome) => (
          <Outcome key={outcome.index} outcome={outcome} />
        ))}
      </ol>
    </>
  );
}

const ICONS = {
  passed: CheckmarkCircleFilled,
  failed: DismissCircleFilled,
  skipped: SubtractCircleRegular,
  differs: WarningRegular,
} as const;
const WORDS = {
  passed: '✓ held',
  failed: '✗ failed',
  skipped: 'not judged',
  differs: 'differs, as documented',
} as const;

function Outcome({ outcome }: { outcome: ExpectationOutcome }) {
  const { status, expected, actual } = outcome;
  const Icon = ICONS[status];
  return (
    <li data-status={status}>
      <Icon className="verdict-icon" aria-hidden />
      <div>
        <div>{expected}</div>
        <div className="quiet">
          <span className="verdict-word">{WORDS[status]}</span>
          {status !== 'skipped' && ` · seen: ${actual}`}
        </div>
      </div>
    </li>
  );
}
