import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ValidateIf, ValidateNested, registerDecorator } from 'class-validator';
import type { Limits } from '../protocol/limits.js';
import { isUlid } from '../protocol/ulid.js';
import { fieldOf } from './dto-fields.js';

/**
 * Decorators for the fields of requests. Each checks strictly (nothing is converted, a list is a list) and tells the
 * API documents what it checks. Messages never hold the value.
 */

interface Rule {
  readonly code: string;
  readonly message: string;
  readonly test: (value: unknown) => boolean;
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** With `each`, the field is a list of `min` to `max` such values. */
interface ListBounds extends Bounds {
  readonly each?: boolean;
}

function all(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, key) => decorators.forEach((decorate) => decorate(target, key));
}

/** A rule of one's own: the value must pass `test`. */
export function rule({ code, message, test }: Rule): PropertyDecorator {
  return (target, key) => {
    fieldOf(target, key).rules.push(test);
    registerDecorator({
      name: code,
      target: target.constructor,
      propertyName: String(key),
      options: { message },
      validator: { validate: test },
    });
  };
}

/** Changes the value before its rules see it. */
const convert = (change: (value: unknown) => unknown): PropertyDecorator =>
  all(
    Transform(({ value }) => change(value)),
    (target, key) => (fieldOf(target, key).convert = change),
  );

const trimmed = (value: unknown): unknown => (typeof value === 'string' ? value.trim() : value);

/** Plain decimal digits; anything else stays as it is and is refused by the rule. */
const decimal = (value: unknown): unknown =>
  typeof value === 'string' && /^(0|[1-9]\d{0,15})$/.test(value) ? Number(value) : value;

function within(value: number, { min = 0, max = Number.MAX_SAFE_INTEGER }: Bounds): boolean {
  return value >= min && value <= max;
}

const listOf = (test: (value: unknown) => boolean, bounds: Bounds) => (value: unknown) =>
  Array.isArray(value) && within(value.length, bounds) && value.every(test);

/** The field may be left out. Unlike class-validator's `IsOptional`, null is refused. */
export const Optional = (): PropertyDecorator =>
  all(
    ApiProperty({ required: false }),
    ValidateIf((_, value) => value !== undefined),
    (target, key) => (fieldOf(target, key).isOptional = true),
  );

/** The field may be left out, or be null where null means "clear". */
export const Nullable = (): PropertyDecorator =>
  all(
    ApiProperty({ required: false, nullable: true }),
    ValidateIf((_, value) => value !== undefined && value !== null),
    (target, key) => Object.assign(fieldOf(target, key), { isOptional: true, isNullable: true }),
  );

/** A ULID in its canonical form, or a list of them. */
export function Ulid({ each = false, ...bounds }: ListBounds = {}): PropertyDecorator {
  const items = each ? { minItems: bounds.min, maxItems: bounds.max } : {};
  return all(
    ApiProperty({ type: String, isArray: each, pattern: '^[0-7][0-9A-HJKMNP-TV-Z]{25}$', ...items }),
    rule({
      code: 'ulid',
      message: each ? `must be a list of ULIDs${bounds.max ? `, at most ${bounds.max}` : ''}` : 'must be a ULID',
      test: each ? listOf(isUlid, bounds) : isUlid,
    }),
  );
}

interface TextOptions {
  /** Unicode code points. */
  readonly max: number;
  /** Unicode code points, 1 unless told. */
  readonly min?: number;
  /** Cuts white space off both ends before anything is checked. */
  readonly trim?: boolean;
  /** One line: control characters and line breaks are refused. */
  readonly line?: boolean;
}

