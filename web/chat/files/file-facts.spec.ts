import { describe, expect, it } from 'vitest';
import { fitted, kindOf } from './file-facts.js';

describe('files', () => {
  it.each([
    ['image/webp', '/small', 'picture'],
    ['image/svg+xml', null, 'other'],
    ['video/mp4', null, 'video'],
    ['video/x-msvideo', null, 'other'],
    ['audio/ogg', null, 'audio'],
    ['text/html', null, 'other'],
  ] as const)('shows %s with %s as %s', (mediaType, thumbnailUrl, kind) => {
    expect(kindOf({ mediaType, thumbnailUrl })).toBe(kind);
  });

  it('keeps the shape of a picture within its box, and never makes it larger', () => {
    const most = { width: 320, height: 240 };
    expect(fitted({ width: 640, height: 320 }, most)).toEqual({ width: 320, height: 160 });
    expect(fitted({ width: 100, height: 960 }, most)).toEqual({ width: 48, height: 240 });
    expect(fitted({ width: 100, height: 80 }, most)).toEqual({ width: 100, height: 80 });
    expect(fitted({ width: null, height: null }, most)).toEqual({ width: 240, height: 240 });
  });
});
