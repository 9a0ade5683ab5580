import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface SectionProps {
  readonly title: string;
  readonly text?: string;
  readonly children: ComponentChildren;
}

/** One matter of the settings. */
export function Section({ title, text, children }: SectionProps) {
  const id = useId();
  return (
    <section class="settings-section" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {text && <p class="soft">{text}</p>}
      {children}
    </section>
  );
}
