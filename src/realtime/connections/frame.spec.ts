import { describe, expect, it } from 'vitest';
import { WireReader, framesIn } from '../../../test/support/wire.js';
import {
  durableText,
  ephemeralFrame,
  frameOf,
  joinFrames,
  payloadOf,
  payloadsIn,
  skipFrame,
  staleFrame,
} from './frame.js';

const read = (bytes: string): string[] => {
  const reader = new WireReader();
  reader.write(bytes);
  return reader.messages;
};

/** A JSON text of exactly so many bytes. */
const jsonOf = (bytes: number): string => JSON.stringify('x'.repeat(bytes - 2));

describe('frameOf', () => {
  it.each([2, 125, 126, 127, 65_535, 65_536, 65_537, 1_000_000])('frames %i bytes as a client reads them', (bytes) => {
    const json = jsonOf(bytes);
    expect(Buffer.byteLength(json)).toBe(bytes);
    const frame = frameOf(json);
    expect(payloadOf(frame)).toBe(json);
    expect(read(frame.bytes)).toEqual([json]);
  });

  it('uses the shortest head that holds the length, without a mask', () => {
    const heads = [125, 126, 65_535, 65_536].map((bytes) => frameOf(jsonOf(bytes)));
    expect(heads.map(({ headBytes }) => headBytes)).toEqual([2, 4, 4, 10]);
    expect(heads.map(({ bytes }) => bytes.charCodeAt(0))).toEqual([0x81, 0x81, 0x81, 0x81]);
    expect(heads.map(({ bytes }) => bytes.charCodeAt(1))).toEqual([125, 126, 126, 127]);
  });

  it('counts bytes and not characters', () => {
    const json = JSON.stringify({ text: '你好 😀 é'.repeat(30) });
    expect(read(frameOf(json).bytes)).toEqual([json]);
    expect(payloadOf(frameOf(json))).toBe(json);
    expect(read(joinFrames([frameOf(json), frameOf('"é"')]))).toEqual([`[${json},"é"]`]);
  });

  it('keeps frames apart that are written one behind the other, wherever the bytes are cut', () => {
    const texts = [jsonOf(125), jsonOf(126), jsonOf(70_000), '{}'];
    const bytes = texts.map((text) => frameOf(text).bytes).join('');
    expect(read(bytes)).toEqual(texts);
    const reader = new WireReader();
    for (let at = 0; at < bytes.length; at += 997) reader.write(bytes.slice(at, at + 997));
    expect(reader.messages).toEqual(texts);
  });

  it('is taken apart again, as bytes that are characters', () => {
    const texts = [2, 125, 126, 65_535, 65_536, 70_000].map(jsonOf);
    expect(payloadsIn(texts.map((text) => frameOf(text).bytes).join(''))).toEqual(texts);
    const [payload] = payloadsIn(frameOf('"語 😀"').bytes);
    expect(Buffer.from(payload, 'latin1').toString()).toBe('"語 😀"');
    expect(payloadsIn('')).toEqual([]);
  });

  it('is a reply unless its facts say otherwise', () => {
    expect(frameOf('{}')).toMatchObject({ kind: 'reply', roomId: '', rev: 0 });
    const facts = { kind: 'durable', roomId: 'r', rev: 7, headSeq: 3 } as const;
    expect(frameOf('{}', facts)).toMatchObject(facts);
  });
});

describe('joinFrames', () => {
  it.each([1, 2, 64])('makes one message with a JSON array of %i frames', (count) => {
    const frames = Array.from({ length: count }, (_, i) => frameOf(JSON.stringify({ event: 'x', rev: i })));
    const [message, ...more] = read(joinFrames(frames));
    expect(more).toEqual([]);
    expect(JSON.parse(message)).toEqual(frames.map((frame) => JSON.parse(payloadOf(frame)) as object));
  });

  it.each([125, 126, 65_535, 65_536])('frames an array of %i bytes', (bytes) => {
    const [first, second] = [frameOf(jsonOf(10)), frameOf(jsonOf(bytes - 13))];
    const [message] = read(joinFrames([first, second]));
    expect(Buffer.byteLength(message)).toBe(bytes);
    expect(JSON.parse(message)).toHaveLength(2);
  });

  it('joins frames whose heads differ in length', () => {
    const frames = [frameOf('{}'), frameOf(jsonOf(300)), frameOf(jsonOf(70_000)), frameOf('7')];
    const [message] = read(joinFrames(frames));
    expect(message).toBe(`[${frames.map(payloadOf).join(',')}]`);
  });
});

describe('the frames of the server', () => {
  it('say what the protocol says', () => {
    const durable = durableText('r', { event: 'room.updated', rev: 7, at: '2026-01-31T12:00:00.000Z', data: {} });
    const texts = [
      frameOf(durable),
      skipFrame('r', { fromRev: 3, rev: 5 }),
      staleFrame('r', 9),
      ephemeralFrame('heartbeat', {}),
      ephemeralFrame('typing', { typing: true }, 'r'),
    ];
    expect(framesIn(texts.map(({ bytes }) => bytes).join(''))).toEqual([
      { event: 'room.updated', roomId: 'r', rev: 7, at: '2026-01-31T12:00:00.000Z', data: {} },
      { event: 'skip', roomId: 'r', fromRev: 3, rev: 5 },
      { event: 'room.stale', roomId: 'r', data: { headRev: 9 } },
      { event: 'heartbeat', data: {} },
      { event: 'typing', roomId: 'r', data: { typing: true } },
    ]);
  });

  it('carry the facts that queues ask for', () => {
    expect(skipFrame('r', { fromRev: 3, rev: 5 })).toMatchObject({ kind: 'durable', roomId: 'r', rev: 5 });
    expect(staleFrame('r', 9)).toMatchObject({ kind: 'durable', roomId: 'r', rev: 9 });
    expect(ephemeralFrame('heartbeat', {}).kind).toBe('ephemeral');
  });
});
