import { connect } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Principal } from '../../src/access/principal.js';
import type { MeView, UserView } from '../../src/protocol/views.js';
import { UsersService } from '../../src/users/users.service.js';
import { filesIn, formOf, pictureOf, upload } from '../support/pictures.js';
import { type Actor, World, newUlid } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create();
});

afterAll(() => world?.stop());

const load = (path: string, headers: Record<string, string> = {}) =>
  fetch(path.startsWith('/api') ? world.app.url + path : world.app.apiUrl + path, { headers });
const me = async (actor: Actor) => (await actor.call<MeView>('GET', '/users/me')).body;
const stored = () => filesIn(world, 'files');
const onTheirWay = () => filesIn(world, 'uploads');

/** Whether the colour at a place of a picture is about this one. */
async function colourAt(picture: Buffer, x: number, y: number): Promise<'red' | 'blue' | 'other'> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const [red, green, blue] = data.subarray((y * info.width + x) * 3);
  if (green > 60) return 'other';
  return red > 200 && blue < 60 ? 'red' : blue > 200 && red < 60 ? 'blue' : 'other';
}

describe('GET /users/:id/avatar', () => {
  it('is a made-up picture for who has none, without a token and safe to open', async () => {
    const ann = await world.user();
    const { avatarUrl } = await me(ann);
    expect(avatarUrl).toBe(`/api/v1/users/${ann.id}/avatar?v=made-up`);
    const response = await load(avatarUrl ?? '');
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/svg+xml',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'private, max-age=3600',
      etag: expect.stringMatching(/^"[\w-]+"$/),
    });
    expect(await (await load(`/users/${ann.id}/avatar`)).text()).toBe(text);
    const bob = await world.user();
    expect(await (await load(`/users/${bob.id}/avatar`)).text()).not.toBe(text);
  });

  it('is not sent again to who has it', async () => {
    const ann = await world.user();
    const path = `/users/${ann.id}/avatar`;
    const first = await load(path);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    const etag = first.headers.get('etag') ?? '';
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const again = await load(path, { 'if-none-match': known });
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    await upload(world, ann, formOf(await pictureOf('png')));
    expect((await load(path, { 'if-none-match': etag })).status).toBe(200);
  });

  it.each(['', '?size=256', '?size=64', '?v=other'])('takes %j', async (query) => {
    const ann = await world.user();
    expect((await load(`/users/${ann.id}/avatar${query}`)).status).toBe(200);
  });

  it.each(['?size=65', '?size=', '?size=064', '?size=64&size=64', '?other=1', `?v=${'x'.repeat(27)}`])(
    'refuses %j',
    async (query) => {
      const ann = await world.user();
      const response = await load(`/users/${ann.id}/avatar${query}`);
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([422, 'VALIDATION_FAILED']);
    },
  );

  it('knows nobody else, and nobody who is deleted; a suspended one has the made-up picture again', async () => {
    const [ann, bob] = await world.users(2);
    for (const actor of [ann, bob]) await upload(world, actor, formOf(await pictureOf('png')));
    const { avatarUrl } = await me(ann);
    await world.app.get(UsersService).suspend(Principal.system('a test'), ann.id, 'spam');
    await world.app.rows("UPDATE users SET status = 'deleted' WHERE id = ?", [bob.id]);
    for (const id of [newUlid(), bob.id]) expect((await load(`/users/${id}/avatar`)).status).toBe(404);
    expect((await load(avatarUrl ?? '')).headers.get('content-type')).toBe('image/svg+xml');
    const carl = await world.user();
    const { body } = await carl.call<UserView>('GET', `/users/${ann.id}`);
    expect(body.avatarUrl).toBe(`/api/v1/users/${ann.id}/avatar?v=made-up`);
    await world.app.get(UsersService).unsuspend(Principal.system('a test'), ann.id);
    expect((await load(avatarUrl ?? '')).headers.get('content-type')).toBe('image/webp');
  });
});

