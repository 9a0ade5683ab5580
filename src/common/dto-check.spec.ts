import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { ChatError } from './chat-error.js';
import { checkDto, checkThoroughly } from './dto-check.js';
import { acceptQuickly } from './dto-fields.js';
import { Flag, Nested, Nullable, Optional, QueryInt, Text, Ulid, Whole, Word } from './validators.js';

const ID = '01J0000000000000000000000A';

class Inner {
  @Whole({ max: 5 }) size!: number;
}

class Dto {
  @Ulid() id!: string;
  @Optional() @Text({ max: 3, trim: true, line: true }) name?: string;
  @Nullable() @Text({ max: 3 }) topic?: string | null;
  @Optional() @Ulid({ each: true, max: 2 }) ids?: string[];
  @Optional() @Nested(() => Inner) inner?: Inner;
  @Optional() @Word('a', 'b') word?: string;
  @Optional() @Flag() flag?: boolean;
}

class Query {
  @Optional() @QueryInt({ min: 1, max: 100 }) limit = 50;
}

class Nothing {}

function faults(type: new () => object, plain: unknown): string[] {
  try {
    checkDto(type, plain);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    expect(error.code).toBe('VALIDATION_FAILED');
    return (error.errors ?? []).map(({ path, code }) => `${path}:${code}`);
  }
  return [];
}

describe('checkDto', () => {
  it('makes an instance and trims where it is told to', () => {
    const dto = checkDto(Dto, { id: ID, name: ' ab ', ids: [ID], inner: { size: 5 }, topic: null, flag: false });
    expect(dto).toBeInstanceOf(Dto);
    expect(dto).toEqual({ id: ID, name: 'ab', ids: [ID], inner: { size: 5 }, topic: null, flag: false });
  });

  it.each([
    [{ id: ID, name: null }, 'name:text'],
    [{ id: ID, name: '' }, 'name:text'],
    [{ id: ID, name: 'a\nb' }, 'name:text'],
    [{ id: ID, name: 'abcd' }, 'name:text'],
    [{ id: ID, topic: '\ud800' }, 'topic:text'],
    [{ id: ID, topic: '\0' }, 'topic:text'],
    [{ id: ID, topic: 1 }, 'topic:text'],
    [{ id: ID, ids: ID }, 'ids:ulid'],
    [{ id: ID, ids: [ID, ID, ID] }, 'ids:ulid'],
    [{ id: ID, ids: [1] }, 'ids:ulid'],
    [{ id: ID, inner: [] }, 'inner:object'],
    [{ id: ID, inner: null }, 'inner:object'],
    [{ id: ID, inner: { size: 6 } }, 'inner.size:whole'],
    [{ id: ID, inner: { size: '1' } }, 'inner.size:whole'],
    [{ id: ID, inner: { size: 1, secret: 1 } }, ':unknownField'],
    [{ id: ID, word: 'c' }, 'word:word'],
    [{ id: ID, flag: 'true' }, 'flag:flag'],
    [{ id: ID, more: 1 }, ':unknownField'],
    [JSON.parse(`{"id":"${ID}","hasOwnProperty":1}`), ':unknownField'],
    [JSON.parse(`{"id":"${ID}","__proto__":{"a":1}}`), ':unknownField'],
    [{ id: ID.toLowerCase() }, 'id:ulid'],
    [{}, 'id:ulid'],
    [[], ':object'],
    [null, ':object'],
    ['x', ':object'],
  ])('refuses %j', (plain, fault) => {
    expect(faults(Dto, plain)).toEqual([fault]);
  });

  it('counts code points, so three emoji are three characters', () => {
    expect(faults(Dto, { id: ID, topic: '🌊🌊🌊' })).toEqual([]);
    expect(faults(Dto, { id: ID, topic: '🌊🌊🌊🌊' })).toEqual(['topic:text']);
  });

  it('tells the first ten faults and nothing of the input', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`secret${i}`, 'password']));
    expect(faults(Dto, { id: ID, ...many })).toHaveLength(10);
    let told = '';
    try {
      checkDto(Dto, { ...many, id: 'secret' });
    } catch (error) {
      told = JSON.stringify((error as ChatError).errors);
    }
    expect(told).not.toMatch(/secret|password/);
  });

  it('reads plain decimal numbers from queries and nothing else', () => {
    expect(checkDto(Query, {}).limit).toBe(50);
    expect(checkDto(Query, { limit: '100' }).limit).toBe(100);
    for (const limit of [
      '',
      '0',
      '101',
      '0x10',
      '1e1',
      ' 1',
      '1.0',
      '-1',
      '01',
      'NaN',
      ['1', '2'],
      '9007199254740993',
    ]) {
      expect(faults(Query, { limit })).toEqual(['limit:whole']);
    }
  });

  it('takes an empty object, and no field, for a class without fields', () => {
    expect(faults(Nothing, {})).toEqual([]);
    expect(faults(Nothing, { a: 1 })).toEqual([':unknownField']);
  });

  it('accepts quickly exactly what the libraries accept, with the same result', () => {
    const values = [
      ID,
      'ab',
      ' ab ',
      '',
      'a',
      'c',
      null,
      1,
      true,
      [ID],
      [ID, ID, ID],
      [],
      {},
      { size: 5 },
      { size: 6 },
    ];
    const keys = ['id', 'name', 'topic', 'ids', 'inner', 'word', 'flag', 'more', 'constructor'];
    let accepted = 0;
    for (const key of keys) {
      for (const value of values) {
        const plain = JSON.parse(JSON.stringify({ id: ID, [key]: value })) as object;
        const thorough = outcome(() => checkThoroughly(Dto, plain));
        expect({ plain, dto: acceptQuickly(Dto, plain) }).toEqual({ plain, dto: thorough });
        if (thorough) accepted++;
      }
    }
    expect(accepted).toBeGreaterThan(10);
  });
});

function outcome<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
