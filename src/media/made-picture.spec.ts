import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { newId } from '../common/id.js';
import { madePicture } from './made-picture.js';

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

describe('madePicture', () => {
  it('is the same for ever', () => {
    expect(madePicture(ID)).toBe(madePicture(ID));
    expect(madePicture(ID)).toMatchInlineSnapshot(
      `"<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256" viewBox="0 0 256 256"><defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="hsl(175,62%,52%)"/><stop offset="1" stop-color="hsl(255,66%,38%)"/></linearGradient></defs><rect width="256" height="256" fill="url(#g)"/><g fill="hsl(175,80%,94%)"><rect x="49" y="49" width="30" height="30" rx="9"/><rect x="177" y="49" width="30" height="30" rx="9"/><rect x="81" y="49" width="30" height="30" rx="9"/><rect x="145" y="49" width="30" height="30" rx="9"/><rect x="113" y="49" width="30" height="30" rx="9"/><rect x="113" y="81" width="30" height="30" rx="9"/><rect x="81" y="113" width="30" height="30" rx="9"/><rect x="145" y="113" width="30" height="30" rx="9"/><rect x="113" y="113" width="30" height="30" rx="9"/><rect x="49" y="145" width="30" height="30" rx="9"/><rect x="177" y="145" width="30" height="30" rx="9"/><rect x="49" y="177" width="30" height="30" rx="9"/><rect x="177" y="177" width="30" height="30" rx="9"/><rect x="113" y="177" width="30" height="30" rx="9"/></g></svg>"`,
    );
  });

  it('is hardly ever the same for two', () => {
    const pictures = Array.from({ length: 5000 }, (_, i) => madePicture(`${ID}${i}`));
    // Of some 34 million, two of 5,000 are the same in every third set; these are always the same 5,000.
    expect(new Set(pictures).size).toBeGreaterThan(4990);
  });

  it('holds nothing that runs or is from outside', () => {
    for (let i = 0; i < 200; i++) {
      const svg = madePicture(newId());
      expect(svg).not.toMatch(/script|foreignObject|href|style|on\w+=|<!|&|@import|url\((?!#g\))/i);
      expect(svg.length).toBeLessThan(3000);
    }
  });

  it('is a picture: light cells, the same on both sides, on a field of colour', async () => {
    const { data, info } = await sharp(Buffer.from(madePicture(ID)))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([256, 256, 3]);
    const lightAt = (x: number, y: number) =>
      data.subarray((y * 256 + x) * 3, (y * 256 + x) * 3 + 3).every((value) => value > 200);
    const grid = [0, 1, 2, 3, 4].map((row) =>
      [0, 1, 2, 3, 4].map((column) => lightAt(64 + column * 32, 64 + row * 32)),
    );
    for (const row of grid) expect(row).toEqual([...row].reverse());
    const light = grid.flat().filter(Boolean).length;
    expect(light).toBeGreaterThan(4);
    expect(light).toBeLessThan(23);
    expect(lightAt(10, 10)).toBe(false);
  });
});
