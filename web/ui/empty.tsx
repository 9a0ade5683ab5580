import type { IconNode } from 'lucide';
import type { ComponentChildren } from 'preact';
import { Icon } from './icon.js';

interface EmptyProps {
  readonly icon: IconNode;
  readonly title: string;
  readonly text?: string;
  /** What one may do about it. */
  readonly children?: ComponentChildren;
}

/** What stands where there is nothing yet: a friendly sentence, and a way on. */
export function Empty({ icon, title, text, children }: EmptyProps) {
  return (
    <div class="empty">
      <span class="sign">
        <Icon of={icon} size={28} />
      </span>
      <p class="title">{title}</p>
      {text && <p>{text}</p>}
      {children && <div class="actions">{children}</div>}
    </div>
  );
}
