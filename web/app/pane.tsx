import type { ComponentChildren } from 'preact';
import { BackLink } from './back-link.js';

interface PaneProps {
  readonly title: string;
  /** Stands beside the title. */
  readonly action?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A screen beside the list of talks, with its title and, where only one of the two has space, the way back. */
export function Pane({ title, action, children }: PaneProps) {
  return (
    <main class="pane">
      <header class="pane-head">
        <BackLink />
        <h1>{title}</h1>
        {action}
      </header>
      <div class="pane-body">
        <div class="column">{children}</div>
      </div>
    </main>
  );
}
