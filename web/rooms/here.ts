import { useEffect, useRef } from 'preact/hooks';
import type { OnlineView, RoomView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { useLoaded, usePages } from '../ui/load.js';
import { useWatched } from '../people/watch.js';

/** Milliseconds in which several changes are asked for together. */
const SOON_MS = 600;
const MOST = 100;

/** Who of a room is here and since when, and its members; both follow what happens while they are shown. */
export function useHere(room: Pick<RoomView, 'id'>) {
  const here = useLoaded<OnlineView>(() => client.rest.online(room.id, { limit: MOST }), room.id);
  const members = usePages((cursor) => client.rest.members(room.id, { cursor, limit: MOST }), room.id);
  const soon = useRef<ReturnType<typeof setTimeout>>(undefined);
  const ids = new Set([...(here.value?.items ?? []), ...members.items].map(({ user }) => user.id));
  useWatched([...ids]);
  const askSoon = () => {
    clearTimeout(soon.current);
    soon.current = setTimeout(here.reload, SOON_MS);
  };
  useEffect(() => {
    const stops = [
      client.on('presence', (items) => items.some(({ userId }) => ids.has(userId)) && askSoon()),
      client.on('profile', askSoon),
      client.on('connection', ({ state }) => state === 'online' && askSoon()),
      client.on('member', (told) => {
        if (told.room.id !== room.id) return;
        members.reload();
        askSoon();
      }),
    ];
    return () => stops.forEach((stop) => stop());
  });
  useEffect(() => () => clearTimeout(soon.current), []);
  return { here: here.value, members };
}
