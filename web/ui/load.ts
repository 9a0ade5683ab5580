import { useEffect, useRef, useState } from 'preact/hooks';
import type { Page } from '../../src/protocol/views.js';
import { faultText } from './fault-text.js';

/** What a part of the page has asked for. */
export interface Loaded<T> {
  /** Null until it has come. */
  readonly value: T | null;
  /** Why it has not come; empty while all is well. */
  readonly fault: string;
  /** Asks again; what is shown stays meanwhile. */
  readonly reload: () => void;
}

/** Asks for something when it is shown, and again whenever `key` is another one. Late answers to old keys are dropped. */
export function useLoaded<T>(load: () => Promise<T>, key: string): Loaded<T> {
  const [state, setState] = useState<{ key: string; value: T | null; fault: string }>({ key, value: null, fault: '' });
  const asked = useRef(0);
  const reload = () => {
    const number = ++asked.current;
    const take = (next: Partial<typeof state>) =>
      asked.current === number &&
      setState((now) => ({ ...now, value: now.key === key ? now.value : null, key, ...next }));
    load().then(
      (value) => take({ value, fault: '' }),
      (error: unknown) => take({ fault: faultText(error) }),
    );
  };
  useEffect(() => {
    reload();
    return () => void asked.current++;
  }, [key]);
  const isCurrent = state.key === key;
  return { value: isCurrent ? state.value : null, fault: isCurrent ? state.fault : '', reload };
}

/** A list that comes in pages. */
export interface Pages<T> {
  readonly items: readonly T[];
  readonly isLoading: boolean;
  readonly fault: string;
  /** Null where all has come. */
  readonly more: (() => void) | null;
  /** Begins anew at the first page. */
  readonly reload: () => void;
}

interface PagesState<T> {
  readonly key: string;
  readonly items: readonly T[];
  readonly next: string | null;
  readonly isLoading: boolean;
  readonly fault: string;
}

/** Asks for the first page when it is shown, and whenever `key` is another one; `more` asks for the next one. */
export function usePages<T>(load: (cursor?: string) => Promise<Page<T>>, key: string): Pages<T> {
  const nothing: PagesState<T> = { key, items: [], next: null, isLoading: true, fault: '' };
  const [kept, setState] = useState(nothing);
  const asked = useRef(0);
  const state = kept.key === key ? kept : nothing;
  const ask = (cursor?: string) => {
    const number = ++asked.current;
    const take = (next: Partial<PagesState<T>>) =>
      asked.current === number && setState({ ...state, isLoading: false, fault: '', ...next });
    load(cursor).then(
      ({ items, next }) => take({ items: cursor === undefined ? items : [...state.items, ...items], next }),
      (error: unknown) => take({ fault: faultText(error) }),
    );
  };
  useEffect(() => {
    ask();
    return () => void asked.current++;
  }, [key]);
  const { items, next, isLoading, fault } = state;
  return { items, isLoading, fault, more: next === null ? null : () => ask(next), reload: () => ask() };
}
