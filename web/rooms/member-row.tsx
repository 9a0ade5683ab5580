import type { ComponentChildren } from 'preact';
import type { MemberView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { defineTexts } from '../i18n/texts.js';
import { PersonRow } from '../people/person-row.js';
import { isMuted } from './room-standing.js';

const t = defineTexts(
  { owner: 'Owner', admin: 'Admin', guest: 'Guest', muted: 'Muted', you: 'You' },
  { owner: '房主', admin: '管理员', guest: '访客', muted: '已禁言', you: '我' },
);

interface MemberRowProps {
  readonly member: MemberView;
  /** In place of how he is. */
  readonly line?: string;
  /** What one may do about him. */
  readonly children?: ComponentChildren;
}

/** A member with his role. */
export function MemberRow({ member, line, children }: MemberRowProps) {
  return (
    <PersonRow user={member.user} line={line} note={notesOf(member).join(' · ')}>
      {children}
    </PersonRow>
  );
}

function notesOf(member: MemberView): string[] {
  const { user, role } = member;
  return [
    ...(user.id === client.user?.id ? [t('you')] : []),
    ...(role === 'member' ? [] : [t(role)]),
    ...(user.role === 'guest' ? [t('guest')] : []),
    ...(isMuted(member) ? [t('muted')] : []),
  ];
}
