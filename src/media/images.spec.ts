import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../protocol/limits.js';
import type { AppConfig } from '../config/app-config.js';
import { ImageGate } from './image-gate.js';
import { Images } from './images.service.js';
import { mediaTypeOf } from './media-types.js';
import type { Upload } from './uploads.service.js';

const SECRET = 'sEcReT-52.5200N';
const images = new Images({ limits: DEFAULT_LIMITS } as unknown as AppConfig, new ImageGate());
let folder: string;
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-images-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const plain = (width = 60, height = 40) => {
  const right = { create: { width: width / 2, height, channels: 3 as const, background: '#0000ff' } };
  return sharp({ create: { width, height, channels: 3, background: '#ff0000' } })
    .composite([{ input: right, gravity: 'east' }])
    .png()
    .toBuffer()
    .then((picture) => sharp(picture));
};
const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="${SECRET}"/></rdf:RDF></x:xmpmeta>`;
const EXIF = { IFD0: { Copyright: SECRET }, IFD3: { GPSLatitude: '52/1 31/1 12/1', GPSLatitudeRef: 'N' } };

async function prepare(content: Buffer) {
  const path = join(folder, String(count++));
  writeFileSync(path, content);
  const mediaType = (await mediaTypeOf(path)) ?? '';
  const upload: Upload = {
    path,
    madePath: `${path}.made`,
    name: '',
    mediaType,
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
  const image = await images.prepare(upload, mediaType);
  return { image, stored: readFileSync(image.path), upload };
}

async function colours(content: Buffer): Promise<string> {
  const { data, info } = await sharp(content).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => {
    const [red, , blue] = data.subarray((y * info.width + x) * info.channels);
    return red > blue ? 'red' : 'blue';
  };
  return `${at(1, 1)} ${at(info.width - 2, 1)} ${at(1, info.height - 2)} ${at(info.width - 2, info.height - 2)}`;
}

describe.each(['jpeg', 'png', 'webp', 'avif', 'gif'] as const)('a %s', (format) => {
  it('without anything beside its pixels stays as it is, byte for byte', async () => {
    const content = await (await plain()).toFormat(format).toBuffer();
    const { image, stored, upload } = await prepare(content);
    expect(stored.equals(content)).toBe(true);
    expect(image).toMatchObject({ width: 60, height: 40, bytes: content.length, sha256: upload.sha256 });
    expect(image.mediaType).toBe(`image/${format}`);
    expect(await sharp(image.thumbnail ?? '').metadata()).toMatchObject({ format: 'webp', width: 60, height: 40 });
  });
});

describe.each(['jpeg', 'png', 'webp', 'avif'] as const)('a %s with EXIF', (format) => {
  it('loses it, and keeps its pixels and colours', async () => {
    const content = await (await plain()).withExif(EXIF).withXmp(XMP).toFormat(format).toBuffer();
    expect(content.includes(SECRET)).toBe(true);
    const { image, stored } = await prepare(content);
    expect(stored.includes(SECRET)).toBe(false);
    const { exif, xmp, iptc } = await sharp(stored).metadata();
    expect([exif, xmp, iptc]).toEqual([undefined, undefined, undefined]);
    expect(image).toMatchObject({ width: 60, height: 40, bytes: stored.length });
    expect(image.sha256).toBe(createHash('sha256').update(stored).digest('hex'));
    expect(image.mediaType).toBe(format === 'avif' ? 'image/webp' : `image/${format}`);
    expect(await mediaTypeOf(image.path)).toBe(image.mediaType);
    expect(await colours(stored)).toBe('red blue red blue');
    expect(image.thumbnail?.includes(SECRET)).toBe(false);
  });

  it('keeps its colour profile', async () => {
    const content = await (await plain()).withIccProfile('p3').withExif(EXIF).toFormat(format).toBuffer();
    expect((await sharp(content).metadata()).icc).toBeDefined();
    const { stored } = await prepare(content);
    expect((await sharp(stored).metadata()).icc).toBeDefined();
  });
});

describe.each(['jpeg', 'png', 'webp'] as const)('a %s that lies on its side', (format) => {
  it.each([
    [3, 60, 40, 'blue red blue red'],
    [6, 40, 60, 'red red blue blue'],
    [8, 40, 60, 'blue blue red red'],
  ])('is turned (%i)', async (orientation, width, height, expected) => {
    const content = await (await plain()).withMetadata({ orientation }).toFormat(format).toBuffer();
    const { image, stored } = await prepare(content);
    expect(image).toMatchObject({ width, height });
    expect(await colours(stored)).toBe(expected);
    expect(await colours(image.thumbnail ?? stored)).toBe(expected);
    expect((await sharp(stored).metadata()).orientation).toBeUndefined();
  });
});

describe('a moving picture', () => {
  const frames = (exif: boolean) => {
    const moving = sharp(
      [1, 2, 3].map((i) => ({
        create: { width: 20, height: 10, channels: 4 as const, background: `#${i}${i}0000` },
      })) as never,
      { join: { animated: true } },
    );
    return (exif ? moving.withExif(EXIF) : moving).webp({ loop: 0 }).toBuffer();
  };

  it('goes on moving without EXIF', async () => {
    const content = await frames(true);
    expect((await sharp(content).metadata()).pages).toBe(3);
    const { image, stored } = await prepare(content);
    expect(await sharp(stored).metadata()).toMatchObject({ pages: 3, width: 20, height: 10 });
    expect(stored.includes(SECRET)).toBe(false);
    expect((await sharp(image.thumbnail ?? '').metadata()).pages).toBeUndefined();
  });
});

