import { Ban, Crown, Mic, MicOff, ShieldMinus, ShieldPlus, UserX } from 'lucide';
import type { MemberRoomView, MemberView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { nameOf } from '../app/names.js';
import { defineTexts } from '../i18n/texts.js';
import { confirm } from '../ui/confirm.js';
import type { MenuItem } from '../ui/menu.js';
import { DAY_MS, FOR_GOOD_MS, HOUR_MS, aheadBy } from '../ui/spans.js';
import { attempt } from '../ui/toast.js';
import type { Abilities } from './abilities.js';
import { isAbove, isMuted } from './room-standing.js';

const t = defineTexts(
  {
    promote: 'Make admin',
    demote: 'Make plain member',
    own: 'Make owner',
    ownText: 'The room is then run by {name}; you stay in it as an admin.',
    muteHour: 'Mute for an hour',
    muteDay: 'Mute for a day',
    mute: 'Mute for good',
    unmute: 'Let write again',
    remove: 'Remove from the room',
    removeText: '{name} will not see the room any more, and may come back if it is open to all or somebody invites.',
    ban: 'Ban',
    banText: '{name} will not see the room any more and cannot come back.',
    sure: '{action}: {name}?',
  },
  {
    promote: '设为管理员',
    demote: '设为普通成员',
    own: '移交房主',
    ownText: '房间将由{name}管理，您将成为管理员。',
    muteHour: '禁言一小时',
    muteDay: '禁言一天',
    mute: '一直禁言',
    unmute: '解除禁言',
    remove: '移出房间',
    removeText: '{name}将无法再看到这个房间；如果房间公开或被再次邀请，还可以回来。',
    ban: '封禁',
    banText: '{name}将无法再看到这个房间，也不能再加入。',
    sure: '{action}：{name}？',
  },
);

/** What the reader sees of a member, and what he may do in the room. */
export interface MemberFacts {
  readonly room: MemberRoomView;
  readonly member: MemberView;
  readonly abilities: Abilities;
}

/** What the reader may do about a member; what he may not is not offered. */
export function deedsOf(facts: MemberFacts): MenuItem[] {
  const { room, member, abilities } = facts;
  if (member.user.id === client.user?.id) return [];
  const isBelow = isAbove(room.role, member.role);
  return [
    ...(abilities.can('role.change') && isBelow ? roleDeeds(facts) : []),
    ...(abilities.can('member.remove') && isBelow ? muteDeeds(facts) : []),
    ...(isBelow ? removals(facts) : []),
  ];
}

function roleDeeds({ room, member }: MemberFacts): MenuItem[] {
  const { id } = member.user;
  const isAdmin = member.role === 'admin';
  const change = isAdmin
    ? {
        label: t('demote'),
        icon: ShieldMinus,
        act: () => void attempt(() => client.rest.putMember(room.id, id, 'member')),
      }
    : {
        label: t('promote'),
        icon: ShieldPlus,
        act: () => void attempt(() => client.rest.putMember(room.id, id, 'admin')),
      };
  const own = {
    label: t('own'),
    icon: Crown,
    act: () =>
      void sure(member, {
        action: t('own'),
        text: t('ownText', named(member)),
        act: () => client.rest.handOver(room.id, id),
      }),
  };
  return [change, own];
}

function muteDeeds({ room, member }: MemberFacts): MenuItem[] {
  const set = (mutedUntil: string | null) => () =>
    void attempt(() => client.rest.muteMember(room.id, member.user.id, mutedUntil));
  if (isMuted(member)) return [{ label: t('unmute'), icon: Mic, act: set(null) }];
  return [
    { label: t('muteHour'), icon: MicOff, act: set(aheadBy(HOUR_MS)) },
    { label: t('muteDay'), icon: MicOff, act: set(aheadBy(DAY_MS)) },
    { label: t('mute'), icon: MicOff, act: set(aheadBy(FOR_GOOD_MS)) },
  ];
}

function removals({ room, member, abilities }: MemberFacts): MenuItem[] {
  const { id } = member.user;
  const remove = {
    label: t('remove'),
    icon: UserX,
    isDanger: true,
    act: () =>
      void sure(member, {
        action: t('remove'),
        text: t('removeText', named(member)),
        act: () => client.rest.removeMember(room.id, id),
      }),
  };
  const ban = {
    label: t('ban'),
    icon: Ban,
    isDanger: true,
    act: () =>
      void sure(member, {
        action: t('ban'),
        text: t('banText', named(member)),
        act: () => client.rest.bans.put(room.id, id),
      }),
  };
  return [...(abilities.can('member.remove') ? [remove] : []), ...(abilities.can('member.ban') ? [ban] : [])];
}

interface Step {
  readonly action: string;
  /** What it means for him. */
  readonly text: string;
  readonly act: () => Promise<unknown>;
}

async function sure(member: MemberView, { action, text, act }: Step): Promise<void> {
  const title = t('sure', { action, ...named(member) });
  if (await confirm({ title, text, action })) await attempt(act);
}

const named = ({ user }: MemberView) => ({ name: nameOf(user) });
