import { createHash } from 'node:crypto';
import { type IncomingMessage, type Server, get } from 'node:http';
import { connect } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { load, loadAs, upload, uploaded } from '../support/attachments.js';
import { filesIn, formOf, pictureOf } from '../support/pictures.js';
import { type Actor, World, newUlid } from '../support/world.js';

const MAX = 300_000;
const LOW = {
  LIMIT_ATTACHMENT_BYTES: String(MAX),
  LIMIT_ATTACHMENT_QUOTA_BYTES: '1000000',
  LIMIT_ATTACHMENTS_UNSENT: '40',
};

let world: World;
let ann: Actor;
let bob: Actor;

beforeAll(async () => {
  world = await World.create(LOW);
  [ann, bob] = await world.users(2);
});

afterAll(() => world?.stop());

const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');
const stored = () => filesIn(world, 'files');
const onTheirWay = () => filesIn(world, 'uploads');
/** MySQL's driver hands large numbers over as texts. */
const asNumbers = ({ userId, files, bytes }: any) => ({ userId, files: Number(files), bytes: Number(bytes) });
const codeOf = ({ status, body }: { status: number; body: any }) =>
  `${status} ${body.code} ${body.errors?.[0]?.code ?? ''}`.trim();

describe('POST /attachments', () => {
  it('keeps a file as it is, and says what a download gives', async () => {
    const content = Buffer.from('\0some bytes that are nothing');
    const { status, body } = await upload(ann, content, { name: 'Grüße.bin', type: 'image/png' });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      name: 'Grüße.bin',
      mediaType: 'application/octet-stream',
      bytes: content.length,
      sha256: sha256(content),
      width: null,
      height: null,
      url: expect.stringMatching(new RegExp(`^/api/v1/attachments/${body.id}\\?signature=[\\w.-]+$`)),
      thumbnailUrl: null,
    });
    const { status: found, headers, bytes } = await loadAs(world, ann, body.id);
    expect([found, bytes.equals(content)]).toEqual([200, true]);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': String(content.length),
      'content-disposition': `attachment; filename="Gru_e.bin"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.bin`,
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache',
      etag: `"${body.sha256}"`,
    });
  });

  it('keeps an image that has nothing to hide byte for byte, with a thumbnail', async () => {
    const content = await sharp(await pictureOf('png', { width: 900, height: 300 }))
      .jpeg()
      .toBuffer();
    const view = await uploaded(ann, content, { name: 'a.jpg' });
    expect(view).toMatchObject({ mediaType: 'image/jpeg', bytes: content.length, sha256: sha256(content) });
    expect([view.width, view.height]).toEqual([900, 300]);
    const file = await load(world, view.url);
    expect([file.status, file.bytes.equals(content)]).toEqual([200, true]);
    expect(file.headers.get('content-disposition')).toBe(`inline; filename="a.jpg"; filename*=UTF-8''a.jpg`);
    const thumbnail = await load(world, view.thumbnailUrl ?? '');
    expect([thumbnail.status, thumbnail.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(await sharp(thumbnail.bytes).metadata()).toMatchObject({ format: 'webp', width: 400, height: 133 });
    const etag = thumbnail.headers.get('etag') ?? '';
    expect((await load(world, view.thumbnailUrl ?? '', { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it.each(['jpeg', 'png', 'webp'] as const)('turns a %s upright and takes EXIF out of it', async (kind) => {
    const content = await pictureOf(kind, { width: 60, height: 40, orientation: 6 });
    expect(content.includes('sEcReT')).toBe(true);
    const view = await uploaded(ann, content, { name: `a.${kind}` });
    expect(view).toMatchObject({ mediaType: `image/${kind}`, width: 40, height: 60 });
    const { bytes } = await load(world, view.url);
    expect([bytes.length, sha256(bytes)]).toEqual([view.bytes, view.sha256]);
    expect(bytes.includes('sEcReT')).toBe(false);
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 40, height: 60, format: kind });
    expect((await sharp(bytes).metadata()).exif).toBeUndefined();
  });

  it('calls an image that became another kind so', async () => {
    const view = await uploaded(ann, await pictureOf('avif'), { name: 'sea.avif' });
    expect([view.name, view.mediaType]).toEqual(['sea.webp', 'image/webp']);
  });

  it.each<[string, Buffer | string, string, string]>([
    ['a page that is called a picture', '<!doctype html><script>alert(1)</script>', 'text/plain', 'attachment'],
    [
      'SVG with a script',
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      'text/plain',
      'attachment',
    ],
    [
      'SVG behind an XML head',
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
      'application/xml',
      'attachment',
    ],
    ['a PDF', '%PDF-1.4\n%âãÏÓ\n', 'application/pdf', 'attachment'],
    ['a program', Buffer.from('4d5a90000300000004000000ffff0000', 'hex'), 'application/x-msdownload', 'attachment'],
    ['a WAV', Buffer.concat([Buffer.from('RIFF$\0\0\0WAVEfmt '), Buffer.alloc(40)]), 'audio/wav', 'inline'],
    [
      'an MP4',
      Buffer.concat([Buffer.from('0000001866747970', 'hex'), Buffer.from('mp42\0\0\0\0mp42isom')]),
      'video/mp4',
      'inline',
    ],
    [
      'a ZIP that would unpack to a gigabyte',
      Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(60)]),
      'application/zip',
      'attachment',
    ],
  ])('%s is told by its bytes', async (_, content, mediaType, kind) => {
    const view = await uploaded(ann, content, { name: 'a.png', type: 'image/png' });
    expect(view.mediaType).toBe(mediaType);
    const { headers } = await load(world, view.url);
    expect(headers.get('content-type')?.split(';')[0]).toBe(mediaType);
    expect(headers.get('content-disposition')).toMatch(new RegExp(`^${kind};`));
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    ['../../../etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['a\u202egpj.exe', 'agpj.exe'],
    ['<b>.txt', '_b_.txt'],
    ['…', '…'],
    ['写真.jpg', '写真.jpg'],
    ['', 'file'],
  ])('calls %j %j', async (given, name) => {
    const view = await uploaded(ann, 'x', { name: given });
    expect(view.name).toBe(name);
    const { headers } = await load(world, view.url);
    expect(headers.get('content-disposition')).toContain(`filename*=UTF-8''${encodeURIComponent(name)}`);
  });

  it.each([
    ['filename="a\x01\x1b[31m\x7fb.txt"', 'a[31mb.txt'],
    ['filename="a\\"; filename=\\"b.txt"', 'a_; filename=_b.txt'],
  ])('keeps control characters out of the name in %j', async (given, name) => {
    const head = `--x\r\ncontent-disposition: form-data; name="file"; ${given}\r\n`;
    const body = `${head}content-type: application/octet-stream\r\n\r\nabc\r\n--x--\r\n`;
    const headers = { 'content-type': 'multipart/form-data; boundary=x', authorization: `Bearer ${ann.token}` };
    const { status, bytes } = await load(world, '/attachments', { method: 'POST', body, headers });
    const view = JSON.parse(bytes.toString()) as { name: string; url: string };
    expect([status, view.name]).toEqual([201, name]);
    expect((await load(world, view.url)).status).toBe(200);
  });

  it('stores the same bytes once, for everybody and at the same time', async () => {
    const content = Buffer.alloc(50_000, newUlid());
    const before = stored().length;
    const views = await Promise.all(
      [ann, bob, ann, bob].map((actor, i) => uploaded(actor, content, { name: `${i}.bin` })),
    );
    expect(new Set(views.map(({ id }) => id)).size).toBe(4);
    expect(stored().length).toBe(before + 1);
    for (const [i, view] of views.entries()) {
      expect(view.name).toBe(`${i}.bin`);
      expect((await load(world, view.url)).bytes.equals(content)).toBe(true);
    }
    const owners = [ann, bob, ann, bob];
    for (const [i, { id }] of views.entries()) {
      expect(stored().length).toBe(before + 1);
      expect((await owners[i].call('DELETE', `/attachments/${id}`)).status).toBe(204);
    }
    expect(stored().length).toBe(before);
  });

  it('never loses a file to one who deletes it while another one uploads it', async () => {
    const content = Buffer.alloc(2000, newUlid());
    let last = await uploaded(ann, content);
    for (let i = 0; i < 15; i++) {
      const [next] = await Promise.all([uploaded(bob, content), ann.call('DELETE', `/attachments/${last.id}`)]);
      expect((await load(world, next.url)).bytes.equals(content)).toBe(true);
      [last] = await Promise.all([uploaded(ann, content), bob.call('DELETE', `/attachments/${next.id}`)]);
      expect((await load(world, last.url)).bytes.equals(content)).toBe(true);
    }
    expect((await ann.call('DELETE', `/attachments/${last.id}`)).status).toBe(204);
  });

  it('repeated with the same key is the same attachment', async () => {
    const headers = { 'idempotency-key': newUlid() };
    const first = await upload(ann, 'once', { headers });
    const again = await upload(ann, 'once', { headers });
    expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id]);
    expect(codeOf(await upload(ann, 'other', { headers }))).toBe('409 IDEMPOTENCY_CONFLICT');
    expect((await upload(bob, 'other', { headers })).status).toBe(201);
    await ann.call('DELETE', `/attachments/${first.body.id}`);
    expect(codeOf(await upload(ann, 'once', { headers }))).toBe('410 GONE');
    expect(onTheirWay()).toEqual([]);
  });
});

describe('what is refused as an attachment', () => {
  let before: string[];
  const expectNothingLeft = async () => {
    await expect.poll(onTheirWay).toEqual([]);
    expect(stored().sort()).toEqual(before);
  };
  beforeAll(() => {
    before = stored().sort();
  });

  const cut = async (kind: 'jpeg' | 'png') => {
    const whole = await pictureOf(kind, { width: 800, height: 800 });
    return whole.subarray(0, Math.floor(whole.length / 2));
  };
  const bomb = () =>
    sharp({ create: { width: 9000, height: 9000, channels: 3, background: '#000' }, limitInputPixels: false })
      .toColourspace('b-w')
      .png()
      .toBuffer();

  it.each<[string, () => Buffer | Promise<Buffer>, string]>([
    ['nothing', () => Buffer.alloc(0), '422 VALIDATION_FAILED empty'],
    ['a JPEG that breaks off', () => cut('jpeg'), '422 VALIDATION_FAILED picture'],
    ['a PNG that breaks off', () => cut('png'), '422 VALIDATION_FAILED picture'],
    ['a bomb', bomb, '422 VALIDATION_FAILED pixels'],
    ['one byte too many', () => Buffer.alloc(MAX + 1, 1), '413 PAYLOAD_TOO_LARGE'],
    ['far too much', () => Buffer.alloc(MAX * 3, 1), '413 PAYLOAD_TOO_LARGE'],
  ])('%s', async (_, make, refusal) => {
    const answer = await upload(bob, await make());
    expect(codeOf(answer)).toBe(refusal);
    expect(JSON.stringify(answer.body)).not.toMatch(/vips|sharp|\/tmp|uploads/i);
    await expectNothingLeft();
  });

  it('is none at the limit', async () => {
    const { status, body } = await upload(bob, Buffer.alloc(MAX, 3));
    expect([status, body.bytes]).toEqual([201, MAX]);
    expect((await bob.call('DELETE', `/attachments/${body.id}`)).status).toBe(204);
    await expectNothingLeft();
  });

  it('what is no form with one file', async () => {
    expect(codeOf(await bob.call('POST', '/attachments', {}))).toBe('415 UNSUPPORTED_MEDIA');
    expect(codeOf(await bob.call('POST', '/attachments', formOf('x', { field: 'other' })))).toBe(
      '422 VALIDATION_FAILED unknownField',
    );
    const two = formOf('x');
    two.append('file', new Blob(['y']), 'b');
    expect(codeOf(await bob.call('POST', '/attachments', two))).toBe('422 VALIDATION_FAILED unknownField');
    expect((await world.call('POST', '/attachments', { body: formOf('x') })).status).toBe(401);
    await expectNothingLeft();
  });

  it.each([100, 100_000, 250_000])('what breaks off after %i bytes', async (sent) => {
    const { hostname, port } = new URL(world.app.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(
      `POST /api/v1/attachments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bob.token}\r\n` +
        'Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 290000\r\n\r\n' +
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n',
    );
    socket.write(Buffer.alloc(sent, 1));
    await expect.poll(onTheirWay, { timeout: 10_000 }).toHaveLength(1);
    socket.destroy();
    await expectNothingLeft();
  });
});

describe('a slow upload', () => {
  /** Sends the head of an upload and then a byte every 200 ms, `times` times; the rest of it where all is sent. */
  async function drip(times: number): Promise<string> {
    const { hostname, port } = new URL(world.app.url);
    const socket = connect(Number(port), hostname);
    const answer = text(socket).catch(() => '');
    socket.write(
      `POST /api/v1/attachments HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${bob.token}\r\n` +
        'Content-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    const write = (part: string) => socket.write(`${part.length.toString(16)}\r\n${part}\r\n`);
    write('--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n');
    for (let i = 0; i < times; i++) {
      await pause(200);
      write('\0');
    }
    if (times > 0) write('\r\n--x--\r\n');
    if (times > 0) socket.write('0\r\n\r\n');
    return (await answer).split('\r\n')[0];
  }

  it('may take longer than other requests, but not fall silent', async () => {
    const server = world.app.app.getHttpServer() as Server;
    const { requestTimeout } = server;
    server.requestTimeout = 1500;
    const answers = await Promise.all([drip(25), drip(0)]);
    server.requestTimeout = requestTimeout;
    expect(answers).toEqual(['HTTP/1.1 201 Created', '']);
    await expect.poll(onTheirWay).toEqual([]);
  });
});

describe('GET /attachments/:id', () => {
  const content = Buffer.from('0123456789');
  let id: string;
  let etag: string;
  beforeAll(async () => {
    const view = await uploaded(ann, content);
    id = view.id;
    etag = `"${view.sha256}"`;
  });

  it.each([
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=4-', 206, '456789', 'bytes 4-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=-100', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=9-100', 206, '9', 'bytes 9-9/10'],
    ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=5-2', 200, '0123456789', null],
    ['bytes=0-1,4-5', 200, '0123456789', null],
    ['lines=0-1', 200, '0123456789', null],
    ['nonsense', 200, '0123456789', null],
  ])('answers the range %s', async (range, status, expected, part) => {
    const answer = await loadAs(world, ann, id, { range });
    expect([answer.status, answer.bytes.toString(), answer.headers.get('content-range')]).toEqual([
      status,
      expected,
      part,
    ]);
    expect(answer.headers.get('content-length')).toBe(String(expected.length));
    expect(answer.headers.get('etag')).toBe(etag);
  });

  it.each(['bytes=10-', 'bytes=10-20', 'bytes=-0'])('refuses the range %s', async (range) => {
    const answer = await loadAs(world, ann, id, { range });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */10']);
    expect(JSON.parse(answer.bytes.toString())).toMatchObject({ code: 'RANGE_NOT_SATISFIABLE' });
  });

  it('gives a part of that very file alone', async () => {
    const range = 'bytes=0-3';
    expect((await loadAs(world, ann, id, { range, 'if-range': etag })).status).toBe(206);
    for (const other of ['"another"', `W/${etag}`, 'Wed, 21 Oct 2015 07:28:00 GMT']) {
      const answer = await loadAs(world, ann, id, { range, 'if-range': other });
      expect([answer.status, answer.bytes.length]).toEqual([200, 10]);
    }
  });

  it('is not sent again to who has it', async () => {
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const answer = await loadAs(world, ann, id, { 'if-none-match': known, range: 'bytes=0-1' });
      expect([answer.status, answer.bytes.length, answer.headers.get('etag')]).toEqual([304, 0, etag]);
    }
    expect((await loadAs(world, ann, id, { 'if-none-match': '"x"' })).status).toBe(200);
  });

  it('tells its headers alone to HEAD', async () => {
    const headers = { authorization: `Bearer ${ann.token}`, range: 'bytes=0-1' };
    const answer = await load(world, `/attachments/${id}`, { method: 'HEAD', headers });
    expect([answer.status, answer.bytes.length, answer.headers.get('content-length')]).toEqual([200, 0, '10']);
  });

  it('is not there for others, and wants a token', async () => {
    expect((await loadAs(world, bob, id)).status).toBe(404);
    expect((await loadAs(world, ann, newUlid())).status).toBe(404);
    expect((await load(world, `/attachments/${id}`)).status).toBe(401);
    const headers = { authorization: `Bearer ${bob.token}` };
    expect((await load(world, `/attachments/${id}/thumbnail`, { headers })).status).toBe(404);
    expect((await bob.call('DELETE', `/attachments/${id}`)).status).toBe(404);
  });

  it('has no thumbnail where it is no image', async () => {
    expect((await ann.call('GET', `/attachments/${id}/thumbnail`)).status).toBe(404);
  });

  it('ends well for a reader who goes away', async () => {
    const large = await uploaded(bob, Buffer.alloc(MAX, 9));
    for (let i = 0; i < 10; i++) {
      const stop = new AbortController();
      const response = await fetch(world.app.url + large.url, { signal: stop.signal });
      await response.body?.getReader().read();
      stop.abort();
    }
    expect((await load(world, large.url)).bytes.length).toBe(MAX);
  });
});

describe('DELETE /attachments/:id', () => {
  it('removes an upload that is not sent, once', async () => {
    const before = stored().sort();
    const view = await uploaded(ann, await pictureOf('png'));
    expect(stored().length).toBe(before.length + 2);
    expect((await ann.call('DELETE', `/attachments/${view.id}`)).status).toBe(204);
    expect(stored().sort()).toEqual(before);
    expect((await load(world, view.url)).status).toBe(404);
    expect((await ann.call('DELETE', `/attachments/${view.id}`)).status).toBe(404);
  });
});

describe('limits of attachments', () => {
  it('of bytes a user: as many as the quota says, and no more', async () => {
    const cid = await world.user();
    const part = (letter: string) => Buffer.alloc(250_000, letter);
    const views = [];
    for (const letter of ['a', 'b', 'c', 'd']) views.push(await uploaded(cid, part(letter)));
    expect(codeOf(await upload(cid, 'x'))).toBe('507 QUOTA_EXCEEDED');
    // Bytes that are stored already count all the same.
    expect(codeOf(await upload(cid, part('a')))).toBe('507 QUOTA_EXCEEDED');
    expect((await cid.call('DELETE', `/attachments/${views[0].id}`)).status).toBe(204);
    expect(codeOf(await upload(cid, Buffer.alloc(250_001)))).toBe('507 QUOTA_EXCEEDED');
    expect((await upload(cid, part('e'))).status).toBe(201);
    expect((await upload(ann, part('a'))).status).toBe(201);
    await expect.poll(onTheirWay).toEqual([]);
  });

  it('of bytes a user: hold for uploads at the same time', async () => {
    const cid = await world.user();
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((i) => upload(cid, Buffer.alloc(300_000, i))));
    const statuses = answers.map(({ status }) => String(status)).sort();
    expect(statuses).toEqual(['201', '201', '201', '507', '507', '507']);
  });

  it('of attachments a user: as many as the limit says, forwarded ones too, and no more', async () => {
    const other = await World.create({ LIMIT_ATTACHMENTS_PER_USER: '3' });
    onTestFinished(() => other.stop());
    const [cid, dora] = await other.users(2);
    const room = await other.room([cid, dora]);
    const post = (actor: Actor, body: object) => actor.call('POST', `/rooms/${room.id}/messages`, body);
    const files = [await uploaded(cid, 'one'), await uploaded(cid, 'two')];
    const { body: sent } = await post(cid, { attachmentIds: files.map(({ id }) => id) });
    expect((await post(cid, { forwardOf: sent.id })).status).toBe(507);
    const { body: single } = await post(dora, { attachmentIds: [(await uploaded(dora, 'three')).id] });
    const { body: forwarded } = await post(cid, { forwardOf: single.id });
    expect(forwarded.attachments).toHaveLength(1);
    expect(codeOf(await upload(cid, 'four'))).toBe('507 QUOTA_EXCEEDED');
    expect(codeOf(await post(cid, { forwardOf: single.id }))).toBe('507 QUOTA_EXCEEDED');
    await cid.call('DELETE', `/messages/${forwarded.id}`);
    const four = await uploaded(cid, 'four');
    expect(codeOf(await upload(cid, 'five'))).toBe('507 QUOTA_EXCEEDED');
    await cid.call('DELETE', `/attachments/${four.id}`);
    expect((await upload(cid, 'five')).status).toBe(201);
    const sums = (sql: string) => other.app.rows<object>(`${sql} ORDER BY userId`).then((rows) => rows.map(asNumbers));
    const kept = await sums('SELECT userId, files, bytes FROM attachment_usage');
    expect(kept).toEqual([cid, dora].map(({ id }, i) => ({ userId: id, files: [3, 1][i], bytes: [10, 5][i] })));
    const grouped =
      'SELECT ownerId AS userId, COUNT(*) AS files, SUM(bytes) AS bytes FROM attachments GROUP BY ownerId';
    expect(kept).toEqual(await sums(grouped));
  });

  it('of attachments that wait to be sent: as many as the limit says, and no more', async () => {
    const cid = await world.user();
    const answers = [];
    for (let i = 0; i < 40; i++) answers.push(await uploaded(cid, `${i}`));
    expect(codeOf(await upload(cid, 'one more'))).toBe('507 QUOTA_EXCEEDED');
    await cid.call('DELETE', `/attachments/${answers[0].id}`);
    expect((await upload(cid, 'one more')).status).toBe(201);
  });

  it('of uploads a minute: shared with pictures', async () => {
    const other = await World.create({ LIMITS: 'on', LIMIT_UPLOADS_PER_MINUTE: '2' });
    const actor = await other.user();
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await upload(actor, 'x')).status);
    expect(statuses).toEqual([201, 201, 429]);
    await other.stop();
  });
});

