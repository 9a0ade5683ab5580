import { useId } from 'preact/hooks';
import { defineTexts } from '../i18n/texts.js';
import { Avatar } from './avatar.js';
import { Button } from './button.js';
import { attempt } from './toast.js';

const t = defineTexts(
  { choose: 'Choose a picture', remove: 'Remove picture', hint: 'JPEG, PNG, WebP, GIF or AVIF' },
  { choose: '选择图片', remove: '移除图片', hint: 'JPEG、PNG、WebP、GIF 或 AVIF' },
);

interface PictureProps {
  readonly url: string | null;
  readonly name: string;
  readonly onChoose: (file: File) => Promise<unknown>;
  readonly onRemove: () => Promise<unknown>;
}

/** A picture that can be changed; it takes effect at once. */
export function PictureField({ url, name, onChoose, onRemove }: PictureProps) {
  const id = useId();
  // A made-up picture is named so in its address, and cannot be taken away.
  const isOwn = url !== null && !url.includes('made-up');
  const choose = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) => {
    const file = currentTarget.files?.[0];
    // The same file may be chosen again after a refusal.
    currentTarget.value = '';
    if (file) void attempt(() => onChoose(file));
  };
  return (
    <div class="picture-field">
      <Avatar url={url} name={name} size={80} />
      <div>
        <div class="actions">
          <input id={id} type="file" class="visually-hidden" accept="image/*" onChange={choose} />
          <label for={id} class="button">
            {t('choose')}
          </label>
          {isOwn && <Button onClick={() => void attempt(onRemove)}>{t('remove')}</Button>}
        </div>
        <small class="soft">{t('hint')}</small>
      </div>
    </div>
  );
}
