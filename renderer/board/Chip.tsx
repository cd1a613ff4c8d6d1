import { ArrowEnterRegular, DocumentArrowRightRegular, TimerRegular } from '@fluentui/react-icons';
import type { CSSProperties } from 'react';
import type { ThreadAt } from '../../apc-model/thread-state.ts';
import { LazyTooltip } from '../controls/LazyTooltip.tsx';
import { inspect } from '../store.ts';
import { CHIP_CSS, NARROW_CHIP_CSS } from './fit-chips.ts';
import type { ChipView } from './chip-view.ts';
import { WhyCard } from './WhyCard.tsx';

interface ChipProps {
  chip: ChipView;
  thread: ThreadAt;
  isNarrow: boolean;
  isSelected: boolean;
  /** From the neighbour’s edge, where it has one. */
  pitchCss?: number | undefined;
  /** Where chips overlap, the one nearer to the gate lies in front. */
  depth?: number;
  as?: 'li' | 'div';
}

/** One APC. It always can say why it has not run. */
export function Chip({ chip, thread, isNarrow, isSelected, pitchCss, depth, as: Element = 'li' }: ChipProps) {
  const widthCss = isNarrow ? NARROW_CHIP_CSS : CHIP_CSS;
  const style: CSSProperties = {
    ...(pitchCss === undefined ? {} : { marginInlineEnd: pitchCss - widthCss }),
    ...(isNarrow ? { zIndex: depth } : {}),
  };
  const choose = (): void => inspect({ type: 'apc', apc: chip.apc, thread: thread.index });
  return (
    <LazyTooltip content={() => <WhyCard chip={chip} thread={thread.index} />} showDelay={200}>
      <Element
        className="chip"
        style={style}
        data-apc={chip.apc}
        data-state={chip.state}
        data-special={chip.special || undefined}
        data-narrow={isNarrow || undefined}
        aria-label={chipName(chip)}
        aria-current={isSelected || undefined}
        tabIndex={0}
        onClick={choose}
        onKeyDown={(event) => event.key === 'Enter' && choose()}
      >
        <span className="chip-number">
          {isNarrow ? endOf(chip.apc) : chip.apc}
          {!isNarrow && <OriginIcon origin={chip.origin} />}
        </span>
        {!isNarrow && <span className="chip-routine">{chip.state === 'lost' ? 'lost' : chip.routine}</span>}
      </Element>
    </LazyTooltip>
  );
}

/** A narrow chip has room for four digits. */
const endOf = (apc: number): string =>
  apc < 10_000 ? String(apc) : `…${String(apc % 100).padStart(2, '0')}`;

const STATE_WORDS: Readonly<Record<ChipView['state'], string>> = {
  pending: 'waiting',
  'in-flight': 'in flight',
  due: 'due',
  running: 'running',
  lost: 'lost',
  ran: 'has run',
};

const chipName = (chip: ChipView): string =>
  `APC ${chip.apc}, ${chip.routine}(${chip.argument}), by ${chip.origin} of ${chip.source}, ${STATE_WORDS[chip.state]}`;

function OriginIcon({ origin }: { origin: string }) {
  if (origin.includes('Timer')) return <TimerRegular aria-hidden />;
  if (origin.includes('File') || origin.includes('Directory'))
    return <DocumentArrowRightRegular aria-hidden />;
  return <ArrowEnterRegular aria-hidden />;
}
