import { ChevronLeft, ChevronRight, Download, X } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AttachmentView } from '../../../src/protocol/attachment-views.js';
import type { MessageView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { defineTexts } from '../../i18n/texts.js';
import { momentOf } from '../../i18n/times.js';
import { isBlocked } from '../../people/blocked.js';
import { IconButton } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';
import { senderName } from '../messages/sender-name.js';
import type { OpenRoom } from '../open-room.js';
import { kindOf } from './file-facts.js';
import { useFreshFiles } from './fresh-files.js';

const t = defineTexts(
  {
    picture: 'Picture',
    close: 'Close',
    previous: 'Previous picture',
    next: 'Next picture',
    download: 'Download',
    place: '{at} of {count}',
  },
  {
    picture: '图片',
    close: '关闭',
    previous: '上一张',
    next: '下一张',
    download: '下载',
    place: '第 {at} 张，共 {count} 张',
  },
);

/** A picture with the message that it is in. */
interface Shown {
  readonly message: MessageView;
  readonly file: AttachmentView;
}

interface LightboxProps {
  readonly open: OpenRoom;
  readonly message: MessageView;
  readonly fileId: string;
  readonly onClose: () => void;
}

/** A picture as large as the window, with those before and after it in what is loaded of the room. */
export function Lightbox({ open, message, fileId, onClose }: LightboxProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [all] = useState(() => picturesOf(open, message));
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      all.findIndex(({ file }) => file.id === fileId),
    ),
  );
  useEffect(() => dialog.current?.showModal(), []);
  const shown = all[at];
  if (!shown) return null;
  const go = (step: number) => setAt((now) => Math.max(0, Math.min(now + step, all.length - 1)));
  return (
    <dialog
      ref={dialog}
      class="lightbox"
      aria-label={t('picture')}
      onClose={onClose}
      onClick={({ target }) =>
        target instanceof Element && target.matches('.lightbox, figure') && dialog.current?.close()
      }
      onKeyDown={({ key }) => {
        if (key === 'ArrowLeft') go(-1);
        if (key === 'ArrowRight') go(1);
      }}
    >
      <Full key={shown.file.id} shown={shown} place={{ at: at + 1, count: all.length }} />
      <IconButton class="close" icon={X} label={t('close')} onClick={() => dialog.current?.close()} />
      {at > 0 && <IconButton class="previous" icon={ChevronLeft} label={t('previous')} onClick={() => go(-1)} />}
      {at < all.length - 1 && <IconButton class="next" icon={ChevronRight} label={t('next')} onClick={() => go(1)} />}
    </dialog>
  );
}

function Full({ shown, place }: { readonly shown: Shown; readonly place: { at: number; count: number } }) {
  const { message, file } = shown;
  const fresh = useFreshFiles(message)?.find(({ id }) => id === file.id);
  const url = fresh && client.rest.attachments.url(fresh);
  const small = fresh && client.rest.attachments.thumbnailUrl(fresh);
  return (
    <figure>
      <img
        src={url}
        alt={file.name}
        width={file.width ?? undefined}
        height={file.height ?? undefined}
        style={{ backgroundImage: small ? `url("${small}")` : undefined }}
      />
      <figcaption>
        <span>
          <bdi>{senderName(message.senderId)}</bdi> · {momentOf(message.createdAt)}
        </span>
        <span aria-live="polite">{t('place', place)}</span>
        <a href={url} download={file.name} aria-label={t('download')} title={t('download')}>
          <Icon of={Download} />
        </a>
      </figcaption>
    </figure>
  );
}

function picturesOf(open: OpenRoom, asked: MessageView): readonly Shown[] {
  const messages = open.timeline.rows().filter((row): row is MessageView => row.kind === 'text');
  const all = messages.some(({ id }) => id === asked.id) ? messages : [asked];
  const isShown = ({ id, senderId }: MessageView) => !isBlocked(senderId) || open.unfolded.peek().has(id);
  return all
    .filter(isShown)
    .flatMap((message) =>
      message.attachments.filter((file) => kindOf(file) === 'picture').map((file) => ({ message, file })),
    );
}
