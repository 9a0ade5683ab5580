import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import {
  type JsonSchema,
  type Schema,
  anyOf,
  count,
  flag,
  list,
  mapOf,
  named,
  nullable,
  object,
  oneOf,
  open,
  optional,
  string,
  time,
  toJsonSchema,
  ulid,
} from './schema.js';

const BASE = '#/$defs/';

/** The schema as one document of its own. */
function documentOf(schema: Schema<unknown>): JsonSchema {
  const parts: Record<string, JsonSchema> = {};
  const root = toJsonSchema(schema, BASE, parts);
  return { ...root, $defs: parts };
}

/** Whether each value fits, by a validator that is not ours. */
function fits(schema: Schema<unknown>, ...values: unknown[]): boolean[] {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  formats.default(ajv);
  const validate = ajv.compile(documentOf(schema));
  return values.map((value) => validate(value));
}

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

describe('toJsonSchema', () => {
  it('means what the simple shapes say', () => {
    expect(fits(string, 'x', '', 7, null)).toEqual([true, true, false, false]);
    expect(fits(ulid, ID, ID.toLowerCase(), `${ID}0`)).toEqual([true, false, false]);
    expect(fits(time, '2026-01-31T12:00:00.000Z', 'yesterday')).toEqual([true, false]);
    expect(fits(count, 0, 7, -1, 1.5, '7')).toEqual([true, true, false, false, false]);
    expect(fits(flag, true, false, 0, 'true')).toEqual([true, true, false, false]);
    expect(fits(open, {}, { a: [1] }, 'x', null)).toEqual([true, true, false, false]);
    expect(fits(oneOf('a', 'b'), 'a', 'c', null)).toEqual([true, false, false]);
  });

  it('means what the shapes of shapes say', () => {
    expect(fits(nullable(count), null, 1, 'x')).toEqual([true, true, false]);
    expect(fits(list(count), [], [1, 2], [1, 'x'], 1)).toEqual([true, true, false, false]);
    expect(fits(mapOf(count), {}, { a: 1 }, { a: 'x' })).toEqual([true, true, false]);
    expect(fits(anyOf(count, string), 1, 'x', true)).toEqual([true, true, false]);
  });

  it('asks for every field that is not optional, and for no other', () => {
    const shape = object({ id: ulid, name: nullable(string), note: optional(string) });
    expect(fits(shape, { id: ID, name: null }, { id: ID, name: 'x', note: 'y' })).toEqual([true, true]);
    expect(fits(shape, { id: ID }, { id: ID, name: null, note: null })).toEqual([false, false]);
    expect(fits(shape, { id: ID, name: null, extra: 1 })).toEqual([false]);
    expect(fits(object({}), {}, { extra: 1 })).toEqual([true, false]);
  });

  it('puts each named part in once and refers to it, optional and nullable ones too', () => {
    const part = named('Part', object({ size: count }));
    const whole = named('Whole', object({ one: part, more: list(part), maybe: optional(part), none: nullable(part) }));
    const parts: Record<string, JsonSchema> = {};
    expect(toJsonSchema(whole, BASE, parts)).toEqual({ $ref: '#/$defs/Whole' });
    expect(Object.keys(parts).sort()).toEqual(['Part', 'Whole']);
    expect(parts.Whole).toMatchObject({
      required: ['one', 'more', 'none'],
      properties: { one: { $ref: '#/$defs/Part' }, maybe: { $ref: '#/$defs/Part' } },
    });
    const value = { one: { size: 1 }, more: [{ size: 2 }], none: null };
    expect(fits(whole, value, { ...value, maybe: { size: 3 } }, { ...value, maybe: { size: 'x' } })).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('comes to an end where a part holds itself', () => {
    const tree: Schema<unknown> = named('Tree', {
      json: (ref) => ({
        type: 'object',
        additionalProperties: false,
        required: ['leaves'],
        properties: { leaves: { type: 'array', items: ref(tree) } },
      }),
    });
    expect(fits(tree, { leaves: [{ leaves: [] }] }, { leaves: [{ leaves: [7] }] })).toEqual([true, false]);
  });

  it('leaves parts alone that are there already', () => {
    const parts: Record<string, JsonSchema> = { Part: { type: 'string' } };
    toJsonSchema(named('Part', count), BASE, parts);
    expect(parts).toEqual({ Part: { type: 'string' } });
  });
});