describe('PUT /users/me/avatar', () => {
  it.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)('takes %s and keeps two sizes of it', async (kind) => {
    const [ann, bob] = await world.users(2);
    const { status, body } = await upload(world, ann, formOf(await pictureOf(kind), { type: 'text/plain' }));
    expect(status).toBe(200);
    expect(body).toEqual(await me(ann));
    expect(body.avatarUrl).toMatch(new RegExp(`^/api/v1/users/${ann.id}/avatar\\?v=[0-9A-Z]{26}$`));
    expect((await bob.call<UserView>('GET', `/users/${ann.id}`)).body.avatarUrl).toBe(body.avatarUrl);
    for (const size of [64, 256]) {
      const response = await load(`${body.avatarUrl}&size=${size}`);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/webp']);
      const picture = Buffer.from(await response.arrayBuffer());
      const { width, height, format, exif, orientation } = await sharp(picture).metadata();
      expect({ width, height, format, exif, orientation }).toEqual({ width: size, height: size, format: 'webp' });
      expect(picture.includes('sEcReT')).toBe(false);
      expect(await colourAt(picture, 8, size / 2)).toBe('red');
      expect(await colourAt(picture, size - 8, size / 2)).toBe('blue');
    }
    expect(onTheirWay()).toEqual([]);
  });

  it('turns a picture upright', async () => {
    const ann = await world.user();
    // To be turned by a quarter to the right: the red half is above then.
    const { body } = await upload(world, ann, formOf(await pictureOf('jpeg', { orientation: 6 })));
    const picture = Buffer.from(await (await load(body.avatarUrl)).arrayBuffer());
    expect(await colourAt(picture, 128, 8)).toBe('red');
    expect(await colourAt(picture, 128, 247)).toBe('blue');
  });

  it('tells all own connections, with the next number, and nobody else', async () => {
    const [ann, bob] = await world.users(2);
    await world.room([ann, bob]);
    const [own, foreign] = [await ann.connect(), await bob.connect()];
    const { userRev } = await me(ann);
    const { body } = await upload(world, ann, formOf(await pictureOf('png')));
    expect(await own.next('profile.updated')).toEqual({ event: 'profile.updated', userRev: userRev + 1, data: body });
    expect((await ann.call('DELETE', '/users/me/avatar')).status).toBe(204);
    expect(await own.next('profile.updated')).toMatchObject({ userRev: userRev + 2 });
    await foreign.call('ping');
    expect(foreign.of('profile.updated')).toEqual([]);
  });

  it('removes the files of the picture before, and with DELETE those of the present one', async () => {
    const ann = await world.user();
    const before = stored();
    const first = await upload(world, ann, formOf(await pictureOf('png')));
    const own = stored().filter((name) => !before.includes(name));
    expect(own).toHaveLength(2);
    await upload(world, ann, formOf(await pictureOf('jpeg')));
    expect(stored()).toHaveLength(before.length + 2);
    expect(stored().filter((name) => own.includes(name))).toEqual([]);
    // An old address shows the present picture, but nobody may keep it for that of the address.
    expect((await load(first.body.avatarUrl)).headers.get('cache-control')).toBe('private, no-cache');
    for (let i = 0; i < 2; i++) expect((await ann.call('DELETE', '/users/me/avatar')).status).toBe(204);
    expect(stored()).toEqual(before);
    expect((await me(ann)).avatarUrl).toContain('made-up');
  });

  it('keeps one of many that come at the same moment, and refuses what is too much', async () => {
    const ann = await world.user();
    const before = stored().length;
    const picture = await pictureOf('png', { width: 1500, height: 1500 });
    const answers = await Promise.all(Array.from({ length: 40 }, () => upload(world, ann, formOf(picture))));
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(statuses).toContain(200);
    expect(stored()).toHaveLength(before + 2);
    expect(onTheirWay()).toEqual([]);
    expect((await load((await me(ann)).avatarUrl ?? '')).status).toBe(200);
  });
});

