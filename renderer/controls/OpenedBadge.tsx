import { Badge } from '@fluentui/react-components';
import { HistoryRegular } from '@fluentui/react-icons';
import { useSnapshotPart } from '../snapshot.ts';
import { Tip } from './Tip.tsx';

/** Says that what is shown is a saved trace, and out of which file. */
export function OpenedBadge() {
  const path = useSnapshotPart((snapshot) => snapshot?.opened?.path);
  if (path === undefined) return null;
  return (
    <Tip text={`A saved trace, opened from ${path}. Run begins a new session.`}>
      <Badge
        appearance="outline"
        color="informative"
        tabIndex={0}
        className="opened-badge"
        icon={<HistoryRegular />}
      >
        <span className="clip">
          <span className="visually-hidden">opened from </span>
          {path.split(/[\\/]/).at(-1)}
        </span>
      </Badge>
    </Tip>
  );
}
