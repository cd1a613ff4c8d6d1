import {
  Button,
  Dropdown,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Option,
  SplitButton,
  ToolbarDivider,
} from '@fluentui/react-components';
import {
  AddRegular,
  InfoRegular,
  KeyboardRegular,
  PanelRightContractRegular,
  PanelRightExpandRegular,
  PlayFilled,
  StopFilled,
} from '@fluentui/react-icons';
import { useState } from 'react';
import type { AppInfo, PictureColours } from '../../apc-model/app-api.ts';
import { ask, send } from '../commands.ts';
import { useSnapshotPart } from '../snapshot.ts';
import { setInspectorOpen, showDialog } from '../store.ts';
import { CONTROLS } from '../texts.ts';
import { NewObjectMenu } from '../objects/NewObjectMenu.tsx';
import { useWhyNoHands } from '../why-no-hands.ts';
import { useInspectorOpen } from '../inspector/use-inspector-open.ts';
import { AppearanceMenu } from './AppearanceMenu.tsx';
import { EngineBadge } from './EngineBadge.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import { newThread } from './new-thread.ts';
import { OpenedBadge } from './OpenedBadge.tsx';
import { RunIndicator } from './RunIndicator.tsx';
import { Tip } from './Tip.tsx';
import { asMenuButton } from './trigger-props.ts';
import './toolbar.css';

interface ToolbarProps {
  info: AppInfo | undefined;
  colours: PictureColours;
}

export function Toolbar({ info, colours }: ToolbarProps) {
  const isRunning = useSnapshotPart((snapshot) => snapshot?.phase === 'running');
  const isInspectorOpen = useInspectorOpen();
  return (
    <header className="toolbar">
      <ScenarioRun info={info} />
      <Tip text={CONTROLS.stop}>
        <Button
          size="small"
          icon={<StopFilled />}
          disabledFocusable={!isRunning}
          onClick={() => send({ type: 'stop' })}
        >
          Stop
        </Button>
      </Tip>
      <NewThread />
      <NewObjectMenu />
      <ToolbarDivider className="toolbar-divider" />
      <RunIndicator />
      <span className="grow" />
      <OpenedBadge />
      <EngineBadge />
      <ExportMenu colours={colours} />
      <span className="toolbar-icons">
        <AppearanceMenu />
        <Tip text={CONTROLS.keys}>
          <Button
            size="small"
            appearance="subtle"
            icon={<KeyboardRegular />}
            aria-label="All keys"
            onClick={() => showDialog('keys')}
          />
        </Tip>
        <Tip text={CONTROLS.about}>
          <Button
            size="small"
            appearance="subtle"
            icon={<InfoRegular />}
            aria-label="About"
            onClick={() => showDialog('about')}
          />
        </Tip>
        <Tip text={CONTROLS.inspector}>
          <Button
            size="small"
            appearance="subtle"
            icon={isInspectorOpen ? <PanelRightContractRegular /> : <PanelRightExpandRegular />}
            aria-label="Inspector"
            aria-pressed={isInspectorOpen}
            onClick={() => setInspectorOpen(!isInspectorOpen)}
          />
        </Tip>
      </span>
    </header>
  );
}

/** What the picker says: what the user chose, until a session begins; from then on what runs there. */
function ScenarioRun({ info }: { info: AppInfo | undefined }) {
  const session = useSnapshotPart((snapshot) => snapshot?.session);
  const running = useSnapshotPart((snapshot) => snapshot?.trace.meta.title);
  const [choice, choose] = useState<{ name: string; during: number | undefined }>();
  const scenarios = info?.scenarios ?? [];
  const scenario =
    choice !== undefined && choice.during === session
      ? scenarios.find(({ name }) => name === choice.name)
      : scenarios.find(({ title }) => title === (running ?? scenarios[0]?.title));
  const run = () =>
    void (scenario === undefined
      ? ask({ type: 'runAgain' })
      : ask({ type: 'runScenario', name: scenario.name }));
  return (
    <>
      <Tip text={scenario?.about ?? ''} positioning="below-start">
        <Dropdown
          className="scenario"
          size="small"
          aria-label="Scenario"
          placeholder="Scenario"
          value={scenario?.title ?? running ?? ''}
          button={<span className="clip">{scenario?.title ?? running ?? 'Scenario'}</span>}
          selectedOptions={scenario === undefined ? [] : [scenario.name]}
          onOptionSelect={(_, { optionValue }) =>
            optionValue !== undefined && choose({ name: optionValue, during: session })
          }
        >
          {scenarios.map(({ name, title }) => (
            <Option key={name} value={name}>
              {title}
            </Option>
          ))}
        </Dropdown>
      </Tip>
      <Tip text={CONTROLS.run}>
        <Button
          size="small"
          appearance="primary"
          icon={<PlayFilled />}
          disabledFocusable={scenario === undefined && running === undefined}
          onClick={run}
        >
          Run
        </Button>
      </Tip>
    </>
  );
}

function NewThread() {
  const because = useWhyNoHands();
  const isOff = because !== undefined;
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement>
        {(trigger) => (
          <Tip text={CONTROLS.newThread} because={because}>
            <SplitButton
              size="small"
              icon={<AddRegular />}
              disabledFocusable={isOff}
              menuButton={{
                ...asMenuButton(trigger),
                disabledFocusable: isOff,
                'aria-label': 'Other ways to begin',
              }}
              primaryActionButton={{ onClick: isOff ? undefined : () => void newThread(false) }}
            >
              New thread
            </SplitButton>
          </Tip>
        )}
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem secondaryContent="N" onClick={() => void newThread(false)}>
            Started
          </MenuItem>
          <MenuItem title={CONTROLS.newThreadSuspended.tip} onClick={() => void newThread(true)}>
            Suspended (CREATE_SUSPENDED)
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
