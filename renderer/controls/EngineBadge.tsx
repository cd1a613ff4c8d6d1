import { Badge } from '@fluentui/react-components';
import { useSnapshotPart } from '../snapshot.ts';
import { ENGINES } from '../texts.ts';
import { Tip } from './Tip.tsx';

/** Which engine made what is shown, and how far that is to be trusted. */
export function EngineBadge() {
  const meta = useSnapshotPart((snapshot) => snapshot?.trace.meta);
  if (meta === undefined) return null;
  const engine = ENGINES[meta.engine];
  return (
    <Tip text={`${meta.engineLabel} · ${meta.os}. ${engine?.tip ?? ''}`}>
      <Badge
        appearance="tint"
        color={meta.engine === 'posix' ? 'severe' : 'informative'}
        tabIndex={0}
        className="engine-badge"
      >
        {engine?.badge ?? meta.engineLabel}
      </Badge>
    </Tip>
  );
}
