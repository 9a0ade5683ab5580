import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Principal } from '../../src/access/principal.js';
import { AttachmentsService } from '../../src/attachments/attachments.service.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import type { MessageView } from '../../src/protocol/views.js';
import { UsersService } from '../../src/users/users.service.js';
import { uploaded } from '../support/attachments.js';
import { formOf, pictureOf } from '../support/pictures.js';
import type { Json } from '../support/schemas.js';
import { type Actor, type Answer, World, newUlid } from '../support/world.js';
import { ABOUT_ONESELF, ROWS, type Scene } from './route-matrix.js';

/** What was said in Ann's private room, which is called so, and in her direct room with the caller. */
const SECRET = 'the code is 4711';
const DIRECT_SECRET = 'between the two of us';
const GRACE_MS = 100;

let world: World;
let routes: { readonly name: string; readonly isPublic: boolean }[];
let picture: Buffer;

beforeAll(async () => {
  world = await World.create({ LIMIT_PRESENCE_GRACE_MS: String(GRACE_MS), LIMIT_PRESENCE_EVERY_MS: '50' });
  picture = await pictureOf('png');
  const { body } = await world.call('GET', `${world.app.url}/api/openapi.json`);
  routes = Object.entries(body.paths as Record<string, Record<string, Json>>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { security }]) => ({
      name: `${method} ${path.replace('/api/v1', '')}`,
      isPublic: security !== undefined,
    })),
  );
});

afterAll(() => world?.stop());

const suspend = (actor: Actor) => world.app.get(UsersService).suspend(Principal.system('a test'), actor.id, 'a test');

/** How the caller, who was a member, comes to stand to Ann and her room, and the column that says what he may see. */
const STATES = {
  member: { come: () => Promise.resolve(), column: 'member' },
  invisible: { come: ({ caller }) => caller.call('PUT', '/presence/me', { state: 'invisible' }), column: 'member' },
  blocked: { come: ({ ann, caller }) => ann.call('PUT', `/blocks/${caller.id}`), column: 'blocked' },
  blocker: { come: ({ ann, caller }) => caller.call('PUT', `/blocks/${ann.id}`), column: 'blocker' },
  left: { come: ({ caller, roomId }) => caller.call('POST', `/rooms/${roomId}/leave`), column: 'gone' },
  removed: {
    come: ({ ann, caller, roomId }) => ann.call('DELETE', `/rooms/${roomId}/members/${caller.id}`),
    column: 'gone',
  },
  banned: {
    come: ({ ann, caller, roomId }) => ann.call('PUT', `/rooms/${roomId}/bans/${caller.id}`, {}),
    column: 'banned',
  },
} as const satisfies Record<string, { come: (scene: Scene) => Promise<unknown>; column: string }>;

/** Uploads a text, and gives it to a message. */
async function attach(actor: Actor, { id: messageId, roomId, rev }: MessageView, text: string): Promise<string> {
  const { id } = await uploaded(actor, text);
  const place = { roomId, messageId, rev, senderId: actor.id };
  await world.app.get(UnitOfWork).run((tx) => world.app.get(AttachmentsService).claim(tx, [id], place));
  return id;
}

async function setScene(come: (scene: Scene) => Promise<unknown>): Promise<Scene> {
  const name = `ann.${newUlid().toLowerCase()}`;
  const [ann, other, caller] = [await world.user(name), await world.user('Other'), await world.user('Caller')];
  const { id: roomId } = await world.room([ann, other, caller], { name: SECRET });
  const message = await ann.say(roomId, SECRET);
  const { id: directId } = (await ann.call('POST', '/rooms/direct', { userId: caller.id })).body;
  const directMessage = await ann.say(directId, DIRECT_SECRET);
  const attachmentId = await attach(ann, message, SECRET);
  const directAttachmentId = await attach(ann, directMessage, DIRECT_SECRET);
  const { id: requestId } = (await ann.call('POST', '/friends/requests', { userId: caller.id, message: DIRECT_SECRET }))
    .body;
  const { code } = (await ann.call('POST', `/rooms/${roomId}/invites`, {})).body;
  await ann.connect();
  const ids = { roomId, directId, messageId: message.id, directMessageId: directMessage.id, requestId, code };
  const files = { picture: formOf(picture), attachmentId, directAttachmentId };
  const done = { ann, name, other, caller, ...ids, ...files };
  await come(done);
  return done;
}

