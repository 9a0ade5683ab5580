import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

type InputProps = JSX.IntrinsicElements['input'];

interface Labelled {
  readonly label: string;
  /** Stands below it and is read with it. */
  readonly hint?: string;
}

/** A labelled line to fill in. */
export function Field({ label, hint, ...input }: InputProps & Labelled) {
  const id = useId();
  return (
    <Around id={id} label={label} hint={hint}>
      <input {...input} id={id} aria-describedby={hint ? `${id}-hint` : undefined} />
    </Around>
  );
}

/** A labelled text of several lines. */
export function TextField({ label, hint, ...input }: JSX.IntrinsicElements['textarea'] & Labelled) {
  const id = useId();
  return (
    <Around id={id} label={label} hint={hint}>
      <textarea rows={3} {...input} id={id} aria-describedby={hint ? `${id}-hint` : undefined} />
    </Around>
  );
}

interface ChoiceProps<Value extends string> extends Labelled {
  readonly name?: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, string])[];
  readonly disabled?: boolean;
  /** Where there is no form: takes what was chosen. */
  readonly onChoose?: (value: Value) => void;
}

/** One of several, by a list that drops down. */
export function Choice<Value extends string>({ label, hint, value, options, onChoose, ...select }: ChoiceProps<Value>) {
  const id = useId();
  return (
    <Around id={id} label={label} hint={hint}>
      <select
        {...select}
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChoose?.(event.currentTarget.value as Value)}
      >
        {options.map(([option, words]) => (
          <option key={option} value={option} selected={option === value}>
            {words}
          </option>
        ))}
      </select>
    </Around>
  );
}

/** Something that is on or off. */
export function Switch({ label, hint, ...input }: InputProps & Labelled) {
  const id = useId();
  return (
    <div class="field switch">
      <input {...input} id={id} type="checkbox" role="switch" aria-describedby={hint ? `${id}-hint` : undefined} />
      <label for={id}>{label}</label>
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

function Around({
  id,
  label,
  hint,
  children,
}: Labelled & { readonly id: string; readonly children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

/** What stands in a field of a submitted form. */
export function valueOf(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value : '';
}

/** The same without white space around it; nothing where nothing is left. */
export const filledOf = (form: HTMLFormElement, name: string): string | undefined =>
  valueOf(form, name).trim() || undefined;

/** Whether a switch of a submitted form is on. */
export const isOn = (form: HTMLFormElement, name: string): boolean => new FormData(form).has(name);
