import {
  Button,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  SplitButton,
} from '@fluentui/react-components';
import type { ObjectCall } from '../../apc-model/app-api.ts';
import type { ObjectIndex, ObjectTypeName } from '../../apc-model/event.ts';
import { ask } from '../commands.ts';
import { Tip } from '../controls/Tip.tsx';
import { asMenuButton } from '../controls/trigger-props.ts';
import { notify } from '../notices.ts';
import { followLive } from '../store.ts';
import { CHANGE_REFUSED, CONTROLS, RELEASE_REFUSED, SESSION_OVER } from '../texts.ts';

interface ObjectActionsProps {
  object: ObjectIndex;
  type: ObjectTypeName;
  isSessionOver: boolean;
}

const EVENT_CALLS: readonly (readonly [Exclude<ObjectCall, 'releaseSemaphore'>, string])[] = [
  ['setEvent', 'Set'],
  ['resetEvent', 'Reset'],
  ['pulseEvent', 'Pulse'],
];
const RELEASES = [1, 2, 3, 5, 10];

/** What main itself can do to an object; the rest is for threads, whose calls they are. */
export function ObjectActions({ object, type, isSessionOver }: ObjectActionsProps) {
  const because = isSessionOver ? SESSION_OVER : undefined;
  const change = (call: ObjectCall, count = 0): void => void changeObject(call, object, count);
  if (type === 'event')
    return (
      <span className="object-actions">
        {EVENT_CALLS.map(([call, label]) => (
          <Tip key={call} text={CONTROLS[call]} because={because} positioning="above">
            <Button
              size="small"
              appearance="subtle"
              disabledFocusable={isSessionOver}
              onClick={() => change(call)}
            >
              {label}
            </Button>
          </Tip>
        ))}
      </span>
    );
  if (type !== 'semaphore') return null;
  return (
    <span className="object-actions">
      <Menu positioning="above-end">
        <MenuTrigger disableButtonEnhancement>
          {(trigger) => (
            <Tip text={CONTROLS.releaseSemaphore} because={because} positioning="above">
              <SplitButton
                size="small"
                appearance="subtle"
                disabledFocusable={isSessionOver}
                menuButton={{
                  ...asMenuButton(trigger),
                  disabledFocusable: isSessionOver,
                  'aria-label': 'Choose how many',
                }}
                primaryActionButton={{
                  onClick: isSessionOver ? undefined : () => change('releaseSemaphore', 1),
                }}
              >
                Release
              </SplitButton>
            </Tip>
          )}
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {RELEASES.map((count) => (
              <MenuItem key={count} onClick={() => change('releaseSemaphore', count)}>
                Release {count}
              </MenuItem>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
    </span>
  );
}

async function changeObject(call: ObjectCall, object: ObjectIndex, count: number): Promise<void> {
  followLive();
  const answer = await ask({ type: 'changeObject', call, object, count });
  if (answer?.succeeded === false)
    notify('warning', call === 'releaseSemaphore' ? RELEASE_REFUSED : CHANGE_REFUSED);
}
