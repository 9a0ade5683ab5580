import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AttachmentView } from '../../src/protocol/attachment-views.js';
import { load, loadAs, uploaded } from '../support/attachments.js';
import { filesIn, pictureOf } from '../support/pictures.js';
import { type Actor, World, newUlid } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await World.create({ LIMIT_ATTACHMENTS_PER_MESSAGE: '3' });
});
afterAll(() => world.stop());

const refusalOf = ({ status, body }: { status: number; body: any }) => [status, body?.code, body?.errors?.[0]?.path];
const post = (actor: Actor, roomId: string, body: object) => actor.call('POST', `/rooms/${roomId}/messages`, body);
const idsOf = (views: readonly AttachmentView[]) => views.map(({ id }) => id);
const unsigned = (view: AttachmentView) => ({
  ...view,
  url: view.url.split('?')[0],
  thumbnailUrl: view.thumbnailUrl && view.thumbnailUrl.split('?')[0],
});
const stored = () => filesIn(world, 'files').length;

describe('a message with files', () => {
  it('shows them in their order, with links for each reader, and without in frames', async () => {
    const [ann, bob, eve] = await world.users(3);
    const room = await world.room([ann, bob]);
    const socket = await bob.connect();
    const files = [
      await uploaded(ann, await pictureOf('png'), { name: 'a.png' }),
      await uploaded(ann, 'notes', { name: 'b.txt' }),
    ];
    const { status, body } = await post(ann, room.id, { attachmentIds: idsOf(files).reverse() });
    expect([status, body.text]).toEqual([201, '']);
    const shown = [files[1], files[0]].map(unsigned);
    expect(body.attachments.map(unsigned)).toEqual(shown);
    expect((await socket.next('message.created')).data.attachments).toEqual(shown);
    const read = (await bob.call('GET', `/rooms/${room.id}/messages`)).body.items.at(-1);
    expect(read.attachments.map(unsigned)).toEqual(shown);
    expect((await load(world, read.attachments[0].url)).bytes.toString()).toBe('notes');
    expect((await load(world, read.attachments[1].thumbnailUrl)).status).toBe(200);
    expect((await loadAs(world, bob, files[0].id)).status).toBe(200);
    expect((await loadAs(world, eve, files[0].id)).status).toBe(404);
    const caughtUp = (await socket.call('room.changes', { roomId: room.id, since: body.rev - 1 })).data;
    expect((await load(world, caughtUp.items[0].data.attachments[0].url)).status).toBe(200);
    await ann.call('DELETE', `/rooms/${room.id}/members/${bob.id}`);
    expect((await load(world, read.attachments[0].url)).status).toBe(404);
  });

  it('is stored once however often it is sent, and its files are nobody else’s', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const [file, other] = [await uploaded(ann, newUlid()), await uploaded(bob, newUlid())];
    const message = { id: newUlid(), text: 'look', attachmentIds: [file.id] };
    const first = await post(ann, room.id, message);
    const again = await post(ann, room.id, message);
    expect([again.status, again.body.attachments.map(unsigned)]).toEqual([200, first.body.attachments.map(unsigned)]);
    const socket = await ann.connect();
    expect((await socket.call('message.send', { roomId: room.id, ...message })).data.duplicate).toBe(true);
    const fault = [422, 'VALIDATION_FAILED', 'attachmentIds'];
    expect(refusalOf(await post(ann, room.id, { text: 'x', attachmentIds: [file.id] }))).toEqual(fault);
    expect(refusalOf(await post(ann, room.id, { text: 'x', attachmentIds: [other.id] }))).toEqual(fault);
    expect(refusalOf(await post(ann, room.id, { text: 'x', attachmentIds: [newUlid()] }))).toEqual(fault);
    expect((await ann.call('GET', `/rooms/${room.id}`)).body.headRev).toBe(first.body.rev);
    expect((await post(bob, room.id, { attachmentIds: [other.id] })).status).toBe(201);
  });

  it('makes nobody wait in slow mode that was refused for its files', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    await ann.call('PATCH', `/rooms/${room.id}`, { settings: { slowModeSeconds: 60 } });
    expect((await post(bob, room.id, { attachmentIds: [newUlid()] })).status).toBe(422);
    expect((await post(bob, room.id, { text: 'then without' })).status).toBe(201);
    expect((await post(bob, room.id, { text: 'and again' })).body.code).toBe('SLOW_MODE');
  });

  it('loses its text by an edit where it has files, and only there', async () => {
    const [ann] = await world.users(1);
    const room = await world.room([ann]);
    const socket = await ann.connect();
    const send = async (attachmentIds: string[]): Promise<string> =>
      (await post(ann, room.id, { text: 'look', attachmentIds })).body.id;
    const [first, second, bare] = [
      await send([(await uploaded(ann, newUlid())).id]),
      await send([(await uploaded(ann, newUlid())).id]),
      await send([]),
    ];
    const { status, body } = await ann.call('PATCH', `/messages/${first}`, { text: '' });
    expect([status, body.text, body.attachments.length]).toEqual([200, '', 1]);
    const edit = (id: string) => socket.call('message.edit', { roomId: room.id, id, text: '' });
    expect(await edit(second)).toMatchObject({ event: 'ack' });
    expect((await ann.call('GET', `/messages/${second}`)).body.text).toBe('');
    expect(refusalOf(await ann.call('PATCH', `/messages/${bare}`, { text: '' }))).toEqual([
      422,
      'VALIDATION_FAILED',
      'text',
    ]);
    expect((await edit(bare)).data).toMatchObject({ status: 422, errors: [{ path: 'text' }] });
    expect((await ann.call('GET', `/messages/${bare}`)).body.text).toBe('look');
  });

  it('has as many as may be and not one more, and needs no text only with them', async () => {
    const [ann] = await world.users(1);
    const room = await world.room([ann]);
    const files = await Promise.all(Array.from({ length: 4 }, () => uploaded(ann, newUlid())));
    expect((await post(ann, room.id, { attachmentIds: idsOf(files) })).status).toBe(422);
    expect((await post(ann, room.id, { text: ' ', attachmentIds: [] })).status).toBe(422);
    const { status, body } = await post(ann, room.id, { attachmentIds: idsOf(files.slice(1)) });
    expect(status).toBe(201);
    const edited = await ann.call('PATCH', `/messages/${body.id}`, { text: 'a caption' });
    expect([edited.status, edited.body.attachments.length]).toEqual([200, 3]);
    expect((await ann.call('PATCH', `/messages/${body.id}`, { text: ' ' })).status).toBe(200);
  });

  it('is not stored for who may not write, and the files stay his', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const file = await uploaded(bob, newUlid());
    await ann.call('PATCH', `/rooms/${room.id}`, { settings: { readOnly: true } });
    expect(refusalOf(await post(bob, room.id, { attachmentIds: [file.id] }))[1]).toBe('ROOM_READ_ONLY');
    expect((await bob.call('DELETE', `/attachments/${file.id}`)).status).toBe(204);
  });

  it('takes its files with it when it is deleted, but not copies of them', async () => {
    const [ann, bob, carl] = await world.users(3);
    const [room, other] = [await world.room([ann, bob]), await world.room([bob, carl])];
    const before = stored();
    const file = await uploaded(ann, newUlid());
    const sent = (await post(ann, room.id, { text: 'look', attachmentIds: [file.id] })).body;
    const copy = (await post(bob, other.id, { forwardOf: sent.id })).body;
    expect(copy).toMatchObject({ text: 'look', attachments: [{ name: file.name, sha256: file.sha256 }] });
    expect(copy.attachments[0].id).not.toBe(file.id);
    expect(stored()).toBe(before + 1);
    await ann.call('DELETE', `/messages/${sent.id}`);
    expect((await loadAs(world, ann, file.id)).status).toBe(404);
    expect((await loadAs(world, carl, copy.attachments[0].id)).status).toBe(200);
    expect((await ann.call('GET', `/messages/${sent.id}`)).body.attachments).toEqual([]);
    await bob.call('DELETE', `/messages/${copy.id}`);
    expect((await loadAs(world, carl, copy.attachments[0].id)).status).toBe(404);
    await expect.poll(stored).toBe(before);
  });
});
