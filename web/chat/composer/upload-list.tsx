import { FileText, RotateCw, X } from 'lucide';
import { defineTexts } from '../../i18n/texts.js';
import { IconButton } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';
import { sizeText } from '../files/size-text.js';
import type { Upload, Uploads } from './uploads.js';

const t = defineTexts(
  {
    files: 'Files to send',
    remove: 'Remove {name}',
    cancel: 'Cancel the upload of {name}',
    retry: 'Upload {name} again',
    progress: 'Upload of {name}',
  },
  {
    files: '待发送的文件',
    remove: '移除 {name}',
    cancel: '取消上传 {name}',
    retry: '重新上传 {name}',
    progress: '正在上传 {name}',
  },
);

/** The files that go with the next message, with how far they are. */
export function UploadList({ uploads }: { readonly uploads: Uploads }) {
  const { value } = uploads.list;
  if (value.length === 0) return null;
  return (
    <ul class="uploads" aria-label={t('files')}>
      {value.map((upload) => (
        <Line key={upload.key} upload={upload} uploads={uploads} />
      ))}
    </ul>
  );
}

function Line({ upload, uploads }: { readonly upload: Upload; readonly uploads: Uploads }) {
  const { key, file, state, progress, fault, preview } = upload;
  const { name } = file;
  return (
    <li class={state}>
      <span class="sign">{preview ? <img src={preview} alt="" /> : <Icon of={FileText} />}</span>
      <span class="what">
        <bdi>{name}</bdi>
        <small>{fault || sizeText(file.size)}</small>
        {state === 'going' && <progress value={progress} max={1} aria-label={t('progress', { name })} />}
      </span>
      {state === 'failed' && (
        <IconButton icon={RotateCw} size={16} label={t('retry', { name })} onClick={() => uploads.retry(key)} />
      )}
      <IconButton
        icon={X}
        size={16}
        label={t(state === 'going' ? 'cancel' : 'remove', { name })}
        onClick={() => uploads.remove(key)}
      />
    </li>
  );
}
