import type { PositioningShorthand } from '@fluentui/react-components';
import { cloneElement, type HTMLAttributes, type ReactElement } from 'react';
import type { ControlText } from '../texts.ts';
import { LazyTooltip } from './LazyTooltip.tsx';

interface TipProps {
  text: ControlText | string;
  /** Shown in place of the text: why the control can’t be used now. */
  because?: string | undefined;
  positioning?: PositioningShorthand;
  children: ReactElement<HTMLAttributes<HTMLElement>>;
}

/** One sentence about what it wraps, with its key. */
export function Tip({ text, because, positioning = 'below', children }: TipProps) {
  const { tip, key } = typeof text === 'string' ? { tip: text, key: undefined } : text;
  const sentence = because ?? tip;
  return (
    <LazyTooltip
      content={() =>
        because !== undefined || key === undefined ? (
          sentence
        ) : (
          <>
            {tip} <kbd className="key">{key}</kbd>
          </>
        )
      }
      showDelay={350}
      positioning={positioning}
    >
      {cloneElement(children, { 'aria-description': sentence === '' ? undefined : sentence })}
    </LazyTooltip>
  );
}