describe('an upload that is refused', () => {
  let ann: Actor;
  let before: { files: string[]; view: MeView };
  const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  const MAX = 5 * 1024 * 1024;

  beforeAll(async () => {
    ann = await world.user();
    await upload(world, ann, formOf(await pictureOf('png')));
    before = { files: stored(), view: await me(ann) };
  });

  async function expectNothingLeft(): Promise<void> {
    await expect.poll(onTheirWay, { timeout: 10_000 }).toEqual([]);
    expect(stored()).toEqual(before.files);
    expect(await me(ann)).toEqual(before.view);
  }

  const cut = async (kind: 'jpeg' | 'png' | 'webp' | 'gif', part: number) => {
    const whole = await pictureOf(kind, { width: 800, height: 800 });
    return whole.subarray(0, Math.floor(whole.length * part));
  };
  const noise = (bytes: number) => Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(bytes - 4, 7)]);
  const bomb = () =>
    sharp({ create: { width: 9000, height: 9000, channels: 3, background: '#000' }, limitInputPixels: false })
      .toColourspace('b-w')
      .png()
      .toBuffer();
  const wide = (header: Buffer) => {
    // A head that promises 60,000 by 60,000 pixels, and nothing behind it.
    const file = Buffer.from(header);
    file.writeUInt32BE(60_000, 16);
    file.writeUInt32BE(60_000, 20);
    return file;
  };

  it.each<[string, () => Buffer | string | Promise<Buffer | string>, [number, string]]>([
    ['SVG with a script', () => SVG, [415, 'UNSUPPORTED_MEDIA']],
    ['SVG behind an XML head', () => `<?xml version="1.0"?>${SVG}`, [415, 'UNSUPPORTED_MEDIA']],
    ['a page', () => '<!doctype html><script>alert(1)</script>', [415, 'UNSUPPORTED_MEDIA']],
    ['a text', () => 'hello', [415, 'UNSUPPORTED_MEDIA']],
    ['a PDF', () => '%PDF-1.4\n%âãÏÓ\n', [415, 'UNSUPPORTED_MEDIA']],
    [
      'a TIFF',
      () =>
        sharp({ create: { width: 9, height: 9, channels: 3, background: '#000' } })
          .tiff()
          .toBuffer(),
      [415, 'UNSUPPORTED_MEDIA'],
    ],
    ['nothing', () => '', [422, 'VALIDATION_FAILED']],
    ['a JPEG that breaks off', () => cut('jpeg', 0.5), [422, 'VALIDATION_FAILED']],
    ['a PNG that breaks off', () => cut('png', 0.5), [422, 'VALIDATION_FAILED']],
    ['a WebP that breaks off', () => cut('webp', 0.5), [422, 'VALIDATION_FAILED']],
    ['the head of a GIF', () => cut('gif', 0.02), [422, 'VALIDATION_FAILED']],
    ['the first bytes of a JPEG and anything', () => noise(5000), [422, 'VALIDATION_FAILED']],
    ['a bomb', bomb, [422, 'VALIDATION_FAILED']],
    ['a head that promises a bomb', async () => wide(await pictureOf('png')), [422, 'VALIDATION_FAILED']],
    ['one byte too many', () => noise(MAX + 1), [413, 'PAYLOAD_TOO_LARGE']],
    ['far too much', () => noise(MAX * 4), [413, 'PAYLOAD_TOO_LARGE']],
  ])('%s', async (_, make, refusal) => {
    const { status, body } = await upload(world, ann, formOf(await make()));
    expect([status, body.code]).toEqual(refusal);
    expect(JSON.stringify(body)).not.toMatch(/vips|sharp|\/tmp|alert|uploads/i);
    await expectNothingLeft();
  });

  it('is none at the limit: what is exactly as large is looked at', async () => {
    const { status, body } = await upload(world, ann, formOf(noise(MAX)));
    expect([status, body.errors[0].code]).toEqual([422, 'picture']);
    await expectNothingLeft();
  });

  it.each<[string, () => RequestInit['body'], Record<string, string>, [number, string]]>([
    ['JSON', () => '{}', { 'content-type': 'application/json' }, [415, 'UNSUPPORTED_MEDIA']],
    ['bytes without a form', () => noise(100), { 'content-type': 'image/png' }, [415, 'UNSUPPORTED_MEDIA']],
    ['no body at all', () => undefined, {}, [415, 'UNSUPPORTED_MEDIA']],
    [
      'another kind of form',
      () => 'a=1',
      { 'content-type': 'application/x-www-form-urlencoded' },
      [415, 'UNSUPPORTED_MEDIA'],
    ],
    [
      'a packed form',
      () => 'x',
      { 'content-type': 'multipart/form-data; boundary=x', 'content-encoding': 'gzip' },
      [415, 'UNSUPPORTED_MEDIA'],
    ],
    ['a form without a boundary', () => 'x', { 'content-type': 'multipart/form-data' }, [400, 'BAD_REQUEST']],
    ['a form that is none', () => 'x', { 'content-type': 'multipart/form-data; boundary=x' }, [400, 'BAD_REQUEST']],
    [
      'a form that does not end',
      () => '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
      { 'content-type': 'multipart/form-data; boundary=x' },
      [400, 'BAD_REQUEST'],
    ],
    [
      'an empty form',
      () => '--x--\r\n',
      { 'content-type': 'multipart/form-data; boundary=x' },
      [422, 'VALIDATION_FAILED'],
    ],
    [
      'a text in the field',
      () => '--x\r\ncontent-disposition: form-data; name="file"\r\n\r\nabc\r\n--x--\r\n',
      { 'content-type': 'multipart/form-data; boundary=x' },
      [422, 'VALIDATION_FAILED'],
    ],
    ['a reserved name', () => formOf('x', { field: '__proto__' }), {}, [422, 'VALIDATION_FAILED']],
    ['another field', () => formOf('x', { field: 'picture' }), {}, [422, 'VALIDATION_FAILED']],
  ])('%s', async (_, make, headers, refusal) => {
    const { status, body } = await upload(world, ann, make(), headers);
    expect([status, body.code]).toEqual(refusal);
    await expectNothingLeft();
  });

  it('two files, or a file and a text, in either order', async () => {
    const picture = await pictureOf('png');
    const both = formOf(picture);
    both.append('file', new Blob([new Uint8Array(picture)]), 'b.png');
    const behind = formOf(picture);
    behind.append('note', 'x');
    const ahead = new FormData();
    ahead.append('note', 'x');
    ahead.append('file', new Blob([new Uint8Array(picture)]), 'b.png');
    for (const form of [both, behind, ahead]) {
      const { status, body } = await upload(world, ann, form);
      expect([status, body.code]).toEqual([422, 'VALIDATION_FAILED']);
      await expectNothingLeft();
    }
  });

  it('a form whose sender goes away in the middle of it', async () => {
    const { hostname, port } = new URL(world.app.url);
    for (const sent of [100, 100_000, 500_000]) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write(
        `PUT /api/v1/users/me/avatar HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ann.token}\r\n` +
          'Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n' +
          '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n',
      );
      socket.write(Buffer.alloc(sent, 1));
      await expect.poll(onTheirWay, { timeout: 10_000 }).toHaveLength(1);
      socket.destroy();
      await expectNothingLeft();
    }
  });

  it('somebody who is not signed in', async () => {
    const response = await fetch(`${world.app.apiUrl}/users/me/avatar`, { method: 'PUT', body: formOf('x') });
    expect(response.status).toBe(401);
    await expectNothingLeft();
  });

  it('one that cannot be stored, and the files that were made for it go', async () => {
    const bob = await world.user();
    await world.app.rows("UPDATE users SET status = 'suspended' WHERE id = ?", [bob.id]);
    // Known to be signed in for some seconds still.
    const { status } = await upload(world, bob, formOf(await pictureOf('png')));
    expect(status).toBe(401);
    await expectNothingLeft();
  });
});

