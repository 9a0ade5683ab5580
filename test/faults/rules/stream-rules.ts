import type { Rules } from '../checker.js';
import { type Evidence, groupBy } from '../evidence.js';
import type { SeenMessage, Told } from '../history.js';

/** What reaches a device: everything, in order, once, as it is stored. */
export const STREAM_RULES = {
  'a connection is told the revs of a room in order without a hole'({ history }) {
    const live = history.told.filter(({ kind }) => kind !== 'pulled');
    return [...groupBy(live, (told) => `${told.connection}:${told.roomId}`).values()].flatMap(breaks);
  },

  'a device shows a message once'({ history }) {
    return history.repeats.map(({ device, id }) => `${device.name} shows ${id} twice`);
  },

  'what is seen is what is stored'(evidence) {
    const seen = evidence.history.told.flatMap(({ message, roomId }) => (message ? [{ message, roomId }] : []));
    const paged = evidence.history.looks.flatMap(({ items, roomId }) =>
      (items ?? []).map((message) => ({ message, roomId })),
    );
    return [...seen, ...paged].filter(({ message, roomId }) => !isStored(evidence, roomId, message)).map(describe);
  },

  'a member has reached the head at the end'({ history, room, member }) {
    const copies = new Map(history.copies.map((copy) => [`${copy.device.name}:${copy.roomId}`, copy]));
    const devices = new Map(history.copies.map(({ device }) => [device.name, device]));
    return [...devices.values()].flatMap((device) =>
      [...member.values()]
        .filter(({ userId }) => userId === device.userId)
        .filter(({ roomId }) => copies.get(`${device.name}:${roomId}`)?.rev !== room.get(roomId)?.headRev)
        .map(({ roomId }) => `${device.name} has not reached the head of ${roomId}`),
    );
  },

  'a device has everything that it followed'({ history, log }) {
    return history.copies.flatMap(({ device, roomId, from, rev, ids }) =>
      (log.get(roomId) ?? [])
        .filter((row) => row.rev > from && row.rev <= rev && row.kind === 'text' && !ids.has(row.id))
        .map((row) => `${device.name} lacks ${row.id}`),
    );
  },
} satisfies Rules;

function breaks(told: readonly Told[]): string[] {
  const faults: string[] = [];
  let last: number | null = null;
  for (const { kind, rev, device, roomId } of told) {
    if (kind === 'frame' && last === null) faults.push(`${device.name} got ${rev} of ${roomId}, which is not his`);
    if (kind === 'frame' && last !== null && rev !== last + 1)
      faults.push(`${device.name} got ${rev} of ${roomId} after ${last}`);
    last = kind === 'gone' ? null : rev;
  }
  return faults;
}

function isStored({ rows }: Evidence, roomId: string, seen: SeenMessage): boolean {
  return (rows.get(seen.id) ?? []).some(
    (row) =>
      row.roomId === roomId &&
      row.rev === seen.rev &&
      row.seq === seen.seq &&
      row.senderId === seen.senderId &&
      row.text === seen.text,
  );
}

const describe = ({ message, roomId }: { message: SeenMessage; roomId: string }): string =>
  `${message.id} was seen in ${roomId} as ${message.seq}/${message.rev}, and is not stored so`;
