import type { ComponentChildren } from 'preact';
import type { UserView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { nameOf } from '../app/names.js';
import { ownPresence } from '../app/own-presence.js';
import { Avatar } from '../ui/avatar.js';
import { openPerson } from './open-person.js';
import { statusOf } from './presence.js';

interface PersonRowProps {
  readonly user: UserView;
  /** Stands behind the name. */
  readonly note?: string;
  /** In place of how he is. */
  readonly line?: string;
  /** What one may do about him. */
  readonly children?: ComponentChildren;
}

/** Somebody in a list: picture, name and how he is; a click opens his card. */
export function PersonRow({ user, note, line, children }: PersonRowProps) {
  follow('presence');
  follow('people');
  follow('me');
  const presence = client.presence.of(user.id);
  const me = client.user;
  const shown = me?.id === user.id ? ownPresence(me) : presence;
  return (
    <li class="row person-row">
      <button type="button" class="who" onClick={() => openPerson(user.id)}>
        <Avatar url={user.avatarUrl} name={user.displayName} size={38} state={shown?.state} />
        <span class="names">
          <span class="name">
            <bdi>{nameOf(user)}</bdi>
            {note && <span class="note">{note}</span>}
          </span>
          <span class="soft">{line ?? statusOf(user, shown)}</span>
        </span>
      </button>
      {children}
    </li>
  );
}
