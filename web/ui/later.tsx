import { type ComponentType, createElement } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { attempt } from './toast.js';

/** A part of the page that is rarely shown: it is fetched when it first is, so that the page itself comes sooner. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let part: ComponentType<Props> | null = null;
  return function Later(props: Props) {
    const [, setLoaded] = useState(part !== null);
    useEffect(() => {
      if (part) return;
      void attempt(async () => {
        part = await load();
        setLoaded(true);
      });
    }, []);
    return part && createElement(part, props);
  };
}
