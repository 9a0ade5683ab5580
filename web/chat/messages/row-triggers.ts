import { besideOf } from '../../ui/popover.js';
import type { OpenRoom } from '../open-room.js';
import type { Row } from './row.js';

/** Milliseconds that a finger rests on a message before its menu comes. */
const HOLD_MS = 450;

/** What opens the menu of a message: Enter, the menu key, a finger that rests on it. */
export function rowTriggers(open: OpenRoom, row: Row) {
  if (row.kind !== 'text' || row.deletedAt !== null) return {};
  const show = (element: Element) => {
    const beside = besideOf(element.querySelector('.bubble') ?? element);
    open.overlay.value = { kind: 'menu', message: row, beside };
  };
  return {
    onKeyDown: (event: KeyboardEvent) => {
      const { key, currentTarget, target } = event;
      const asks = key === 'Enter' || key === 'ContextMenu' || (key === 'F10' && event.shiftKey);
      if (!asks || target !== currentTarget) return;
      event.preventDefault();
      show(currentTarget as Element);
    },
    onContextMenu: (event: MouseEvent) => {
      // The mouse keeps the browser's own menu, to copy or open a link.
      if ((event as PointerEvent).pointerType !== 'mouse') event.preventDefault();
    },
    onPointerDown: (event: PointerEvent) => {
      if (event.pointerType === 'touch') holdFor(event.currentTarget as Element, event, show);
    },
  };
}

function holdFor(element: Element, start: PointerEvent, held: (element: Element) => void): void {
  const ended = new AbortController();
  const { signal } = ended;
  const timer = setTimeout(() => {
    ended.abort();
    held(element);
  }, HOLD_MS);
  const stop = () => {
    clearTimeout(timer);
    ended.abort();
  };
  const move = ({ clientX, clientY }: PointerEvent) =>
    Math.hypot(clientX - start.clientX, clientY - start.clientY) > 10 && stop();
  document.addEventListener('pointermove', move, { signal });
  for (const name of ['pointerup', 'pointercancel', 'scroll'])
    document.addEventListener(name, stop, { signal, capture: true });
}