describe('limits of pictures', () => {
  it('of uploads: as many a minute as the limit says; sizes hold whatever LIMITS says', async () => {
    const other = await World.create({
      LIMITS: 'on',
      LIMIT_UPLOADS_PER_MINUTE: '2',
      LIMIT_PICTURE_BYTES: '20000',
      LIMIT_PICTURE_PIXELS: '10000',
    });
    const [ann, bob] = [await other.user(), await other.user()];
    expect((await upload(other, ann, formOf(await pictureOf('png', { width: 100, height: 100 })))).status).toBe(200);
    const many = await upload(other, ann, formOf(await pictureOf('png', { width: 101, height: 100 })));
    expect([many.status, many.body.errors[0].code]).toEqual([422, 'pixels']);
    const third = await upload(other, ann, formOf(await pictureOf('png', { width: 10, height: 10 })));
    expect([third.status, third.body.code]).toEqual([429, 'RATE_LIMITED']);
    expect((await upload(other, bob, formOf(Buffer.alloc(20_001, 1)))).status).toBe(413);
    expect((await upload(other, bob, formOf(Buffer.alloc(20_000, 1)))).status).toBe(415);
    await other.stop();
  });

  it('of pictures that are loaded: picturesBurst at once from an address, beside its requests', async () => {
    const other = await World.create({ LIMITS: 'on', LIMIT_PICTURES_BURST: '3', LIMIT_PICTURES_PER_SECOND: '1' });
    const ann = await other.user();
    const ask = async () => (await fetch(`${other.app.apiUrl}/users/${ann.id}/avatar`)).status;
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([200, 200, 200, 429]);
    expect((await other.call('GET', '/config')).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect([await ask(), await ask()]).toEqual([200, 429]);
    await other.stop();
  });
});
