import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons';
import type { HandObject } from '../../apc-model/hand-step.ts';
import { act } from '../commands.ts';
import { Tip } from '../controls/Tip.tsx';
import { asButton } from '../controls/trigger-props.ts';
import { showDialog } from '../store.ts';
import { CONTROLS } from '../texts.ts';
import { useWhyNoHands } from '../why-no-hands.ts';
import { ObjectIcon } from './object-icons.tsx';

interface Offer {
  label: string;
  call: string;
  object: HandObject;
}

/** One click makes the usual kind of each. */
const OFFERS: readonly Offer[] = [
  { label: 'Event (auto-reset)', call: 'CreateEvent', object: { type: 'event' } },
  { label: 'Event (manual-reset)', call: 'CreateEvent', object: { type: 'event', manualReset: true } },
  {
    label: 'Semaphore (0 of 10)',
    call: 'CreateSemaphore',
    object: { type: 'semaphore', count: 0, maximum: 10 },
  },
  { label: 'Mutex', call: 'CreateMutex', object: { type: 'mutex' } },
  { label: 'Waitable timer', call: 'CreateWaitableTimer', object: { type: 'timer' } },
  { label: 'File', call: 'CreateFile', object: { type: 'file' } },
  { label: 'Pipe', call: 'CreateNamedPipe', object: { type: 'pipe' } },
  { label: 'Completion port', call: 'CreateIoCompletionPort', object: { type: 'port' } },
  { label: 'Critical section', call: 'InitializeCriticalSection', object: { type: 'criticalSection' } },
  { label: 'APC reserve object', call: 'NtAllocateReserveObject', object: { type: 'reserve' } },
];

export function NewObjectMenu() {
  const because = useWhyNoHands();
  return (
    <Menu positioning="below-start">
      <MenuTrigger disableButtonEnhancement>
        {(trigger) => (
          <Tip text={CONTROLS.newObject} because={because}>
            <Button
              {...asButton(trigger)}
              size="small"
              icon={<AddRegular />}
              disabledFocusable={because !== undefined}
            >
              New object
            </Button>
          </Tip>
        )}
      </MenuTrigger>
      <MenuPopover className="menu-objects">
        <MenuList>
          {OFFERS.map(({ label, call, object }) => (
            <MenuItem
              key={label}
              icon={<ObjectIcon type={object.type === 'pipe' ? 'pipeRead' : object.type} />}
              secondaryContent={call}
              onClick={() => act({ type: 'createObject', name: null, object })}
            >
              {label}
            </MenuItem>
          ))}
          <MenuDivider />
          <MenuItem onClick={() => showDialog('object')}>Choose name and parameters …</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
