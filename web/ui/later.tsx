import { type ComponentType, createElement } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { defineTexts } from '../i18n/texts.js';
import { Button } from './button.js';

const t = defineTexts(
  { failed: 'This part of the page could not be loaded.', again: 'Reload the page' },
  { failed: '页面的这一部分无法加载。', again: '重新加载页面' },
);

/** A part of the page that is rarely shown: it is fetched when it first is, so that the page itself comes sooner. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let part: ComponentType<Props> | null = null;
  return function Later(props: Props) {
    const [state, setState] = useState<'coming' | 'there' | 'failed'>(part ? 'there' : 'coming');
    useEffect(() => {
      if (!part) void fetchPart();
    }, []);
    const fetchPart = async () => {
      try {
        part = await load();
        setState('there');
      } catch {
        // The connection is away, or the server has another page by now.
        setState('failed');
      }
    };
    if (state === 'failed') return <Failed />;
    return part && createElement(part, props);
  };
}

function Failed() {
  return (
    <div class="empty" role="alert">
      <p>{t('failed')}</p>
      <Button onClick={() => location.reload()}>{t('again')}</Button>
    </div>
  );
}
