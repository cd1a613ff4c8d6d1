import { Button, Dropdown, Option, ToggleButton } from '@fluentui/react-components';
import {
  ChevronLeftRegular,
  ChevronRightRegular,
  NextRegular,
  PauseFilled,
  PlayFilled,
  PreviousRegular,
  ZoomFitRegular,
} from '@fluentui/react-icons';
import type { PictureColours } from '../../apc-model/app-api.ts';
import { instantText } from '../../timeline/time-text.ts';
import { Tip } from '../controls/Tip.tsx';
import { useSnapshotPart } from '../snapshot.ts';
import { SPEEDS, fitAll, followLive, setAxis, setSpeed, useChoices } from '../store.ts';
import { CONTROLS } from '../texts.ts';
import { countText } from '../time-text.ts';
import { Overview } from './Overview.tsx';
import { stepBy, togglePlay } from './travel.ts';
import './transport.css';

/** Moves through time: steps, play, speed, the axis and the overview of all. */
export function Transport({ colours }: { colours: PictureColours }) {
  const isLive = useChoices((choices) => choices.cursor.mode === 'live');
  const axis = useChoices((choices) => choices.axis);
  const isMoving = useSnapshotPart((snapshot) => snapshot?.isMoving === true);
  const isFit = useChoices((choices) => choices.view.mode === 'fit');
  return (
    <footer className="transport">
      <div className="transport-group">
        <Step
          text={CONTROLS.stepBackApc}
          name="Back one APC event"
          icon={<PreviousRegular />}
          onClick={() => stepBy(-1, 'apc')}
        />
        <Step
          text={CONTROLS.stepBack}
          name="Back one event"
          icon={<ChevronLeftRegular />}
          onClick={() => stepBy(-1, 'event')}
        />
        <PlayButton />
        <Step
          text={CONTROLS.stepForward}
          name="On one event"
          icon={<ChevronRightRegular />}
          onClick={() => stepBy(1, 'event')}
        />
        <Step
          text={CONTROLS.stepForwardApc}
          name="On one APC event"
          icon={<NextRegular />}
          onClick={() => stepBy(1, 'apc')}
        />
      </div>
      <SpeedChoice />
      <Tip text={CONTROLS.live} positioning="above">
        <ToggleButton
          size="small"
          checked={isLive}
          onClick={followLive}
          icon={<span className="live-dot" />}
          className="live-button"
          data-moving={isMoving || undefined}
        >
          Live
        </ToggleButton>
      </Tip>
      <Instant />
      <Overview colours={colours} />
      <div className="transport-group" role="group" aria-label="Axis">
        <Tip text={CONTROLS.axisTime} positioning="above">
          <ToggleButton size="small" checked={axis === 'time'} onClick={() => setAxis('time')}>
            Time
          </ToggleButton>
        </Tip>
        <Tip text={CONTROLS.axisEvents} positioning="above">
          <ToggleButton size="small" checked={axis === 'events'} onClick={() => setAxis('events')}>
            Events
          </ToggleButton>
        </Tip>
      </div>
      <Tip text={CONTROLS.fit} positioning="above">
        <ToggleButton size="small" checked={isFit} icon={<ZoomFitRegular />} onClick={fitAll}>
          Fit
        </ToggleButton>
      </Tip>
    </footer>
  );
}

interface StepProps {
  text: { tip: string; key?: string };
  name: string;
  icon: React.JSX.Element;
  onClick: () => void;
}

const Step = ({ text, name, icon, onClick }: StepProps) => (
  <Tip text={text} positioning="above">
    <Button size="small" appearance="subtle" icon={icon} aria-label={name} onClick={onClick} />
  </Tip>
);

function PlayButton() {
  const isPlaying = useChoices((choices) => choices.playing);
  const isLive = useChoices((choices) => choices.cursor.mode === 'live');
  const isRunning = useSnapshotPart((snapshot) => snapshot?.isMoving === true);
  const holds = isPlaying || (isLive && isRunning);
  return (
    <Step
      text={holds ? CONTROLS.pause : CONTROLS.play}
      name={holds ? 'Pause' : 'Play'}
      icon={holds ? <PauseFilled /> : <PlayFilled />}
      onClick={togglePlay}
    />
  );
}

function SpeedChoice() {
  const speed = useChoices((choices) => choices.speed);
  return (
    <Tip text={CONTROLS.speed} positioning="above">
      <Dropdown
        className="speed"
        size="small"
        aria-label="Speed"
        value={`${speed}×`}
        selectedOptions={[String(speed)]}
        onOptionSelect={(_, { optionValue }) => setSpeed(Number(optionValue))}
      >
        {SPEEDS.map((value) => (
          <Option key={value} value={String(value)} text={`${value}×`}>
            {value}×
          </Option>
        ))}
      </Dropdown>
    </Tip>
  );
}

/** `t = 12.402 318 s`, and which event that is. */
function Instant() {
  const isHere = useSnapshotPart((snapshot) => snapshot === undefined || snapshot.past === 'here');
  const shownNs = useSnapshotPart((snapshot) => snapshot?.at.timeNs ?? 0);
  // Of an instant that is not here yet: where the cursor stands.
  const cursorNs = useChoices(({ cursor }) => (cursor.mode === 'at' ? cursor.timeNs : undefined));
  const time = instantText(isHere ? shownNs : (cursorNs ?? shownNs));
  const count = useSnapshotPart((snapshot) => snapshot?.at.count ?? 0);
  return (
    <output className="instant selectable" aria-live="off">
      <span>t = {time}</span>
      <span className="quiet">{isHere ? `event ${countText(count)}` : 'not loaded'}</span>
    </output>
  );
}
