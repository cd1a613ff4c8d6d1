import {
  Button,
  Dropdown,
  Field,
  Input,
  Option,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  SplitButton,
} from '@fluentui/react-components';
import { useState } from 'react';
import type { RoutineIndex, ThreadIndex } from '../../apc-model/event.ts';
import { act } from '../commands.ts';
import { feed } from '../lab.ts';
import { Tip } from '../controls/Tip.tsx';
import { asMenuButton } from '../controls/trigger-props.ts';
import { CONTROLS } from '../texts.ts';
import { apcRoutines } from './apc-routines.ts';

interface QueueApcActionProps {
  thread: ThreadIndex;
  because: string | undefined;
}

/** Queues one APC at a click; routine, argument and number are a second click away. */
export function QueueApcAction({ thread, because }: QueueApcActionProps) {
  const [isOpen, open] = useState(false);
  const isOff = because !== undefined;
  return (
    <Popover open={isOpen} onOpenChange={(_, data) => open(data.open)} positioning="below-start" trapFocus>
      <PopoverTrigger disableButtonEnhancement>
        {(trigger) => (
          <Tip text={CONTROLS.queueApc} because={because} positioning="above-start">
            <SplitButton
              size="small"
              disabledFocusable={isOff}
              menuButton={{
                ...asMenuButton(trigger),
                disabledFocusable: isOff,
                'aria-label': 'Choose routine and argument',
              }}
              primaryActionButton={{ onClick: isOff ? undefined : () => queueUsual(thread) }}
            >
              Queue APC
            </SplitButton>
          </Tip>
        )}
      </PopoverTrigger>
      <PopoverSurface aria-label="What to queue">
        <QueueForm thread={thread} onDone={() => open(false)} />
      </PopoverSurface>
    </Popover>
  );
}

/** What a plain click and the key Q do. */
export function queueUsual(thread: ThreadIndex): void {
  const routine = feed.trace === undefined ? 0 : (apcRoutines(feed.trace)[0]?.routine ?? 0);
  act({ type: 'queueUserApc', thread, routine, data: nextArgument(), count: 1 });
}

/** The number that the next chip will carry, so that what a routine logs names its chip. */
const nextArgument = (): number => (feed.trace?.apcs.largest ?? 0) + 1;

const MOST_AT_ONCE = 10_000;

function QueueForm({ thread, onDone }: { thread: ThreadIndex; onDone: () => void }) {
  const routines = feed.trace === undefined ? [] : apcRoutines(feed.trace);
  const [routine, setRoutine] = useState<RoutineIndex>(routines[0]?.routine ?? 0);
  const [data, setData] = useState(String(nextArgument()));
  const [count, setCount] = useState('1');
  const number = (text: string, least: number, most: number): number | undefined => {
    const value = Number(text);
    return Number.isInteger(value) && value >= least && value <= most ? value : undefined;
  };
  const argument = number(data, 0, Number.MAX_SAFE_INTEGER);
  const many = number(count, 1, MOST_AT_ONCE);
  return (
    <form
      className="queue-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (argument === undefined || many === undefined) return;
        act({ type: 'queueUserApc', thread, routine, data: argument, count: many });
        onDone();
      }}
    >
      <Field label="Routine" size="small">
        <Dropdown
          size="small"
          value={routines.find((one) => one.routine === routine)?.name ?? `routine ${routine}`}
          selectedOptions={[String(routine)]}
          onOptionSelect={(_, { optionValue }) => setRoutine(Number(optionValue))}
        >
          {routines.map((one) => (
            <Option key={one.routine} value={String(one.routine)}>
              {one.name}
            </Option>
          ))}
        </Dropdown>
      </Field>
      <Field
        label="Argument (dwData)"
        size="small"
        {...(argument === undefined ? { validationMessage: 'A whole number from 0' } : {})}
      >
        <Input size="small" inputMode="numeric" value={data} onChange={(_, { value }) => setData(value)} />
      </Field>
      <Field
        label="How many"
        size="small"
        {...(many === undefined ? { validationMessage: `A whole number from 1 to ${MOST_AT_ONCE}` } : {})}
      >
        <Input size="small" inputMode="numeric" value={count} onChange={(_, { value }) => setCount(value)} />
      </Field>
      <Button type="submit" size="small" appearance="primary">
        {many === undefined || many === 1 ? 'Queue it' : `Queue ${many}`}
      </Button>
    </form>
  );
}