function ask(scene: Scene, name: string): Promise<Answer> {
  const [method, path] = name.split(' ');
  const { id = '', userId = '', code = '', query = '', body } = ROWS[name].ask(scene);
  const address =
    path
      .replace('{id}', id)
      .replace('{userId}', userId)
      .replace('{code}', code)
      .replace('{emoji}', encodeURIComponent('👍')) + query;
  return scene.caller.call(method.toUpperCase(), address, body);
}

function inShort({ status, body }: Answer, { ann }: Scene): string {
  if (status === 404) return '404';
  const text = JSON.stringify(body);
  const shown = [
    text.includes(SECRET) ? 'S' : '',
    text.includes(DIRECT_SECRET) ? 'D' : '',
    text.includes(ann.id) ? 'A' : '',
    text.includes('"state":"online"') ? 'O' : '',
  ].join('');
  return [String(status), body?.code ?? '', shown].filter(Boolean).join(' ');
}

const isRead = (name: string): boolean => name.startsWith('get ');

describe('what one may do and see', () => {
  it('is said of every route', () => {
    const said = [...new Set(Object.keys(ROWS).map((name) => name.split(' #')[0])), ...ABOUT_ONESELF];
    const closed = routes.filter(({ isPublic }) => !isPublic).map(({ name }) => name);
    expect(said.sort()).toEqual(closed.sort());
  });

  it.each(Object.entries(STATES))('%s', async (_, { come, column }) => {
    const found: Record<string, string> = {};
    const shared = await setScene(come);
    for (const name of Object.keys(ROWS)) {
      // What changes something has a scene of its own.
      const scene = isRead(name) ? shared : await setScene(come);
      found[name] = inShort(await ask(scene, name), scene);
    }
    expect(found).toEqual(Object.fromEntries(Object.entries(ROWS).map(([name, row]) => [name, row[column]])));
  });

  it.each([
    ['suspended', ({ caller }: Scene) => suspend(caller)],
    ['deleted', ({ caller }: Scene) => caller.call('DELETE', '/users/me', {})],
  ])('%s: nothing at all', async (_, come) => {
    const scene = await setScene(come);
    for (const name of Object.keys(ROWS)) {
      expect([name, inShort(await ask(scene, name), scene)]).toEqual([name, '401 UNAUTHORIZED']);
    }
    for (const name of ABOUT_ONESELF) {
      const [method, path] = name.split(' ');
      const { status } = await scene.caller.call(method.toUpperCase(), path.replace('{id}', scene.roomId));
      expect([name, status]).toEqual([name, 401]);
    }
  });

  it('of somebody invisible is what one sees of who has gone, in every answer', async () => {
    const scene = await setScene(() => Promise.resolve());
    const { ann, caller } = scene;
    const watcher = await caller.connect({ watch: [ann.id] });
    await ann.call('PUT', '/presence/me', { state: 'invisible' });
    await watcher.until(
      () => watcher.of('presence').some(({ data }) => data.items.some(({ state }: Json) => state === 'offline')),
      'that she is gone',
    );
    const reads = Object.keys(ROWS).filter(isRead);
    const look = async () => {
      const answers: Record<string, unknown> = {};
      for (const name of reads) answers[name] = { ...(await ask(scene, name)).body, traceId: null };
      return answers;
    };
    const [frames, invisible] = [watcher.frames.length, await look()];
    for (const socket of ann.sockets) await socket.close();
    await new Promise((resolve) => setTimeout(resolve, 10 * GRACE_MS));
    expect(await look()).toEqual(invisible);
    expect(Object.keys(invisible)).toContain('get /rooms/{id}/online');
    expect(watcher.frames.slice(frames).filter(({ event }) => event === 'presence')).toEqual([]);
  });
});
