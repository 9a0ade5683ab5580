import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCursor } from '../../src/common/page-cursor.js';
import { type Actor, World } from '../support/world.js';

/** Values of the right type that no id, name or rev has; ids are ASCII on MySQL. */
const TEXTS = ['', 'é', '你好', '😀', '\u0000', '\ud800', "'", '\\', '%', 'z'.repeat(300)];
const NUMBERS = [-1, 0, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];

describe('a cursor that somebody made up', () => {
  let world: World;
  let ann: Actor;
  let roomId: string;
  beforeAll(async () => {
    world = await World.create();
    [ann] = await world.users(1);
    ({ id: roomId } = await world.room([ann], { visibility: 'public' }));
  });
  afterAll(() => world.stop());

  const expectNoFault = async (path: string, place: readonly (string | number)[]) => {
    const separator = path.includes('?') ? '&' : '?';
    const { status, body } = await ann.call('GET', `${path}${separator}cursor=${encodeCursor(place)}`);
    expect([200, 422], `${path} ${JSON.stringify(place)} ${JSON.stringify(body)}`).toContain(status);
  };

  it.each(['/rooms', '/rooms/ROOM/members', '/rooms/ROOM/bans', '/sync', '/auth/sessions'])(
    'does no harm to %s',
    async (path) => {
      for (const text of TEXTS) await expectNoFault(path.replace('ROOM', roomId), [text]);
    },
  );

  it.each(['/rooms/public', '/users?query=a'])('does no harm to %s', async (path) => {
    for (const text of TEXTS) {
      await expectNoFault(path, [text, text]);
      await expectNoFault(path, ['a room', text]);
      await expectNoFault(path, [`a${text}`, text]);
    }
  });

  it('does no harm to a search', async () => {
    await ann.say(roomId, 'a word');
    for (const path of ['/search/messages?q=word', `/search/messages?q=word&roomId=${roomId}`]) {
      for (const number of NUMBERS) {
        await expectNoFault(path, [number, roomId, 1]);
        await expectNoFault(path, [Date.now(), roomId, number]);
        await expectNoFault(path, [number, '7ZZZZZZZZZZZZZZZZZZZZZZZZZ', number]);
      }
      for (const text of TEXTS) await expectNoFault(path, [1, text, 1]);
    }
  });

  it('does no harm to the history', async () => {
    const path = `/rooms/${roomId}/messages`;
    for (const number of NUMBERS) {
      for (const side of ['before', 'after', 'é']) await expectNoFault(path, [side, number]);
    }
  });
});
