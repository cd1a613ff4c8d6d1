import { CheckmarkRegular } from '@fluentui/react-icons';
import { Chip } from './Chip.tsx';
import type { RowView } from './row-view.ts';

/** Where an APC runs. One that waits alertably can have another inside it: they stack, the innermost in front. */
export function Slot({ view, selectedApc }: { view: RowView; selectedApc: number | undefined }) {
  const { running, lastRan, thread } = view;
  const innermost = running.at(-1);
  return (
    <div
      className="slot"
      data-depth={Math.min(running.length, 4)}
      aria-label={`running APC of ${thread.name}`}
      role="group"
    >
      {innermost !== undefined && (
        <>
          <Chip
            key={innermost.apc}
            as="div"
            chip={innermost}
            thread={thread}
            isNarrow={false}
            isSelected={selectedApc === innermost.apc}
          />
          {running.length > 1 && <span className="slot-depth">{running.length} deep</span>}
        </>
      )}
      {innermost === undefined && lastRan !== undefined && (
        <div className="slot-ran" aria-label={`APC ${lastRan.apc} has run`}>
          <span>
            <CheckmarkRegular aria-hidden /> {lastRan.apc}
          </span>
          <span className="chip-routine">{lastRan.routine}</span>
        </div>
      )}
      {innermost === undefined && lastRan === undefined && (
        <span className="slot-empty quiet">nothing ran yet</span>
      )}
    </div>
  );
}
