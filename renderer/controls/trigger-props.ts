import type {
  ButtonProps,
  MenuButtonProps,
  MenuTriggerChildProps,
  PopoverTriggerChildProps,
} from '@fluentui/react-components';

/** Fluent means these props for its own buttons, but under exactOptionalPropertyTypes its types do not admit it. */
type TriggerProps = MenuTriggerChildProps | PopoverTriggerChildProps;

export const asButton = (trigger: TriggerProps): ButtonProps => trigger as unknown as ButtonProps;
export const asMenuButton = (trigger: TriggerProps): MenuButtonProps => trigger as unknown as MenuButtonProps;
