import type { IconNode } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.js';

/** One line of a menu; `isDanger` for what cannot be taken back. */
export interface MenuItem {
  readonly label: string;
  readonly icon?: IconNode;
  readonly isDanger?: boolean;
  /** Of lines of which exactly one holds. */
  readonly isChosen?: boolean;
  readonly act: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly icon?: IconNode;
  /** Stands on the button in place of an icon, and is read before the label. */
  readonly children?: ComponentChildren;
}

/** A button that opens a menu. Arrow keys move in it, Escape closes it and gives the focus back. */
export function Menu({ icon, label, items, children }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const closeAndReturn = () => {
    setOpen(false);
    root.current?.querySelector('button')?.focus();
  };
  const choose = ({ act }: MenuItem) => {
    closeAndReturn();
    act();
  };
  return (
    <div class="menu" ref={root}>
      <button
        type="button"
        class={children ? 'menu-button' : 'icon-button'}
        aria-label={children ? undefined : label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {children ?? (icon && <Icon of={icon} />)}
        {children && <span class="visually-hidden">{label}</span>}
      </button>
      {isOpen && (
        <Lines
          id={id}
          label={label}
          items={items}
          onChoose={choose}
          onClose={(back) => (back ? closeAndReturn() : setOpen(false))}
        />
      )}
    </div>
  );
}

interface LinesProps {
  readonly id: string;
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly onChoose: (item: MenuItem) => void;
  /** `back`: the focus goes back to the button. */
  readonly onClose: (back: boolean) => void;
}

function Lines({ id, label, items, onChoose, onClose }: LinesProps) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (element.current) place(element.current);
    element.current?.querySelector<HTMLElement>('[role^=menuitem]')?.focus();
  }, []);
  useEffect(() => {
    const leave = ({ target }: Event) => !element.current?.parentElement?.contains(target as Node) && onClose(false);
    document.addEventListener('pointerdown', leave);
    // What it stands beside would move away from it.
    document.addEventListener('scroll', leave, true);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('scroll', leave, true);
    };
  });
  return (
    <div
      ref={element}
      id={id}
      role="menu"
      aria-label={label}
      onKeyDown={(event) => moveFocus(event, () => onClose(true))}
      onFocusOut={({ relatedTarget }) =>
        relatedTarget && !element.current?.parentElement?.contains(relatedTarget as Node) && onClose(false)
      }
    >
      <MenuLines items={items} onChoose={onChoose} />
    </div>
  );
}

/** The lines of a menu; where they stand is the business of who shows them. */
export function MenuLines({ items, onChoose }: Pick<LinesProps, 'items' | 'onChoose'>) {
  return (
    <>
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role={item.isChosen === undefined ? 'menuitem' : 'menuitemradio'}
          aria-checked={item.isChosen}
          class={item.isDanger ? 'danger' : ''}
          onClick={() => onChoose(item)}
        >
          {item.icon && <Icon of={item.icon} size={18} />}
          <span>{item.label}</span>
        </button>
      ))}
    </>
  );
}

/** Beside its button, inside the window: a list that scrolls, or a dialog, would cut it off. */
function place(menu: HTMLElement): void {
  const button = menu.parentElement?.getBoundingClientRect();
  if (!button) return;
  const [edge, gap] = [8, 4];
  const below = button.bottom + gap;
  const isFitting = below + menu.offsetHeight <= innerHeight - edge;
  const isWide = button.width > menu.offsetWidth;
  menu.style.left = `${Math.max(edge, isWide ? button.left : button.right - menu.offsetWidth)}px`;
  menu.style.top = `${isFitting ? below : Math.max(edge, button.top - gap - menu.offsetHeight)}px`;
}

/** The keys of a menu, as the ARIA practices have them. */
export function moveFocus(event: KeyboardEvent, close: () => void): void {
  if (event.key === 'Escape') {
    event.stopPropagation();
    event.preventDefault();
    return close();
  }
  const lines = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role^=menuitem]')];
  const at = lines.indexOf(document.activeElement as HTMLElement);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1 + lines.length,
    Home: 0,
    End: lines.length - 1,
  };
  const next = steps[event.key];
  if (next === undefined) return;
  event.preventDefault();
  lines[next % lines.length]?.focus();
}
