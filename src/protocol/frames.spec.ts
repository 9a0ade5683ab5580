import { describe, expect, it } from 'vitest';
import { FrameError, parseFrame, parseJson } from './frames.js';

const DEPTH = 16;

const refusalOf = (text: string): FrameError => {
  try {
    parseFrame(text, DEPTH);
  } catch (error) {
    if (error instanceof FrameError) return error;
    throw error;
  }
  throw new Error(`it was not refused: ${text}`);
};

/** A frame that nests `levels` deep, itself being the first level. */
const nested = (levels: number, open = '[', close = ']') =>
  `{"id":"c1","event":"x","data":${open.repeat(levels - 1)}${close.repeat(levels - 1)}}`;

describe('parseFrame', () => {
  it('reads id, event and data', () => {
    const text = '{"id":"c17","event":"message.send","data":{"text":"你好 😀"}}';
    expect(parseFrame(text, DEPTH)).toEqual({ id: 'c17', event: 'message.send', data: { text: '你好 😀' } });
  });

  it('reads a frame without id, and no data as an empty object', () => {
    expect(parseFrame('{"event":"ping"}', DEPTH)).toEqual({ id: undefined, event: 'ping', data: {} });
    expect(parseFrame('{"event":"ping","data":null}', DEPTH).data).toEqual({});
    expect(parseFrame('{"event":"ping","data":0}', DEPTH).data).toBe(0);
  });

  it.each(['', '{', 'null', '[]', '7', '"text"', 'undefined', '{"event":"ping"}{}', '[{"event":"ping"}]'])(
    'refuses what is no JSON object: %s',
    (text) => {
      expect(refusalOf(text)).toMatchObject({ code: 'BAD_REQUEST', id: undefined });
    },
  );

  it.each(['""', '7', 'null', 'true', '{}', '["c1"]', `"${'x'.repeat(65)}"`, '"\\u0000"', '"\\ud800"'])(
    'refuses the id %s and does not repeat it',
    (id) => {
      expect(refusalOf(`{"id":${id},"event":"ping"}`)).toMatchObject({ code: 'BAD_REQUEST', id: undefined });
    },
  );

  it('takes an id of 64 characters', () => {
    const id = 'x'.repeat(64);
    expect(parseFrame(JSON.stringify({ id, event: 'ping' }), DEPTH).id).toBe(id);
  });

  it.each(['{"id":"c1"}', '{"id":"c1","event":7}', '{"id":"c1","event":null}', '{"id":"c1","event":["ping"]}'])(
    'refuses a frame that names no event, with its id: %s',
    (text) => {
      expect(refusalOf(text)).toMatchObject({ code: 'BAD_REQUEST', id: 'c1' });
    },
  );

  it('refuses a field it does not know, with the id and without the name', () => {
    const refusal = refusalOf('{"id":"c1","event":"ping","secret":1}');
    expect(refusal).toMatchObject({ code: 'BAD_REQUEST', id: 'c1' });
    expect(refusal.message).not.toContain('secret');
  });

  it('takes 16 levels of nesting and refuses 17, with the id', () => {
    expect(parseFrame(nested(16), DEPTH).id).toBe('c1');
    expect(parseFrame(nested(16, '{"a":', '}').replace('{"a":}', '{"a":0}'), DEPTH).id).toBe('c1');
    expect(refusalOf(nested(17))).toMatchObject({ code: 'BAD_REQUEST', id: 'c1' });
    expect(refusalOf(nested(17, '{"a":', '}').replace('{"a":}', '{"a":0}'))).toMatchObject({ id: 'c1' });
  });

  it('refuses nesting as deep as a frame can hold without a stack overflow', () => {
    expect(refusalOf(nested(30_000))).toMatchObject({ code: 'BAD_REQUEST', id: 'c1' });
  });

  it.each([
    ['a lone high surrogate', '"\\ud83d"'],
    ['a lone low surrogate', '"\\ude00 x"'],
    ['surrogates in the wrong order', '"\\ude00\\ud83d"'],
    ['a NUL', '"a\\u0000b"'],
    ['a NUL in a list', '["a", ["\\u0000"]]'],
    ['a key with a NUL', '{"a\\u0000":1}'],
    ['a key with a lone surrogate', '{"\\ud800":1}'],
    ['the key __proto__', '{"__proto__":{"admin":true}}'],
    ['the key constructor', '{"deep":[{"constructor":1}]}'],
    ['the key prototype', '{"prototype":1}'],
  ])('refuses %s in the data, with the id', (_, data) => {
    expect(refusalOf(`{"id":"c1","event":"x","data":${data}}`)).toMatchObject({ code: 'BAD_REQUEST', id: 'c1' });
  });

  it('refuses reserved keys and bad text in the frame itself', () => {
    expect(refusalOf('{"id":"c1","event":"x","__proto__":{}}').id).toBe('c1');
    expect(refusalOf('{"id":"c1","event":"\\ud800"}').id).toBe('c1');
  });

  it('takes a pair of surrogates that belong together', () => {
    expect(parseFrame('{"event":"x","data":"\\ud83d\\ude00"}', DEPTH).data).toBe('😀');
  });

  it('says nothing of the input in any refusal', () => {
    const secrets = ['{"secret', '{"id":7,"event":"secret"}', '{"event":"x","data":"secret\\u0000"}', '"secret"'];
    for (const text of secrets) expect(refusalOf(text).message).not.toContain('secret');
  });
});

describe('parseJson', () => {
  it('takes any JSON value within the bounds', () => {
    for (const value of [null, 7, 'text', true, [1, [2]], { a: { b: [] } }]) {
      expect(parseJson(JSON.stringify(value), 3)).toEqual(value);
    }
  });

  it('counts levels of objects and lists alike', () => {
    expect(parseJson('[[{}]]', 3)).toEqual([[{}]]);
    expect(() => parseJson('[[{"a":[]}]]', 3)).toThrow(FrameError);
  });
});
