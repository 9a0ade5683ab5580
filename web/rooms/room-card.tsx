import { Users } from 'lucide';
import type { ComponentChildren } from 'preact';
import { defineTexts } from '../i18n/texts.js';
import { Avatar } from '../ui/avatar.js';
import { Icon } from '../ui/icon.js';

const t = defineTexts({ members: { one: '{count} member', other: '{count} members' } }, { members: '{count} 位成员' });

interface RoomCardProps {
  readonly room: {
    readonly name: string | null;
    readonly topic: string | null;
    readonly avatarUrl: string | null;
    readonly memberCount: number;
  };
  /** What one may do about it. */
  readonly children: ComponentChildren;
}

/** A room as somebody sees it who is not in it. */
export function RoomCard({ room, children }: RoomCardProps) {
  const name = room.name ?? '';
  return (
    <div class="room-card">
      <Avatar url={room.avatarUrl} name={name} size={52} />
      <div class="names">
        <span class="name">
          <bdi>{name}</bdi>
        </span>
        {room.topic && <span class="topic">{room.topic}</span>}
        <span class="soft">
          <Icon of={Users} size={14} /> {t('members', { count: room.memberCount })}
        </span>
      </div>
      {children}
    </div>
  );
}
