import { array, assert, constant, integer, oneof, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowHeights } from './row-heights.js';

const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => ({ id: `m${from + i}` }));

function heights(count: number): RowHeights<{ id: string }> {
  const made = new RowHeights(() => 10);
  made.setRows(rows(0, count));
  return made;
}

describe('RowHeights', () => {
  it('stands rows below one another, by guess until they are measured', () => {
    const made = heights(4);
    expect([made.topOf(0), made.topOf(2), made.total]).toEqual([0, 20, 40]);
    expect(made.measure(1, 25)).toBe(true);
    expect(made.measure(1, 25)).toBe(false);
    expect([made.topOf(1), made.topOf(2), made.total]).toEqual([10, 35, 55]);
  });

  it('finds the row at a height, and the nearest beyond the ends', () => {
    const made = heights(4);
    made.measure(1, 25);
    expect([-5, 0, 9.9, 10, 34, 35, 54, 500].map((y) => made.indexAt(y))).toEqual([0, 0, 0, 1, 1, 2, 3, 3]);
    expect(made.between(12, 36)).toEqual({ from: 1, to: 3 });
    expect(heights(0).between(0, 100)).toEqual({ from: 0, to: 0 });
  });

  it('knows a row again when others came in above it', () => {
    const made = heights(3);
    made.measure(0, 40);
    made.setRows([{ id: 'older' }, ...rows(0, 3)]);
    expect(made.indexOf('m0', 0)).toBe(1);
    expect([made.topOf(1), made.topOf(2), made.total]).toEqual([10, 50, 70]);
  });

  it('forgets rows that are gone and keeps the others', () => {
    const made = heights(5);
    made.measure(4, 30);
    made.setRows(rows(3, 5));
    expect([made.count, made.total, made.indexOf('m0')]).toEqual([2, 40, -1]);
  });

  it('keeps heights as guesses when rows are measured anew', () => {
    const made = heights(2);
    made.measure(0, 50);
    made.forget();
    expect(made.total).toBe(60);
    made.setRows([{ id: 'older' }, ...rows(0, 2)]);
    expect(made.total).toBe(30);
  });

  it('always agrees with a plain sum, whatever comes in where and is measured', () => {
    const step = oneof(
      record({ kind: constant('append' as const), by: integer({ min: 1, max: 5 }) }),
      record({ kind: constant('prepend' as const), by: integer({ min: 1, max: 5 }) }),
      record({ kind: constant('drop' as const), by: integer({ min: 1, max: 3 }) }),
      record({ kind: constant('measure' as const), by: integer({ min: 0, max: 40 }) }),
    );
    assert(
      property(array(step, { maxLength: 40 }), (steps) => {
        const made = new RowHeights<{ id: string }>(() => 10);
        const known = new Map<string, number>();
        let [from, to] = [1000, 1003];
        for (const { kind, by } of steps) {
          if (kind === 'append') to += by;
          if (kind === 'prepend') from -= by;
          if (kind === 'drop') from = Math.min(to, from + by);
          made.setRows(rows(from, to));
          if (kind !== 'measure' || by >= to - from) continue;
          made.measure(by, by + 5);
          known.set(`m${from + by}`, by + 5);
        }
        made.setRows(rows(from, to));
        let top = 0;
        rows(from, to).forEach(({ id }, index) => {
          expect(made.topOf(index)).toBe(top);
          top += known.get(id) ?? 10;
        });
        expect(made.total).toBe(top);
      }),
    );
  });
});
