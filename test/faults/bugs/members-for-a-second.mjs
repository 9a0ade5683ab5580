// The members of a room are kept for a second, whatever happens to them.
import { RoomRosters } from '../../../dist/src/rooms/members/roster-store.js';

const { membersOf } = RoomRosters.prototype;
const kept = new Map();

RoomRosters.prototype.membersOf = async function (tx, head, userIds) {
  const known = kept.get(head.id);
  if (known && performance.now() - known.at < 1000) return known.roster;
  const roster = await membersOf.call(this, tx, head, userIds);
  kept.set(head.id, { roster, at: performance.now() });
  return roster;
};
