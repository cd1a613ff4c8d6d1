import { useState } from 'react';
import type { HandCall, HandStep } from '../../apc-model/hand-step.ts';
import type { ThreadIndex } from '../../apc-model/event.ts';
import { askPlainly } from '../commands.ts';
import { useSnapshot, type Snapshot } from '../snapshot.ts';
import { followLive, useChoices } from '../store.ts';
import { CALL_FORMS, GROUPS, aboutCall, callName, previewOf, stepOf } from './call-forms.ts';
import { FormDialog, type DialogForm } from './FormDialog.tsx';
import { liveNames } from './live-names.ts';

const FORMS: readonly DialogForm[] = GROUPS.flatMap((group) =>
  CALL_FORMS.filter((form) => form.group === group).map(({ call, fields }) => ({
    id: call,
    name: callName(call),
    group,
    about: aboutCall(call),
    fields,
  })),
);
const formOf = (id: string) => CALL_FORMS.find(({ call }) => call === id)!;

/** What was called last is likely to be called again. */
let lastCall: { session: number; call: string } | undefined;

/** Lets the user choose any call for a hand-driven thread to make. */
export function CallDialog() {
  const isOpen = useChoices((choices) => choices.dialog === 'call');
  const caller = useChoices((choices) => choices.caller);
  const snapshot = useSnapshot();
  if (!isOpen || caller === null || snapshot === undefined) return null;
  return <OpenCallDialog caller={caller} snapshot={snapshot} />;
}

function OpenCallDialog({ caller, snapshot }: { caller: ThreadIndex; snapshot: Snapshot }) {
  const live = liveNames(snapshot, caller);
  // What stands in a field must not run on under the user's eyes.
  const [soonMs] = useState(live.soonMs);
  const names = { ...live, soonMs };
  const { session } = snapshot;
  const usual: HandCall = names.objects.some(({ type }) => WAITED_FOR.has(type))
    ? 'waitForSingleObjectEx'
    : 'sleepEx';
  return (
    <FormDialog
      title={`Let ${names.self} call …`}
      what="Function"
      forms={FORMS}
      initial={lastCall?.session === session ? lastCall.call : usual}
      names={names}
      submitLabel="Call"
      preview={(id, values) => previewOf(formOf(id), values, names)}
      submit={async (id, values) => {
        const { step, problems } = stepOf(formOf(id), values);
        if (Object.keys(problems).length > 0) return problems;
        lastCall = { session, call: id };
        // Main holds it to the schema: the form only gathered it.
        const answer = await askPlainly({
          type: 'handStep',
          thread: caller,
          step: step as unknown as HandStep,
        });
        if ('error' in answer) return answer;
        followLive();
        return undefined;
      }}
    />
  );
}

const WAITED_FOR: ReadonlySet<string> = new Set(['event', 'semaphore', 'mutex', 'timer']);
