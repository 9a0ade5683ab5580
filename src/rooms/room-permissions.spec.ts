import { describe, expect, it } from 'vitest';
import { MEMBER_ROLES } from '../protocol/views.js';
import { ROOM_ACTIONS, type RoomAction, canAct, isAbove } from './room-permissions.js';

const mayDo = (role: (typeof MEMBER_ROLES)[number]) =>
  (Object.keys(ROOM_ACTIONS) as RoomAction[]).filter((action) => canAct(role, action));

describe('room permissions', () => {
  it('let the owner do everything', () => {
    expect(mayDo('owner')).toEqual(Object.keys(ROOM_ACTIONS));
  });

  it('leave archive, roles and handing over to the owner', () => {
    const kept = mayDo('owner').filter((action) => !canAct('admin', action));
    expect(kept).toEqual(['room.archive', 'room.handOver', 'role.change']);
  });

  it('let a member change nothing', () => {
    expect(mayDo('member')).toEqual([]);
  });

  it('put nobody above his equals', () => {
    const pairs = MEMBER_ROLES.flatMap((role) => MEMBER_ROLES.map((other) => [role, other] as const));
    expect(pairs.filter(([role, other]) => isAbove(role, other))).toEqual([
      ['owner', 'admin'],
      ['owner', 'member'],
      ['admin', 'member'],
    ]);
  });
});
