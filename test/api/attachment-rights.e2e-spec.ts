import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Principal } from '../../src/access/principal.js';
import { type AttachmentPlace, AttachmentsService } from '../../src/attachments/attachments.service.js';
import { toAttachmentView } from '../../src/attachments/attachment.view.js';
import { Clock } from '../../src/common/clock.js';
import type { Tx } from '../../src/database/tx.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import type { AttachmentView } from '../../src/protocol/attachment-views.js';
import type { MessageView } from '../../src/protocol/views.js';
import { UsersService } from '../../src/users/users.service.js';
import { load, loadAs, uploaded } from '../support/attachments.js';
import { filesIn, pictureOf } from '../support/pictures.js';
import { type Actor, World, newUlid } from '../support/world.js';

let world: World;
let ann: Actor;
let bob: Actor;
let cid: Actor;
let roomId: string;

beforeAll(async () => {
  world = await World.create({ LIMIT_ATTACHMENTS_PER_MESSAGE: '3', LIMIT_ATTACHMENT_QUOTA_BYTES: '1000000' });
  [ann, bob, cid] = await world.users(3);
  ({ id: roomId } = await world.room([ann, bob]));
});

afterAll(() => world?.stop());

const service = () => world.app.get(AttachmentsService);
const inUnit = <T>(work: (tx: Tx) => Promise<T>) => world.app.get(UnitOfWork).run(work);
const stored = () => filesIn(world, 'files').sort();
const idsOf = (views: readonly AttachmentView[]) => views.map(({ id }) => id);
const placeOf = ({ id, rev, senderId, roomId: room }: MessageView): AttachmentPlace => ({
  roomId: room,
  messageId: id,
  rev,
  senderId: senderId ?? '',
});
/** A fresh file of somebody's, of bytes that nothing else has. */
const fresh = (actor: Actor) => uploaded(actor, newUlid());

/** Sends a message of somebody's, and gives it the attachments. */
async function send(actor: Actor, views: readonly AttachmentView[], room = roomId) {
  const message = await actor.say(room);
  const facts = await inUnit((tx) => service().claim(tx, idsOf(views), placeOf(message)));
  return { message, facts };
}

const statusFor = async (actor: Actor, id: string) => (await loadAs(world, actor, id)).status;

/** A link to an attachment as an answer shows it to somebody. */
function linkFor(actor: Actor, view: AttachmentView): string {
  const { sid } = JSON.parse(Buffer.from(actor.token.split('.')[1], 'base64url').toString()) as { sid: string };
  const facts = { ...view, hasThumbnail: view.thumbnailUrl !== null };
  return service().signedViews(Principal.user(actor.id, sid, 'guest'), [facts])[0].url;
}

describe('an attachment that is sent', () => {
  it('may be loaded by the members of the room, and by nobody else', async () => {
    const view = await uploaded(ann, await pictureOf('png'), { name: 'a.png' });
    expect([await statusFor(ann, view.id), await statusFor(bob, view.id)]).toEqual([200, 404]);
    const { facts } = await send(ann, [view]);
    const { url: _, thumbnailUrl: _2, ...told } = view;
    expect(facts).toEqual([{ ...told, hasThumbnail: true }]);
    expect([await statusFor(ann, view.id), await statusFor(bob, view.id)]).toEqual([200, 200]);
    expect((await bob.call('GET', `/attachments/${view.id}/thumbnail`)).status).toBe(200);
    expect(await statusFor(cid, view.id)).toBe(404);
    expect((await cid.call('GET', `/attachments/${view.id}/thumbnail`)).status).toBe(404);
  });

  it('is not deleted by itself any more', async () => {
    const view = await fresh(ann);
    await send(ann, [view]);
    const { status, body } = await ann.call('DELETE', `/attachments/${view.id}`);
    expect([status, body.code]).toEqual([409, 'CONFLICT']);
    expect((await bob.call('DELETE', `/attachments/${view.id}`)).status).toBe(404);
    expect(await statusFor(bob, view.id)).toBe(200);
  });

  it('is lost to who leaves or is removed, its sender too, and to his links', async () => {
    const room = await world.room([ann, bob, cid]);
    const view = await fresh(cid);
    await send(cid, [view], room.id);
    const links = [bob, cid].map((actor) => linkFor(actor, view));
    for (const link of links) expect((await load(world, link)).status).toBe(200);
    expect((await ann.call('DELETE', `/rooms/${room.id}/members/${bob.id}`)).status).toBe(204);
    expect((await cid.call('POST', `/rooms/${room.id}/leave`)).status).toBe(204);
    for (const actor of [bob, cid]) expect(await statusFor(actor, view.id)).toBe(404);
    for (const link of links) expect((await load(world, link)).status).toBe(404);
    expect(await statusFor(ann, view.id)).toBe(200);
  });

  it('is not shown to who may not see what was before his joining', async () => {
    const room = await world.room([ann]);
    await ann.call('PATCH', `/rooms/${room.id}`, { settings: { history: 'joining' } });
    const [before, after] = [await fresh(ann), await fresh(ann)];
    await send(ann, [before], room.id);
    await ann.call('PUT', `/rooms/${room.id}/members/${bob.id}`, {});
    await send(ann, [after], room.id);
    expect([await statusFor(bob, before.id), await statusFor(bob, after.id)]).toEqual([404, 200]);
    expect((await load(world, linkFor(bob, before))).status).toBe(404);
  });

  it('is gone with its message, for everybody and from the store', async () => {
    const before = stored();
    const views = [await fresh(ann), await uploaded(ann, await pictureOf('png', { width: 33 }))];
    const { message } = await send(ann, views);
    expect(stored().length).toBe(before.length + 3);
    await inUnit((tx) => service().release(tx, message.id));
    for (const { id } of views) expect([await statusFor(ann, id), await statusFor(bob, id)]).toEqual([404, 404]);
    expect(stored()).toEqual(before);
  });

  it('is not shown any more where its message is deleted', async () => {
    const view = await fresh(ann);
    const { message } = await send(ann, [view]);
    await world.app.rows('UPDATE messages SET deletedAt = 1 WHERE id = ?', [message.id]);
    expect([await statusFor(ann, view.id), await statusFor(bob, view.id)]).toEqual([404, 404]);
  });

  it('stays with its message when its sender deletes his account', async () => {
    const dan = await world.user();
    const room = await world.room([ann, dan]);
    const [sent, unsent] = [await fresh(dan), await fresh(dan)];
    await send(dan, [sent], room.id);
    const before = stored().length;
    expect((await dan.call('DELETE', '/users/me', {})).status).toBe(204);
    expect(await statusFor(ann, sent.id)).toBe(200);
    expect(stored().length).toBe(before - 1);
    expect(await world.app.rows('SELECT id FROM attachments WHERE id = ?', [unsent.id])).toEqual([]);
  });
});

