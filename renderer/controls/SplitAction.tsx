import { Menu, MenuList, MenuPopover, MenuTrigger, SplitButton } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { ControlText } from '../texts.ts';
import { Tip } from './Tip.tsx';
import { asMenuButton } from './trigger-props.ts';

interface SplitActionProps {
  label: string;
  text: ControlText;
  /** Why it can’t be used now; undefined when it can. */
  because: string | undefined;
  onAct: () => void;
  /** Where its tooltip leaves the neighbours free. */
  tipAt: 'above' | 'below';
  /** Menu items. */
  children: ReactNode;
}

/** One click does the usual thing; the small button beside it offers the others. */
export function SplitAction({ label, text, because, onAct, tipAt, children }: SplitActionProps) {
  const isOff = because !== undefined;
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement>
        {(trigger) => (
          <Tip text={text} because={because} positioning={`${tipAt}-start`}>
            <SplitButton
              size="small"
              disabledFocusable={isOff}
              menuButton={{
                ...asMenuButton(trigger),
                disabledFocusable: isOff,
                'aria-label': 'Choose a duration',
              }}
              primaryActionButton={{ onClick: isOff ? undefined : onAct }}
            >
              {label}
            </SplitButton>
          </Tip>
        )}
      </MenuTrigger>
      <MenuPopover>
        <MenuList>{children}</MenuList>
      </MenuPopover>
    </Menu>
  );
}