describe('downloads that nobody reads', () => {
  /** Larger than what the buffers of a connection take. */
  const LARGE = Buffer.alloc(24_000_000, 'x');

  async function start(env: Record<string, string>) {
    const other = await World.create({ LIMIT_DOWNLOADS_PER_USER: '2', ...env });
    onTestFinished(() => other.stop());
    const [cid, dora] = await other.users(2);
    const { id } = await uploaded(cid, LARGE);
    const headers = { authorization: `Bearer ${cid.token}` };
    const askAndStop = () =>
      new Promise<IncomingMessage>((done, fail) => {
        get(`${other.app.apiUrl}/attachments/${id}`, { headers, agent: false }, done).once('error', fail);
      });
    return { other, cid, dora, id, headers, askAndStop };
  }

  it('of downloads at a time: as many of a user as the limit says, and no more', async () => {
    const { other, cid, dora, id, headers, askAndStop } = await start({});
    const stopped = [await askAndStop(), await askAndStop()];
    expect(stopped.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    const { body } = await cid.call('GET', `/attachments/${id}`);
    expect([body.status, body.code, body.retryAfterMs]).toEqual([429, 'RATE_LIMITED', 1000]);
    expect((await loadAs(other, cid, id, { range: 'bytes=0-9' })).status).toBe(429);
    expect((await load(other, `/attachments/${id}`, { method: 'HEAD', headers })).status).toBe(200);
    const { id: hers } = await uploaded(dora, 'hers');
    expect((await loadAs(other, dora, hers)).bytes.toString()).toBe('hers');
    stopped[0].destroy();
    const again = async () => (await loadAs(other, cid, id, { range: 'bytes=0-9' })).status;
    await expect.poll(again, { timeout: 10_000 }).toBe(206);
    // What ended, and what was asked for in vain, keeps no place.
    for (let i = 0; i < 5; i++) expect(await again()).toBe(206);
    stopped[1].destroy();
  });

  it('break off for who stops reading, so that others get theirs', async () => {
    const { other, cid, id, askAndStop } = await start({ LIMIT_DOWNLOAD_STALL_MS: '1000' });
    const stopped = [await askAndStop(), await askAndStop()];
    expect((await loadAs(other, cid, id)).status).toBe(429);
    await expect.poll(async () => (await loadAs(other, cid, id)).bytes.length, { timeout: 10_000 }).toBe(LARGE.length);
    for (const one of stopped) await expect(buffer(one)).rejects.toThrow();
  });
});
