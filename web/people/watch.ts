import { useEffect } from 'preact/hooks';
import { client } from '../app/client.js';

/** Whom parts of the page want to see, and how many of them do. */
const wanted = new Map<string, number>();
/** Far below what a connection may watch, so that every part gets its share. */
const MOST = 150;

/** Keeps these users' presence up to date while the part is shown. Friends are watched by the server's own doing. */
export function useWatched(userIds: readonly string[]): void {
  const ids = userIds.filter((id) => id !== client.user?.id && !client.people.friends.has(id)).slice(0, MOST);
  useEffect(() => {
    const fresh = ids.filter((id) => change(id, 1) === 1);
    if (fresh.length > 0) client.presence.watch(fresh).catch(() => undefined);
    return () => {
      const left = ids.filter((id) => change(id, -1) === 0 && !client.people.friends.has(id));
      if (left.length > 0) client.presence.unwatch(left);
    };
  }, [ids.join()]);
}

function change(userId: string, by: number): number {
  const count = (wanted.get(userId) ?? 0) + by;
  if (count === 0) wanted.delete(userId);
  else wanted.set(userId, count);
  return count;
}
