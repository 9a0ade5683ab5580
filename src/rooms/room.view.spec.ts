import { describe, expect, it } from 'vitest';
import type { RoomMember } from './members/room-member.entity.js';
import type { Room } from './room.entity.js';
import { directKeyOf, peerIdOf, toMemberRoomView } from './room.view.js';

describe('directKeyOf', () => {
  it('is the same for both', () => {
    expect(directKeyOf('b', 'a')).toBe('a:b');
    expect(directKeyOf('a', 'b')).toBe('a:b');
  });
});

describe('peerIdOf', () => {
  it('is the other one, oneself for notes, nobody for a group', () => {
    expect(peerIdOf({ directKey: 'a:b' }, 'a')).toBe('b');
    expect(peerIdOf({ directKey: 'a:b' }, 'b')).toBe('a');
    expect(peerIdOf({ directKey: 'a:a' }, 'a')).toBe('a');
    expect(peerIdOf({ directKey: null }, 'a')).toBeNull();
  });
});

describe('toMemberRoomView', () => {
  it('counts nothing below zero where the mark is ahead of a head that was read earlier', () => {
    const room = { headSeq: 4, headRev: 5, archivedAt: null, createdAt: 0 } as Room;
    const member = { readVersion: 0, silentUntil: null } as RoomMember;
    const view = (readSeq: number) =>
      toMemberRoomView({ room, member, readSeq, mentions: 0, lastMessage: null, peer: null });
    expect(view(5)).toMatchObject({ readSeq: 4, unread: 0 });
    expect(view(1)).toMatchObject({ readSeq: 1, unread: 3 });
  });
});
