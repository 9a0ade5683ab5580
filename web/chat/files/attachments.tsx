import { Download, FileText } from 'lucide';
import type { AttachmentView } from '../../../src/protocol/attachment-views.js';
import type { MessageView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { defineTexts } from '../../i18n/texts.js';
import { Icon } from '../../ui/icon.js';
import { besideOf } from '../../ui/popover.js';
import type { OpenRoom } from '../open-room.js';
import { fitted, kindOf } from './file-facts.js';
import { Player } from './player.js';
import { sizeText } from './size-text.js';
import { useFreshFiles } from './fresh-files.js';

const t = defineTexts(
  { show: 'Show picture {name}', download: 'Download {name}, {size}' },
  { show: '查看图片 {name}', download: '下载 {name}，{size}' },
);

const ALONE = { width: 320, height: 280 };

interface AttachmentsProps {
  readonly open: OpenRoom;
  readonly message: MessageView;
}

/** The files of a message: pictures as small ones, sound and video with what plays them, others to be downloaded. */
export function Attachments({ open, message }: AttachmentsProps) {
  const fresh = useFreshFiles(message);
  const files = fresh ?? message.attachments;
  const isReady = fresh !== null;
  const pictures = files.filter((file) => kindOf(file) === 'picture');
  const others = files.filter((file) => kindOf(file) !== 'picture');
  const show = (file: AttachmentView, element: Element) => {
    open.overlay.value = { kind: 'picture', message, fileId: file.id, beside: besideOf(element) };
  };
  return (
    <div class="attachments">
      {pictures.length > 0 && (
        <div class={pictures.length === 1 ? 'pictures one' : 'pictures'}>
          {pictures.map((file) => (
            <Picture
              key={file.id}
              file={file}
              isReady={isReady}
              size={pictures.length === 1 ? fitted(file, ALONE) : null}
              onShow={(element) => show(file, element)}
            />
          ))}
        </div>
      )}
      {others.map((file) => (
        <OtherFile key={file.id} file={file} isReady={isReady} />
      ))}
    </div>
  );
}

interface PictureProps {
  readonly file: AttachmentView;
  readonly isReady: boolean;
  /** Of one that stands alone; others share a grid of squares. */
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly onShow: (element: Element) => void;
}

/** Its place is as large as it will be before it has come, so nothing jumps. */
function Picture({ file, isReady, size, onShow }: PictureProps) {
  const url = client.rest.attachments.thumbnailUrl(file);
  return (
    <button
      type="button"
      class="picture"
      aria-label={t('show', { name: file.name })}
      style={size ? { width: `${size.width}px`, aspectRatio: `${size.width} / ${size.height}` } : { height: '154px' }}
      onClick={({ currentTarget }) => onShow(currentTarget)}
    >
      {isReady && url && <img src={url} alt="" loading="lazy" decoding="async" draggable={false} />}
    </button>
  );
}

function OtherFile({ file, isReady }: { readonly file: AttachmentView; readonly isReady: boolean }) {
  const url = isReady ? client.rest.attachments.url(file) : undefined;
  const kind = kindOf(file);
  if (kind === 'video') return <Player kind={kind} name={file.name} url={url} />;
  return (
    <>
      {kind === 'audio' && <Player kind={kind} name={file.name} url={url} />}
      <a
        class="file"
        href={url}
        download={file.name}
        aria-label={t('download', { name: file.name, size: sizeText(file.bytes) })}
      >
        <span class="sign">
          <Icon of={FileText} />
        </span>
        <span class="what">
          <bdi>{file.name}</bdi>
          <small>{sizeText(file.bytes)}</small>
        </span>
        <Icon of={Download} size={18} />
      </a>
    </>
  );
}
