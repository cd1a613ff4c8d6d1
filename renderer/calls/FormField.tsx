import { Checkbox, Dropdown, Field, Input, Option, OptionGroup, Textarea } from '@fluentui/react-components';
import { ObjectIcon } from '../objects/object-icons.tsx';
import { choicesOf, type Field as FormFieldSpec, type Names, type Raw } from './form.ts';

interface FormFieldProps {
  field: FormFieldSpec;
  raw: Raw;
  names: Names;
  problem: string | undefined;
  onChange: (raw: Raw) => void;
}

/** One parameter: ticked, chosen of what exists, or typed. */
export function FormField({ field, raw, names, problem, onChange }: FormFieldProps) {
  if (field.kind === 'flag' || field.kind === 'member') {
    return (
      <Checkbox
        className="form-flag"
        label={field.label}
        checked={raw === true}
        onChange={(_, { checked }) => onChange(checked === true)}
      />
    );
  }
  const groups = choicesOf(field, names);
  const isText = field.kind === 'text';
  return (
    <Field
      label={field.label}
      size="small"
      className={field.kind === 'handles' || isText ? 'form-wide' : ''}
      {...(problem !== undefined
        ? { validationMessage: problem }
        : field.hint !== undefined
          ? { hint: field.hint }
          : {})}
    >
      {isText && field.lines === true ? (
        <Textarea
          size="small"
          className="form-text"
          value={raw as string}
          spellCheck={false}
          resize="vertical"
          onChange={(_, { value }) => onChange(value)}
        />
      ) : groups === undefined ? (
        <Input
          size="small"
          value={raw as string}
          spellCheck={false}
          onChange={(_, { value }) => onChange(value)}
        />
      ) : (
        <Dropdown
          size="small"
          listbox={{ className: 'form-listbox' }}
          multiselect={field.kind === 'handles'}
          placeholder="none"
          value={valueText(raw, groups)}
          selectedOptions={typeof raw === 'string' ? [raw] : [...(raw as readonly string[])]}
          onOptionSelect={(_, { optionValue, selectedOptions }) =>
            onChange(field.kind === 'handles' ? selectedOptions : (optionValue ?? ''))
          }
        >
          {groups.map(({ label, choices }) => (
            <OptionGroup key={label} label={groups.length > 1 ? label : ''}>
              {choices.map(({ value, text, type }) => (
                <Option key={value} value={value} text={text}>
                  {type !== 'none' && type !== 'other' && type !== 'routine' && type !== 'thread' && (
                    <ObjectIcon type={type} />
                  )}
                  {text}
                </Option>
              ))}
            </OptionGroup>
          ))}
        </Dropdown>
      )}
    </Field>
  );
}

function valueText(raw: Raw, groups: NonNullable<ReturnType<typeof choicesOf>>): string {
  const chosen = typeof raw === 'string' ? [raw] : (raw as readonly string[]);
  const all = groups.flatMap(({ choices }) => choices);
  return chosen.map((value) => all.find((one) => one.value === value)?.text ?? value).join(', ');
}
