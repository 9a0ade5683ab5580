import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

type InputProps = JSX.IntrinsicElements['input'];

/** A labelled line to fill in; `hint` stands below it and is read with it. */
export function Field({ label, hint, ...input }: InputProps & { readonly label: string; readonly hint?: string }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input {...input} id={id} aria-describedby={hint ? `${id}-hint` : undefined} />
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

/** What stands in a field of a submitted form. */
export function valueOf(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value : '';
}
