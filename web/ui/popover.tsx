import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

/** What a popover stands beside, in the window's coordinates. */
export type Beside = Pick<DOMRect, 'left' | 'right' | 'top' | 'bottom'>;

interface PopoverProps {
  readonly beside: Beside;
  readonly label: string;
  readonly role?: 'dialog' | 'menu';
  /** Asked for by Escape or a click elsewhere; whoever shows the popover takes it away. */
  readonly onClose: () => void;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly children: ComponentChildren;
}

/** Kept free between a popover and the edges of the window, and what it stands beside. */
const EDGE = 8;

/** Something that stands over the page beside what it is about. The browser closes it and gives the focus back. */
export function Popover({ beside, label, role = 'dialog', onClose, onKeyDown, children }: PopoverProps) {
  const element = useRef<HTMLDivElement>(null);
  const isThere = useRef(true);
  useEffect(() => {
    const { current } = element;
    current?.querySelector<HTMLElement>('input, button')?.focus();
    return () => {
      isThere.current = false;
      current?.hidePopover();
    };
  }, []);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return;
    current.showPopover();
    placeBeside(current, beside);
    // What it shows may come later than it.
    const resizes = new ResizeObserver(() => placeBeside(current, beside));
    resizes.observe(current);
    return () => resizes.disconnect();
  }, [beside]);
  return (
    <div
      ref={element}
      popover="auto"
      class="popover"
      role={role}
      aria-label={label}
      onKeyDown={onKeyDown}
      onToggle={({ newState }) => newState === 'closed' && isThere.current && onClose()}
    >
      {children}
    </div>
  );
}

/** Below, or above where there is more space; never beyond the window. */
function placeBeside(element: HTMLElement, beside: Beside): void {
  const { offsetWidth: width, offsetHeight: height } = element;
  const below = beside.bottom + EDGE;
  const fits = below + height + EDGE <= innerHeight || beside.top < innerHeight / 2;
  const top = fits ? below : beside.top - height - EDGE;
  const left = Math.min(beside.left, innerWidth - width - EDGE);
  element.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
  element.style.left = `${Math.max(EDGE, left)}px`;
}

/** Where an element stands. */
export const besideOf = (element: Element | null | undefined): Beside =>
  element?.getBoundingClientRect() ?? { left: 0, right: 0, top: 0, bottom: 0 };
