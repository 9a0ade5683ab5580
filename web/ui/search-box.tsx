import { Search } from 'lucide';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.js';
import { isComposing } from './keys.js';

/** Milliseconds after the last key before it is searched. */
const PAUSE_MS = 250;

interface SearchBoxProps {
  readonly label: string;
  readonly value?: string;
  /** Called with what stands there, shortly after the last key. */
  readonly onSearch: (query: string) => void;
  /** Called with it when Enter is pressed. */
  readonly onEnter?: (query: string) => void;
}

/** A field to search in while one types. */
export function SearchBox({ label, value, onSearch, onEnter }: SearchBoxProps) {
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(pause.current), []);
  return (
    <div class="search-box">
      <Icon of={Search} size={18} />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        defaultValue={value}
        autocomplete="off"
        maxLength={64}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || isComposing(event)) return;
          // It searches; a form around it is not meant.
          event.preventDefault();
          onEnter?.(event.currentTarget.value.trim());
        }}
        onInput={({ currentTarget }) => {
          clearTimeout(pause.current);
          pause.current = setTimeout(() => onSearch(currentTarget.value.trim()), PAUSE_MS);
        }}
      />
    </div>
  );
}
