import { useEffect } from 'preact/hooks';
import { client } from '../app/client.js';
import { useLoaded } from '../ui/load.js';
import type { OpenRoom } from './open-room.js';

/** Milliseconds in which several changes are asked for together. */
const SOON_MS = 1000;

/** How many of a room's members are here; null until it is known. */
export function useOnlineCount({ roomId }: OpenRoom): number | null {
  const { value, reload } = useLoaded(() => client.rest.online(roomId, { limit: 1 }), roomId);
  useEffect(() => {
    let soon: ReturnType<typeof setTimeout> | undefined;
    const ask = () => {
      soon ??= setTimeout(() => {
        soon = undefined;
        reload();
      }, SOON_MS);
    };
    const stops = [
      client.on('presence', ask),
      client.on('connection', ({ state }) => state === 'online' && ask()),
      client.on('member', ({ room }) => room.id === roomId && ask()),
    ];
    return () => {
      clearTimeout(soon);
      stops.forEach((stop) => stop());
    };
  }, [roomId]);
  return value?.count ?? null;
}