describe('AttachmentsService.claim', () => {
  const refusal = async (work: Promise<unknown>) => {
    const error = (await work.catch((thrown: unknown) => thrown)) as {
      code: string;
      errors: { path: string; code: string }[];
    };
    return [error.code, error.errors[0].path, error.errors[0].code];
  };
  const claim = (actor: Actor, ids: readonly string[]) =>
    inUnit((tx) => service().claim(tx, ids, { roomId, messageId: newUlid(), rev: 1, senderId: actor.id }));

  it('gives the facts in the order of the ids', async () => {
    const views = [await fresh(ann), await fresh(ann), await fresh(ann)].reverse();
    const { facts } = await send(ann, views);
    expect(facts.map(({ id }) => id)).toEqual(idsOf(views));
    expect((await send(ann, [])).facts).toEqual([]);
  });

  it('may be as many in a message as the limit says, and no more', async () => {
    const views = [await fresh(ann), await fresh(ann), await fresh(ann), await fresh(ann)];
    expect(await refusal(claim(ann, idsOf(views)))).toEqual(['VALIDATION_FAILED', 'attachmentIds', 'tooMany']);
    await send(ann, views.slice(0, 3));
    expect(await statusFor(bob, views[2].id)).toBe(200);
  });

  it('refuses what is not there, is another one’s, is sent, or stands twice, and takes none of them', async () => {
    const [own, sent, foreign] = [await fresh(ann), await fresh(ann), await fresh(bob)];
    await send(ann, [sent]);
    for (const [ids, code] of [
      [[own.id, newUlid()], 'mustBeUnsent'],
      [[own.id, foreign.id], 'mustBeUnsent'],
      [[own.id, sent.id], 'mustBeUnsent'],
      [[own.id, own.id], 'repeated'],
    ] as const) {
      expect(await refusal(claim(ann, ids))).toEqual(['VALIDATION_FAILED', 'attachmentIds', code]);
    }
    expect([await statusFor(bob, own.id), await statusFor(ann, own.id)]).toEqual([404, 200]);
  });

  it('gives an upload to one of two messages that want it at once', async () => {
    const view = await fresh(ann);
    const [one, other] = [await ann.say(roomId), await ann.say(roomId)];
    const results = await Promise.allSettled(
      [one, other].map((message) => inUnit((tx) => service().claim(tx, [view.id], placeOf(message)))),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('undone with its transaction leaves the upload as it was', async () => {
    const view = await fresh(ann);
    const message = await ann.say(roomId);
    const failing = inUnit(async (tx) => {
      await service().claim(tx, [view.id], placeOf(message));
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect([await statusFor(ann, view.id), await statusFor(bob, view.id)]).toEqual([200, 404]);
  });
});

describe('AttachmentsService.copy', () => {
  const copy = (message: MessageView, ids: readonly string[]) =>
    inUnit((tx) => service().copy(tx, ids, placeOf(message)));

  it('gives another room the same bytes, which stay when the first message goes', async () => {
    const room = await world.room([bob, cid]);
    const view = await fresh(ann);
    const { message } = await send(ann, [view]);
    const before = stored();
    const [facts] = await copy(await bob.say(room.id), [view.id]);
    expect(facts).toMatchObject({ name: view.name, bytes: view.bytes, sha256: view.sha256 });
    expect(facts.id).not.toBe(view.id);
    expect([await statusFor(cid, facts.id), await statusFor(ann, facts.id)]).toEqual([200, 404]);
    await inUnit((tx) => service().release(tx, message.id));
    expect([await statusFor(cid, facts.id), await statusFor(bob, view.id)]).toEqual([200, 404]);
    expect(stored()).toEqual(before);
  });

  it('is refused to who may not see them', async () => {
    const room = await world.room([cid]);
    const [view, unsent] = [await fresh(ann), await fresh(ann)];
    await send(ann, [view]);
    for (const id of [view.id, unsent.id, newUlid()]) {
      await expect(copy(await cid.say(room.id), [id])).rejects.toMatchObject({ errors: [{ path: 'attachmentIds' }] });
    }
  });

  it('counts for who sends them on', async () => {
    const dan = await world.user();
    const room = await world.room([dan]);
    const view = await uploaded(dan, Buffer.alloc(400_000, 'q'));
    const { message } = await send(dan, [view], room.id);
    expect(await copy(await dan.say(room.id), [view.id])).toHaveLength(1);
    await expect(copy(message, [view.id])).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
  });
});

describe('a signed link', () => {
  it('needs no token, and is for one thing', async () => {
    const [view, other] = [await fresh(ann), await fresh(ann)];
    expect((await load(world, view.url)).status).toBe(200);
    const signature = view.url.split('?')[1];
    expect((await load(world, `/attachments/${other.id}?${signature}`)).status).toBe(401);
    const frame = toAttachmentView({ ...view, hasThumbnail: true });
    expect([frame.url, frame.thumbnailUrl]).toEqual([
      `/api/v1/attachments/${view.id}`,
      `/api/v1/attachments/${view.id}/thumbnail`,
    ]);
    expect((await load(world, frame.url)).status).toBe(401);
  });

  it('is refused where anything of it is changed', async () => {
    const { url } = await fresh(ann);
    const [path, session, end, mac] = /^(.*=)([^.]+)\.(\d+)\.(.+)$/.exec(url)?.slice(1) ?? [];
    for (const changed of [
      `${path}${session}.${Number(end) + 1}.${mac}`,
      `${path}${newUlid()}.${end}.${mac}`,
      `${path}${session}.${end}.${mac.slice(1)}`,
      `${path}${session}.${end}.${mac}A`,
      `${path}${session}.${end}`,
      path,
      `${path}x`,
      `${url}&signature=${session}.${end}.${mac}`,
    ]) {
      expect([changed, (await load(world, changed)).status]).toEqual([changed, 401]);
    }
  });

  it('is good for 15 minutes', async () => {
    const { url } = await fresh(ann);
    const now = vi.spyOn(world.app.get(Clock), 'now');
    now.mockReturnValue(Date.now() + 14.9 * 60_000);
    expect((await load(world, url)).status).toBe(200);
    now.mockReturnValue(Date.now() + 15.1 * 60_000);
    const { status, bytes } = await load(world, url);
    expect([status, JSON.parse(bytes.toString()).code]).toEqual([401, 'UNAUTHORIZED']);
    now.mockRestore();
  });

  it('dies with its login', async () => {
    const dan = await world.user();
    const { url } = await fresh(dan);
    expect((await load(world, url)).status).toBe(200);
    await dan.call('POST', '/auth/logout');
    expect((await load(world, url)).status).toBe(401);
    const eve = await world.user();
    const { url: hers } = await fresh(eve);
    await world.app.get(UsersService).suspend(Principal.system('a test'), eve.id, 'a test');
    expect((await load(world, hers)).status).toBe(401);
  });

  it('does nothing on routes that take none, and not in the place of a bad token', async () => {
    const { id, url } = await fresh(ann);
    const signature = url.split('?')[1];
    expect((await load(world, `/users/me?${signature}`)).status).toBe(401);
    expect((await load(world, `/attachments/${id}?${signature}`, { method: 'DELETE' })).status).toBe(401);
    const headers = { authorization: 'Bearer nonsense' };
    expect((await load(world, url, { headers })).status).toBe(401);
  });

  it('is counted by a rate of its own', async () => {
    const other = await World.create({ LIMITS: 'on', LIMIT_PICTURES_BURST: '2', LIMIT_PICTURES_PER_SECOND: '1' });
    const actor = await other.user();
    const { url } = await fresh(actor);
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await load(other, url)).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await actor.call('GET', '/users/me')).status).toBe(200);
    await other.stop();
  });
});
