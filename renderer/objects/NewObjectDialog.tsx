import { FormDialog, type DialogForm } from '../calls/FormDialog.tsx';
import { liveNames } from '../calls/live-names.ts';
import { askPlainly } from '../commands.ts';
import { useSnapshot } from '../snapshot.ts';
import { followLive, useChoices } from '../store.ts';
import { OBJECT_FORMS, objectOf, previewOf, withName } from './object-forms.ts';

const FORMS: readonly DialogForm[] = OBJECT_FORMS.map((form) => ({
  id: form.type,
  name: form.name,
  group: 'Objects',
  about: form.about,
  fields: withName(form),
}));
const formOf = (id: string) => OBJECT_FORMS.find(({ type }) => type === id)!;

/** Makes an object with a name and parameters of the user’s choice. */
export function NewObjectDialog() {
  const isOpen = useChoices((choices) => choices.dialog === 'object');
  const snapshot = useSnapshot();
  if (!isOpen || snapshot === undefined) return null;
  const names = liveNames(snapshot, null);
  return (
    <FormDialog
      title="New object"
      what="Type"
      forms={FORMS}
      initial="event"
      names={names}
      submitLabel="Make it"
      preview={(id, values) => previewOf(formOf(id), values, names)}
      submit={async (id, values) => {
        const { object, name, problems } = objectOf(formOf(id), values);
        if (Object.keys(problems).length > 0) return problems;
        const answer = await askPlainly({ type: 'createObject', name, object });
        if ('error' in answer) return answer;
        followLive();
        return undefined;
      }}
    />
  );
}
