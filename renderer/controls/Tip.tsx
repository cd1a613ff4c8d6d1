import { Tooltip, type TooltipProps } from '@fluentui/react-components';
import type { ControlText } from '../texts.ts';

interface TipProps {
  text: ControlText | string;
  /** Shown in place of the text: why the control can’t be used now. */
  because?: string | undefined;
  positioning?: TooltipProps['positioning'];
  children: NonNullable<TooltipProps['children']>;
}

/** One sentence about what it wraps, with its key. */
export function Tip({ text, because, positioning = 'below', children }: TipProps) {
  const { tip, key } = typeof text === 'string' ? { tip: text, key: undefined } : text;
  const content =
    because ??
    (key === undefined ? (
      tip
    ) : (
      <>
        {tip} <kbd className="key">{key}</kbd>
      </>
    ));
  return (
    <Tooltip
      content={{ children: content, className: 'tip' }}
      relationship="description"
      showDelay={350}
      positioning={positioning}
      withArrow
    >
      {children}
    </Tooltip>
  );
}
