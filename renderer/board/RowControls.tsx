import { Button, MenuItem } from '@fluentui/react-components';
import { PauseRegular, PlayRegular, StopRegular } from '@fluentui/react-icons';
import type { HandStep } from '../../apc-model/hand-step.ts';
import type { ThreadAt } from '../../apc-model/thread-state.ts';
import { act } from '../commands.ts';
import { SplitAction } from '../controls/SplitAction.tsx';
import { Tip } from '../controls/Tip.tsx';
import { chooseCall } from '../store.ts';
import { CONTROLS, HAS_ENDED, NOT_HAND_DRIVEN, NOT_SUSPENDED, SESSION_OVER } from '../texts.ts';
import { QueueApcAction } from './QueueApcAction.tsx';

interface RowControlsProps {
  /** As it is now, whatever instant the board shows. */
  thread: ThreadAt;
  isSessionOver: boolean;
}

const DURATIONS_MS = [0, 100, 1000, 5000, 'INFINITE'] as const;
type Duration = (typeof DURATIONS_MS)[number];
const DEFAULT = { secondaryContent: 'default' };
const durationName = (ms: Duration): string =>
  ms === 'INFINITE' ? ms : ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;

/** What a hand can do with one thread. */
export function RowControls({ thread, isSessionOver }: RowControlsProps) {
  const { index } = thread;
  const over = isSessionOver ? SESSION_OVER : thread.activity === 'ended' ? HAS_ENDED : undefined;
  const steps = over ?? (thread.handDriven ? undefined : NOT_HAND_DRIVEN);
  const step = (next: HandStep): void => act({ type: 'handStep', thread: index, step: next });
  const wait = (milliseconds: Duration): void => step({ do: 'sleepEx', milliseconds, alertable: true });
  const sleep = (milliseconds: Duration): void => step({ do: 'sleep', milliseconds });
  return (
    <div className="row-controls">
      <QueueApcAction thread={index} because={over} />
      <SplitAction
        label="Alertable wait"
        tipAt="above"
        text={CONTROLS.alertableWait}
        because={steps}
        onAct={() => wait('INFINITE')}
      >
        {DURATIONS_MS.map((ms) => (
          <MenuItem key={ms} {...(ms === 'INFINITE' ? DEFAULT : {})} onClick={() => wait(ms)}>
            SleepEx({durationName(ms)}, TRUE)
          </MenuItem>
        ))}
      </SplitAction>
      <SplitAction
        label="Sleep"
        tipAt="below"
        text={CONTROLS.sleep}
        because={steps}
        onAct={() => sleep(5000)}
      >
        {DURATIONS_MS.map((ms) => (
          <MenuItem key={ms} {...(ms === 5000 ? DEFAULT : {})} onClick={() => sleep(ms)}>
            Sleep({durationName(ms)})
          </MenuItem>
        ))}
      </SplitAction>
      <Tip text={CONTROLS.call} because={steps} positioning="below-start">
        <Button
          size="small"
          disabledFocusable={steps !== undefined}
          onClick={() => steps === undefined && chooseCall(index)}
        >
          Call…
        </Button>
      </Tip>
      <span className="row-life">
        <Tip text={CONTROLS.suspend} because={over}>
          <Button
            size="small"
            appearance="subtle"
            icon={<PauseRegular />}
            aria-label="Suspend"
            disabledFocusable={over !== undefined}
            onClick={() => act({ type: 'suspendThread', thread: index })}
          />
        </Tip>
        <Tip text={CONTROLS.resume} because={over ?? (thread.suspendCount === 0 ? NOT_SUSPENDED : undefined)}>
          <Button
            size="small"
            appearance="subtle"
            icon={<PlayRegular />}
            aria-label="Resume"
            disabledFocusable={over !== undefined || thread.suspendCount === 0}
            onClick={() => act({ type: 'resumeThread', thread: index })}
          />
        </Tip>
        <Tip text={CONTROLS.end} because={over}>
          <Button
            size="small"
            appearance="subtle"
            icon={<StopRegular />}
            aria-label="End"
            disabledFocusable={over !== undefined}
            onClick={() => act({ type: 'endThread', thread: index })}
          />
        </Tip>
      </span>
    </div>
  );
}
