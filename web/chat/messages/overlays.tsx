import { later } from '../../ui/later.js';
import { EmojiPopover } from '../emoji/emoji-popover.js';
import type { OpenRoom } from '../open-room.js';
import { react } from './deeds.js';
import { MessageMenu } from './message-menu.js';

const ForwardDialog = later(async () => (await import('../deeds/forward-dialog.js')).ForwardDialog);
const ReadersDialog = later(async () => (await import('../deeds/readers-dialog.js')).ReadersDialog);
const RevisionsDialog = later(async () => (await import('../deeds/revisions-dialog.js')).RevisionsDialog);
const Lightbox = later(async () => (await import('../files/lightbox.js')).Lightbox);

/** What stands over the page about one message; apart from its row, which may scroll away meanwhile. */
export function Overlays({ open }: { readonly open: OpenRoom }) {
  const { value } = open.overlay;
  if (!value) return null;
  const { kind, message, beside } = value;
  const onClose = () => (open.overlay.value = null);
  if (kind === 'menu') return <MessageMenu open={open} message={message} beside={beside} />;
  if (kind === 'picker') {
    return <EmojiPopover beside={beside} onPick={(emoji) => void react(message, emoji)} onClose={onClose} />;
  }
  if (kind === 'forward') return <ForwardDialog message={message} onClose={onClose} />;
  if (kind === 'readers') return <ReadersDialog message={message} onClose={onClose} />;
  if (kind === 'revisions') return <RevisionsDialog message={message} onClose={onClose} />;
  return <Lightbox open={open} message={message} fileId={value.fileId ?? ''} onClose={onClose} />;
}
