import {
  Button,
  Combobox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  Field,
  MessageBar,
  MessageBarBody,
  Option,
  OptionGroup,
} from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import type { FieldProblem } from '../../apc-model/app-api.ts';
import { showDialog } from '../store.ts';
import { FormField } from './FormField.tsx';
import {
  initialOf,
  keyOf,
  shownFields,
  type Field as FormFieldSpec,
  type Names,
  type Raw,
  type RawValues,
} from './form.ts';
import './calls.css';

/** One of the things that a dialog can be about. */
export interface DialogForm {
  id: string;
  /** As the chooser shows it. */
  name: string;
  group: string;
  about: string;
  fields: readonly FormFieldSpec[];
}

export interface Refusal {
  error: string;
  at?: FieldProblem | undefined;
}

interface FormDialogProps {
  title: string;
  /** What the chooser chooses. */
  what: string;
  forms: readonly DialogForm[];
  initial: string;
  names: Names;
  submitLabel: string;
  preview: (id: string, values: RawValues) => string;
  /** Problems by field, where the form itself can tell; else what main answered. */
  submit: (id: string, values: RawValues) => Promise<Record<string, string> | Refusal | undefined>;
  footnote?: ReactNode;
}

/** What is ticked stands below what is chosen or typed. */
const isFlag = ({ kind }: FormFieldSpec): boolean => kind === 'flag' || kind === 'member';
const PARTS = [
  { className: 'form-fields', has: (field: FormFieldSpec) => !isFlag(field) },
  { className: 'form-flags', has: isFlag },
];

/** Chooses one of many things and asks for its parameters; a refusal stands beside the field that it is about. */
export function FormDialog({
  title,
  what,
  forms,
  initial,
  names,
  submitLabel,
  preview,
  submit,
  footnote,
}: FormDialogProps) {
  const [id, choose] = useState(initial);
  const [given, give] = useState<Readonly<Record<string, RawValues>>>({});
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const [refusal, refuse] = useState<string>();
  const form = forms.find((one) => one.id === id) ?? forms[0]!;
  // A field that was not touched follows what there is to choose from.
  const values = Object.fromEntries(
    form.fields.map((field) => [keyOf(field), given[id]?.[keyOf(field)] ?? initialOf(field, names)]),
  );
  const forget = (): void => {
    setProblems({});
    refuse(undefined);
  };
  const change = (field: FormFieldSpec, raw: Raw): void => {
    give({ ...given, [id]: { ...given[id], [keyOf(field)]: raw } });
    forget();
  };
  const onSubmit = async (): Promise<void> => {
    const answer = await submit(id, values);
    if (answer === undefined) return showDialog('none');
    if (!('error' in answer)) return setProblems(answer);
    const { error, at } = answer as Refusal;
    if (at !== undefined && form.fields.some(({ name }) => name === at.field))
      setProblems({ [at.field]: at.problem });
    else refuse(error);
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && showDialog('none')}>
      <DialogSurface className="form-dialog">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void onSubmit();
          }}
        >
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className="form-content">
              <Chooser
                what={what}
                forms={forms}
                chosen={form}
                onChoose={(next) => {
                  choose(next);
                  forget();
                }}
              />
              {PARTS.map(({ className, has }) => {
                const fields = shownFields(form.fields, values).filter(has);
                if (fields.length === 0) return null;
                return (
                  <div key={className} className={className}>
                    {fields.map((field) => (
                      <FormField
                        key={`${id}.${keyOf(field)}`}
                        field={field}
                        raw={values[keyOf(field)]!}
                        names={names}
                        problem={problems[field.name]}
                        onChange={(raw) => change(field, raw)}
                      />
                    ))}
                  </div>
                );
              })}
              <output className="form-preview selectable" aria-label="The call">
                {preview(id, values)}
              </output>
              {footnote}
              {refusal !== undefined && (
                <MessageBar intent="error">
                  <MessageBarBody>{refusal}</MessageBarBody>
                </MessageBar>
              )}
            </DialogContent>
            <DialogActions>
              <Button type="submit" appearance="primary">
                {submitLabel}
              </Button>
              <DialogTrigger disableButtonEnhancement>
                <Button>Cancel</Button>
              </DialogTrigger>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}

interface ChooserProps {
  what: string;
  forms: readonly DialogForm[];
  chosen: DialogForm;
  onChoose: (id: string) => void;
}

/** Typing searches; what is typed is never the choice itself. */
function Chooser({ what, forms, chosen, onChoose }: ChooserProps) {
  const [query, search] = useState<string>();
  const [isOpen, open] = useState(false);
  const wanted = (query ?? '').trim().toLowerCase();
  const found = forms.filter(({ name, group, about }) =>
    `${name} ${group} ${about}`.toLowerCase().includes(wanted),
  );
  const groups = [...new Set(found.map(({ group }) => group))];
  return (
    <Field label={what} size="small" hint={chosen.about}>
      <Combobox
        size="small"
        listbox={{ className: 'form-listbox' }}
        value={query ?? chosen.name}
        selectedOptions={[chosen.id]}
        onFocus={(event) => event.currentTarget.select()}
        open={isOpen}
        onChange={(event) => {
          search(event.target.value);
          open(true);
        }}
        onOpenChange={(_, data) => {
          open(data.open);
          if (!data.open) search(undefined);
        }}
        onOptionSelect={(_, { optionValue }) => {
          search(undefined);
          if (optionValue !== undefined) onChoose(optionValue);
        }}
      >
        {groups.map((group) => (
          <OptionGroup key={group} label={group}>
            {found
              .filter((one) => one.group === group)
              .map(({ id, name }) => (
                <Option key={id} value={id}>
                  {name}
                </Option>
              ))}
          </OptionGroup>
        ))}
        {found.length === 0 && <Option disabled>nothing of that name</Option>}
      </Combobox>
    </Field>
  );
}
