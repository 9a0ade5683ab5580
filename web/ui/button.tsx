import type { IconNode } from 'lucide';
import type { ComponentChildren, JSX } from 'preact';
import { Icon } from './icon.js';

type ButtonProps = Omit<JSX.IntrinsicElements['button'], 'label' | 'icon' | 'class'> & { readonly class?: string };

/** A button with words. `look`: the one thing to do here, one of several, or one that cannot be taken back. */
export function Button({
  look = 'plain',
  children,
  ...rest
}: ButtonProps & { readonly look?: 'main' | 'plain' | 'danger' | 'quiet'; readonly children: ComponentChildren }) {
  return (
    <button type="button" {...rest} class={`button ${look}`}>
      {children}
    </button>
  );
}

/** A button that is only a sign; `label` is its name, shown as a tooltip and read aloud. */
export function IconButton({
  icon,
  label,
  size,
  ...rest
}: ButtonProps & { readonly icon: IconNode; readonly label: string; readonly size?: number }) {
  return (
    <button type="button" title={label} aria-label={label} {...rest} class={`icon-button ${rest.class ?? ''}`}>
      <Icon of={icon} size={size} />
    </button>
  );
}
