import type { RowView } from './row-view.ts';
import { TERMS } from '../texts.ts';
import { Tip } from '../controls/Tip.tsx';
import { Chip } from './Chip.tsx';
import { NARROW_CHIP_CSS, fitChips } from './fit-chips.ts';
import { Gate } from './Gate.tsx';
import { Slot } from './Slot.tsx';
import { OutcomePill } from './OutcomePill.tsx';
import './queue.css';

/** What the cell's other parts take of its width: padding, gate, slot and the gaps between. */
const OTHER_PARTS_CSS = 150;

interface QueueCellProps {
  view: RowView;
  widthCss: number;
  selectedApc: number | undefined;
}

/** What waits, the gate that it waits at, and what runs. */
export function QueueCell({ view, widthCss, selectedApc }: QueueCellProps) {
  const { thread, user, special, lost } = view;
  const { name } = thread;
  const waiting = thread.waiting.user.length;
  const shown = lost.length > 0 ? lost : user;
  const total = lost.length > 0 ? thread.counts.lost : waiting;
  const { visible, pitchCss, isNarrow } = fitChips(total, shown.length, widthCss - OTHER_PARTS_CSS);
  const folded = total - visible;
  const overlaps = isNarrow && visible > 1 && pitchCss < NARROW_CHIP_CSS;
  return (
    <div className="queue-cell">
      <div className="queue-special">
        <Tip text={TERMS.specialQueue}>
          <span className="quiet" tabIndex={0}>
            special:
          </span>
        </Tip>
        <ul className="chips chips-special" aria-label={`special APC queue of ${name}`}>
          {special.map((chip) => (
            <Chip key={chip.apc} chip={chip} thread={thread} isNarrow isSelected={selectedApc === chip.apc} />
          ))}
        </ul>
        {thread.waiting.special.length === 0 && <span className="quiet">none</span>}
        {thread.waiting.special.length > special.length && (
          <span className="quiet">+{thread.waiting.special.length - special.length}</span>
        )}
      </div>
      <div className="queue-caption">
        {lost.length > 0 ? (
          <strong className="lost-count">{total} lost: never ran</strong>
        ) : (
          <span className={waiting === 0 ? 'quiet' : 'queue-waiting'}>
            {waiting === 0 ? 'no APC waiting' : `${waiting} waiting`}
          </span>
        )}
      </div>
      <div className="queue-track" data-ended={thread.activity === 'ended' || undefined}>
        <div className="queue-line">
          {folded > 0 && (
            <Tip text={`${folded} more behind them, in the order of queuing`}>
              <span className="chip-fold" tabIndex={0}>
                +{folded}
              </span>
            </Tip>
          )}
          <ul className="chips" data-overlap={overlaps || undefined} aria-label={`user APC queue of ${name}`}>
            {lost.length === 0 &&
              user
                .slice(0, visible)
                .map((chip, place) => (
                  <Chip
                    key={chip.apc}
                    chip={chip}
                    thread={thread}
                    isNarrow={isNarrow}
                    isSelected={selectedApc === chip.apc}
                    pitchCss={place === 0 ? undefined : pitchCss}
                    depth={visible - place}
                  />
                ))}
          </ul>
          {lost.length > 0 && (
            <ul className="chips" data-overlap={overlaps || undefined} aria-label={`lost APCs of ${name}`}>
              {lost.slice(0, visible).map((chip, place) => (
                <Chip
                  key={chip.apc}
                  chip={chip}
                  thread={thread}
                  isNarrow={isNarrow}
                  isSelected={selectedApc === chip.apc}
                  pitchCss={place === 0 ? undefined : pitchCss}
                  depth={visible - place}
                />
              ))}
            </ul>
          )}
        </div>
        <Gate isOpen={view.isGateOpen} thread={thread} />
        <Slot view={view} selectedApc={selectedApc} />
      </div>
      <OutcomePill outcome={view.outcome} />
    </div>
  );
}
