import type { OpenRoom } from '../open-room.js';

/** Keys in the list: arrows from message to message, Escape back to writing. A row's own menu takes Enter. */
export function listKeys(event: KeyboardEvent, open: OpenRoom): void {
  const { target, key } = event;
  if (!(target instanceof HTMLElement)) return;
  if (key === 'Escape') return focusComposer();
  const row = target.closest<HTMLElement>('[data-row]');
  if (!row) return;
  const next = key === 'ArrowUp' ? row.previousElementSibling : key === 'ArrowDown' ? row.nextElementSibling : null;
  if (key === 'ArrowDown' && !next && target === row) focusComposer();
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  open.timeline.scroller.reveal(next);
}

/** Puts the cursor where one writes. */
export function focusComposer(): void {
  document.querySelector<HTMLElement>('.composer textarea')?.focus();
}
