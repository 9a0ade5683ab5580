import type { IconNode } from 'lucide';
import { createElement } from 'preact';

/** A drawn sign; it says nothing to screen readers, so its button or link needs a name of its own. */
export function Icon({ of, size = 20 }: { readonly of: IconNode; readonly size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {of.map(([tag, attributes]) => createElement(tag, attributes))}
    </svg>
  );
}