describe('texts of a PNG', () => {
  const chunk = (name: string, text: string): Buffer => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), Buffer.from(text, 'latin1')]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length - 4);
    check.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, check]);
  };
  const crc = (bytes: Buffer): number => {
    let value = ~0;
    for (const byte of bytes) {
      value ^= byte;
      for (let i = 0; i < 8; i++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
    return ~value >>> 0;
  };
  const withChunk = async (extra: Buffer, behind = Buffer.alloc(0)) => {
    const png = await (await plain()).png().toBuffer();
    return Buffer.concat([png.subarray(0, 33), extra, png.subarray(33), behind]);
  };

  it('go where they say what EXIF says, with what hangs behind the picture', async () => {
    const content = await withChunk(chunk('tEXt', `Raw profile type exif\0${SECRET}`), Buffer.from(SECRET));
    const { stored } = await prepare(content);
    expect(stored.includes(SECRET)).toBe(false);
    expect(stored.equals(await (await plain()).png().toBuffer())).toBe(true);
  });

  it('stay where they do not', async () => {
    const content = await withChunk(chunk('tEXt', 'Software\0a brush'));
    expect((await prepare(content)).stored.equals(content)).toBe(true);
  });
});

describe('a large picture', () => {
  it('has a small thumbnail', async () => {
    const content = await (await plain(1000, 500)).jpeg().toBuffer();
    const { image } = await prepare(content);
    expect(await sharp(image.thumbnail ?? '').metadata()).toMatchObject({ width: 400, height: 200, format: 'webp' });
  });

  it('that would take too much memory is kept without a thumbnail, or refused where it must be made anew', async () => {
    const wide = () => sharp({ create: { width: 5000, height: 2200, channels: 3, background: '#123456' } });
    const kept = await prepare(await wide().avif({ effort: 0 }).toBuffer());
    expect(kept.image).toMatchObject({ thumbnail: null, width: 5000, height: 2200 });
    const told = await wide().withExif(EXIF).avif({ effort: 0 }).toBuffer();
    await expect(prepare(told)).rejects.toMatchObject({ errors: [{ path: 'file', code: 'pixels' }] });
  });

  it('is refused above the limit by its head alone', async () => {
    const bomb = await sharp({ create: { width: 8001, height: 5000, channels: 3, background: '#000' } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    await expect(prepare(bomb)).rejects.toMatchObject({ errors: [{ path: 'file', code: 'pixels' }] });
    const most = await sharp({ create: { width: 8000, height: 5000, channels: 3, background: '#000' } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect((await prepare(most)).image).toMatchObject({ width: 8000, height: 5000 });
  });
});

describe('what is no whole picture', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('a %s that breaks off is refused', async (format) => {
    for (const exif of [false, true]) {
      const whole = exif ? (await plain(800, 800)).withExif(EXIF) : await plain(800, 800);
      const content = await whole.toFormat(format).toBuffer();
      const cut = content.subarray(0, Math.floor(content.length * 0.6));
      await expect(prepare(cut)).rejects.toMatchObject({ errors: [{ path: 'file', code: 'picture' }] });
    }
  });
});