/** A text that every database and every client can hold: well-formed Unicode without NUL. */
export function Text({ max, min = 1, trim = false, line = false }: TextOptions): PropertyDecorator {
  const forbidden = line ? /[\p{Cc}\u2028\u2029]/u : /\0/;
  // A code point is one or two UTF-16 units, so most texts need no counting.
  const short = (text: string) => text.length <= max || (text.length <= 2 * max && [...text].length <= max);
  return all(
    ...(trim ? [convert(trimmed)] : []),
    ApiProperty({ type: String, minLength: min, maxLength: max }),
    rule({
      code: 'text',
      message: `must be ${line ? 'one line of text' : 'a text'} of ${min} to ${max} characters`,
      test: (value) =>
        typeof value === 'string' &&
        short(value) &&
        (min <= 1 ? value.length >= min : [...value].length >= min) &&
        !forbidden.test(value) &&
        value.isWellFormed(),
    }),
  );
}

/** A whole number, zero or more unless told. */
export function Whole(bounds: Bounds = {}): PropertyDecorator {
  const { min = 0, max } = bounds;
  return all(
    ApiProperty({ type: 'integer', minimum: min, maximum: max }),
    rule({
      code: 'whole',
      message: `must be a whole number from ${min}${max === undefined ? '' : ` to ${max}`}`,
      test: (value) => Number.isSafeInteger(value) && within(value as number, bounds),
    }),
  );
}

/** The field stays within a limit in force: as a number, in its characters, its items, or its entries. */
export const AtMost = (limit: keyof Limits): PropertyDecorator =>
  all(
    ApiProperty({ description: `At most \`limits.${limit}\` of \`GET /config\` and of \`hello\`.` }),
    (target, key) => (fieldOf(target, key).limit = limit),
  );

/** A whole number in a query: plain decimal digits, out of range is refused and never clamped. */
export const QueryInt = (bounds: Bounds = {}): PropertyDecorator => all(convert(decimal), Whole(bounds));

/** ULIDs in a query: one text with commas between them. */
export const QueryUlids = (): PropertyDecorator =>
  all(
    convert((value) => (typeof value === 'string' ? value.split(',') : value)),
    ApiProperty({ type: String, pattern: '^[0-7][0-9A-HJKMNP-TV-Z]{25}(,[0-7][0-9A-HJKMNP-TV-Z]{25})*$' }),
    rule({ code: 'ulids', message: 'must be ULIDs with commas between them', test: listOf(isUlid, { min: 1 }) }),
  );

/** True or false. */
export const Flag = (): PropertyDecorator =>
  all(
    ApiProperty({ type: Boolean }),
    rule({ code: 'flag', message: 'must be true or false', test: (value) => typeof value === 'boolean' }),
  );

/** A time as RFC 3339 with an offset; seconds may have a fraction. */
export const Time = (): PropertyDecorator =>
  all(
    ApiProperty({ type: String, format: 'date-time' }),
    rule({ code: 'time', message: 'must be a time such as 2026-01-31T12:00:00.000Z', test: isTime }),
  );

/** An address that a mail may be sent to. Whether it exists, only a mail can tell. */
export const Email = (): PropertyDecorator =>
  all(
    ApiProperty({ type: String, format: 'email', maxLength: 254 }),
    rule({
      code: 'email',
      message: 'must be an e-mail address',
      test: (value) => typeof value === 'string' && value.length <= 254 && EMAIL.test(value),
    }),
  );

/** One of a few words. */
export const Word = (...words: readonly string[]): PropertyDecorator =>
  all(
    ApiProperty({ type: String, enum: [...words] } as ApiPropertyOptions),
    rule({
      code: 'word',
      message: `must be one of: ${words.join(', ')}`,
      test: (value) => typeof value === 'string' && words.includes(value),
    }),
  );

/** An object with checked fields of its own. */
export const Nested = (type: () => new () => object): PropertyDecorator =>
  all(
    // Swagger takes a function for a lazy type only where its name is `type`.
    ApiProperty({ type: () => type() }),
    Type(type),
    rule({ code: 'object', message: 'must be an object', test: (value) => isObject(value) }),
    ValidateNested(),
    (target, key) => (fieldOf(target, key).nested = type),
  );

/** Whether it is an object and no list. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const EMAIL = /^[^\s@<>"(),:;[\]\\]{1,64}@[^\s@<>"(),:;[\]\\]+\.[^\s@.]{2,}$/u;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

const isTime = (value: unknown): boolean =>
  typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value));
