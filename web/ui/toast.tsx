import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { faultText } from './fault-text.js';

interface Toast {
  readonly id: number;
  readonly text: string;
}

/** Milliseconds that a notice stays. */
const STAYS_MS = 6000;
const toasts = signal<readonly Toast[]>([]);
let lastId = 0;

/** Shows a short notice for some seconds; it is read aloud as well. */
export function tell(text: string): void {
  const id = ++lastId;
  toasts.value = [...toasts.value, { id, text }];
  setTimeout(() => (toasts.value = toasts.value.filter((toast) => toast.id !== id)), STAYS_MS);
}

/** Runs what a click asks for; where it is refused, the reason is shown as a notice. Resolves to whether it worked. */
export async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    tell(faultText(error));
    return false;
  }
}

/** Where the notices stand; once on the page. */
export function Toasts() {
  const element = useRef<HTMLDivElement>(null);
  const newest = toasts.value.at(-1)?.id;
  useEffect(() => {
    // Over a dialog that was opened since.
    element.current?.hidePopover();
    if (newest !== undefined) element.current?.showPopover();
  }, [newest]);
  return (
    <div ref={element} class="toasts" popover="manual" role="status" aria-live="polite">
      {toasts.value.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  );
}
