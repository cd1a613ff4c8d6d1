import { Button, Menu, MenuItemRadio, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { DarkThemeRegular } from '@fluentui/react-icons';
import type { Appearance } from '../../apc-model/app-api.ts';
import { setAppearance, useChoices } from '../store.ts';
import { CONTROLS } from '../texts.ts';
import { Tip } from './Tip.tsx';
import { asButton } from './trigger-props.ts';

const CHOICES: readonly [Appearance, string][] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

export function AppearanceMenu() {
  const appearance = useChoices((choices) => choices.appearance);
  return (
    <Menu
      positioning="below-end"
      checkedValues={{ appearance: [appearance] }}
      onCheckedValueChange={(_, { checkedItems }) => setAppearance(checkedItems[0] as Appearance)}
    >
      <MenuTrigger disableButtonEnhancement>
        {(trigger) => (
          <Tip text={CONTROLS.appearance}>
            <Button
              {...asButton(trigger)}
              size="small"
              appearance="subtle"
              icon={<DarkThemeRegular />}
              aria-label="Appearance"
            />
          </Tip>
        )}
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {CHOICES.map(([value, label]) => (
            <MenuItemRadio key={value} name="appearance" value={value}>
              {label}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
