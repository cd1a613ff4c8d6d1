import { Tooltip, type PositioningShorthand } from '@fluentui/react-components';
import { cloneElement, useState } from 'react';
import type { FocusEvent, HTMLAttributes, ReactElement, ReactNode } from 'react';

interface LazyTooltipProps {
  content: () => ReactNode;
  showDelay: number;
  positioning?: PositioningShorthand;
  children: ReactElement<HTMLAttributes<HTMLElement>>;
}

/**
 * A tooltip whose content is made out while it is shown, and at no other time: the window has hundreds of them, and
 * what describes a control is otherwise rendered while it is hidden too. By keyboard it is shown at once, so that a screen reader finds the description
 * when it reaches the control.
 */
export function LazyTooltip({ content, showDelay, positioning = 'above', children }: LazyTooltipProps) {
  const [isShown, show] = useState(false);
  const onFocus = (event: FocusEvent<HTMLElement>): void => {
    children.props.onFocus?.(event);
    if (event.currentTarget.matches(':focus-visible')) show(true);
  };
  return (
    <Tooltip
      showDelay={showDelay}
      positioning={positioning}
      visible={isShown}
      onVisibleChange={(_, { visible }) => show(visible)}
      relationship={isShown ? 'description' : 'inaccessible'}
      content={{ children: isShown ? content() : undefined, className: 'tip' }}
      withArrow
    >
      {cloneElement(children, { onFocus })}
    </Tooltip>
  );
}
