import type { NoticeType } from '../../../src/protocol/events.js';
import type { MessageView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { defineTexts } from '../../i18n/texts.js';
import { momentOf } from '../../i18n/times.js';
import { isForGood } from '../../ui/spans.js';
import { senderName } from './sender-name.js';

const t = defineTexts(
  {
    joined: '{who} joined',
    added: '{by} added {whom}',
    left: '{who} left',
    removed: '{by} removed {whom}',
    removedBySystem: '{who} was removed',
    youWereRemoved: 'You were removed',
    banned: '{by} banned {whom}',
    owner: '{who} owns the room now',
    youOwn: 'You own the room now',
    admin: '{by} made {whom} an admin',
    member: '{who} is no admin any more',
    youAreMember: 'You are no admin any more',
    muted: '{by} muted {whom} until {until}',
    mutedForGood: '{by} muted {whom} for good',
    unmuted: '{by} let {whom} write again',
    name: '{by} renamed the room to “{name}”',
    topic: '{by} changed the topic: {topic}',
    noTopic: '{by} removed the topic',
    picture: '{by} changed the picture',
    archived: '{by} archived the room',
    unarchived: '{by} opened the room again',
    public: '{by} made the room public',
    private: '{by} made the room private',
    settings: '{by} changed how the room is run',
    other: 'The room was changed',
    somebody: 'Somebody',
    whomever: 'somebody',
    you: 'You',
    toYou: 'you',
  },
  {
    joined: '{who} 加入了房间',
    added: '{by} 邀请 {whom} 加入了房间',
    left: '{who} 退出了房间',
    removed: '{by} 将 {whom} 移出了房间',
    removedBySystem: '{who} 已被移出房间',
    youWereRemoved: '您已被移出房间',
    banned: '{by} 封禁了 {whom}',
    owner: '{who} 现在是房主',
    youOwn: '您现在是房主',
    admin: '{by} 将 {whom} 设为管理员',
    member: '{who} 不再是管理员',
    youAreMember: '您不再是管理员',
    muted: '{by} 将 {whom} 禁言至 {until}',
    mutedForGood: '{by} 将 {whom} 永久禁言',
    unmuted: '{by} 解除了 {whom} 的禁言',
    name: '{by} 将房间改名为“{name}”',
    topic: '{by} 修改了话题：{topic}',
    noTopic: '{by} 删除了话题',
    picture: '{by} 更换了房间头像',
    archived: '{by} 归档了房间',
    unarchived: '{by} 重新开放了房间',
    public: '{by} 将房间设为公开',
    private: '{by} 将房间设为私密',
    settings: '{by} 修改了房间设置',
    other: '房间已更改',
    somebody: '有人',
    whomever: '某位成员',
    you: '您',
    toYou: '您',
  },
);

interface Payload {
  readonly type?: NoticeType;
  readonly userId?: string;
  readonly byId?: string | null;
  readonly role?: string | null;
  readonly reason?: string;
  readonly mutedUntil?: string | null;
  readonly name?: string;
  readonly topic?: string | null;
  readonly archivedAt?: string | null;
  readonly visibility?: 'public' | 'private';
  readonly avatarUrl?: string | null;
  readonly settings?: object;
}

/** What happened in a room, in one sentence. */
export function noticeText({ payload }: Pick<MessageView, 'payload'>): string {
  const facts = (payload ?? {}) as Payload;
  const names = { who: nameFor(facts.userId), whom: objectFor(facts.userId), by: nameFor(facts.byId) };
  switch (facts.type) {
    case 'member.joined':
      return t(facts.byId && facts.byId !== facts.userId ? 'added' : 'joined', names);
    case 'member.left':
      return t('left', names);
    case 'member.removed':
      if (facts.reason === 'banned') return t('banned', names);
      if (facts.byId) return t('removed', names);
      return t(isReader(facts.userId) ? 'youWereRemoved' : 'removedBySystem', names);
    case 'member.updated':
      return memberText(facts, names);
    case 'room.updated':
      return roomText(facts, names.by);
    case undefined:
      return t('other');
  }
}

function memberText(
  { userId, mutedUntil, role }: Payload,
  names: Readonly<Record<'who' | 'whom' | 'by', string>>,
): string {
  if (mutedUntil && isForGood(mutedUntil)) return t('mutedForGood', names);
  if (mutedUntil) return t('muted', { ...names, until: momentOf(mutedUntil) });
  if (mutedUntil === null) return t('unmuted', names);
  if (role === 'owner') return t(isReader(userId) ? 'youOwn' : 'owner', names);
  if (role === 'admin') return t('admin', names);
  return t(isReader(userId) ? 'youAreMember' : 'member', names);
}

function roomText(facts: Payload, by: string): string {
  if (facts.name !== undefined) return t('name', { by, name: facts.name });
  if (facts.topic !== undefined) return facts.topic ? t('topic', { by, topic: facts.topic }) : t('noTopic', { by });
  if (facts.archivedAt !== undefined) return t(facts.archivedAt ? 'archived' : 'unarchived', { by });
  if (facts.visibility !== undefined) return t(facts.visibility, { by });
  if (facts.avatarUrl !== undefined) return t('picture', { by });
  return t('settings', { by });
}

function nameFor(userId: string | null | undefined): string {
  if (!userId) return t('somebody');
  return isReader(userId) ? t('you') : senderName(userId);
}

/** The same where something is done to him: `Anna added you`. */
function objectFor(userId: string | null | undefined): string {
  if (!userId) return t('whomever');
  return isReader(userId) ? t('toYou') : senderName(userId);
}

const isReader = (userId: string | undefined): boolean => userId !== undefined && userId === client.user?.id;
