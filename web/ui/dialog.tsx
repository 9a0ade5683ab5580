import { X } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { defineTexts } from '../i18n/texts.js';
import { IconButton } from './button.js';

const t = defineTexts({ close: 'Close' }, { close: '关闭' });

interface DialogProps {
  readonly title: string;
  /** Asked for by Escape, the cross, or a click beside it; whoever shows the dialog takes it away. */
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly wide?: boolean;
}

/** A modal dialog: the browser's own, which keeps the focus inside, gives it back, and closes on Escape. */
export function Dialog({ title, onClose, children, wide = false }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const isThere = useRef(true);
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => {
      isThere.current = false;
      // Taken away without it, it would not give the focus back.
      dialog?.close();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={titleId}
      onClose={() => isThere.current && onClose()}
      onClick={(event) => event.target === element.current && element.current?.close()}
    >
      <div class="sheet">
        <header>
          <h2 id={titleId}>{title}</h2>
          <IconButton icon={X} label={t('close')} onClick={() => element.current?.close()} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
