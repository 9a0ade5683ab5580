import { Paperclip } from 'lucide';
import type { FoundView } from '../../../src/protocol/search-views.js';
import type { MessageView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { userOf } from '../../app/names.js';
import { shortTimeOf } from '../../i18n/times.js';
import { titleOf } from '../../rooms/room-titles.js';
import { Avatar } from '../../ui/avatar.js';
import { Icon } from '../../ui/icon.js';
import { senderName } from '../messages/sender-name.js';
import { markedText } from './marked-text.js';

interface FoundRowProps {
  readonly message: MessageView & Partial<Pick<FoundView, 'matches'>>;
  /** Where the room is known, it need not be said. */
  readonly isInRoom: boolean;
  readonly onJump: () => void;
}

/** A message in a list of found or pinned ones. A click goes to it. */
export function FoundRow({ message, isInRoom, onJump }: FoundRowProps) {
  const { senderId, roomId, text, attachments, createdAt, matches = [] } = message;
  const user = senderId === null ? null : userOf(senderId);
  const view = client.rooms.get(roomId)?.view;
  return (
    <li>
      <button type="button" class="found-row" onClick={onJump}>
        <Avatar url={user?.avatarUrl ?? null} name={user?.displayName ?? '?'} size={32} />
        <span class="what">
          <span class="head">
            <bdi class="name">{senderName(senderId)}</bdi>
            {!isInRoom && view && <bdi class="soft">{titleOf(view)}</bdi>}
            <time dateTime={createdAt}>{shortTimeOf(createdAt)}</time>
          </span>
          {text && (
            <span class="excerpt" dir="auto">
              {markedText(text, matches).map((part, at) =>
                part.isMatch ? <mark key={at}>{part.text}</mark> : part.text,
              )}
            </span>
          )}
          {attachments.map(({ id, name }) => (
            <span key={id} class="soft file-name">
              <Icon of={Paperclip} size={13} /> <bdi>{name}</bdi>
            </span>
          ))}
        </span>
      </button>
    </li>
  );
}
