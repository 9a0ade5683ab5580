// Fills a Parley with the users and rooms of a workload, over its API.

const AT_ONCE = 32;

/** `count` guests: their ids and tokens. */
export const makeUsers = (url, count) =>
  inParallel(
    Array.from({ length: count }, (_, i) => i),
    async (i) => {
      const { user, accessToken, refreshToken } = await post(url, '/auth/guest', { displayName: `Bench ${i}` });
      return { userId: user.id, token: accessToken, refreshToken };
    },
  );

/** A direct room for the users 0 and 1, 2 and 3, and so on. */
export async function makePairs(url, users) {
  const pairs = users.flatMap((user, i) => (i % 2 ? [] : [[user, users[i + 1]]]));
  return inParallel(pairs, async (members) => {
    const room = await post(url, '/rooms/direct', { userId: members[1].userId }, members[0].token);
    return { roomId: room.id, members };
  });
}

/** `count` rooms that share the users out evenly. */
export async function makeGroups(url, users, count) {
  const size = users.length / count;
  const groups = Array.from({ length: count }, (_, i) => users.slice(i * size, (i + 1) * size));
  return inParallel(groups, async (members) => {
    const memberIds = members.slice(1).map((member) => member.userId);
    const room = await post(url, '/rooms', { name: 'Bench', visibility: 'private', memberIds }, members[0].token);
    return { roomId: room.id, members };
  });
}

async function post(url, path, body, token) {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(`${url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function inParallel(items, work) {
  const results = [];
  for (let i = 0; i < items.length; i += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(i, i + AT_ONCE).map(work))));
  }
  return results;
}
