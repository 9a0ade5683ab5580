import type { IconNode } from 'lucide';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { IconButton } from './button.js';
import { Icon } from './icon.js';

/** One line of a menu; `isDanger` for what cannot be taken back. */
export interface MenuItem {
  readonly label: string;
  readonly icon?: IconNode;
  readonly isDanger?: boolean;
  readonly isChosen?: boolean;
  readonly act: () => void;
}

interface MenuProps {
  readonly icon: IconNode;
  readonly label: string;
  readonly items: readonly MenuItem[];
}

/** A button that opens a menu. Arrow keys move in it, Escape closes it and gives the focus back. */
export function Menu({ icon, label, items }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return;
    const close = (event: Event) => !root.current?.contains(event.target as Node) && setOpen(false);
    document.addEventListener('pointerdown', close);
    root.current?.querySelector<HTMLElement>('[role^=menuitem]')?.focus();
    return () => document.removeEventListener('pointerdown', close);
  }, [isOpen]);
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
      <IconButton
        icon={icon}
        label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen && (
        <div id={id} role="menu" aria-label={label} onKeyDown={(event) => moveFocus(event, closeAndReturn)}>
          {items.map((item) => (
            <Line key={item.label} item={item} onChoose={() => choose(item)} />
          ))}
        </div>
      )}
    </div>
  );
}

function Line({ item, onChoose }: { readonly item: MenuItem; readonly onChoose: () => void }) {
  return (
    <button
      type="button"
      role={item.isChosen === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={item.isChosen}
      class={item.isDanger ? 'danger' : ''}
      onClick={onChoose}
    >
      {item.icon && <Icon of={item.icon} size={18} />}
      <span>{item.label}</span>
    </button>
  );
}

/** The keys of a menu, as the ARIA practices have them. */
function moveFocus(event: KeyboardEvent, close: () => void): void {
  if (event.key === 'Escape') {
    event.stopPropagation();
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
