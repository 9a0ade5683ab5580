import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import type { FieldError } from '../protocol/errors.js';
import { ChatError } from './chat-error.js';
import { DEFAULT_LIMITS, type Limits } from '../protocol/limits.js';
import { acceptQuickly, limitedFieldsOf } from './dto-fields.js';
import { isObject } from './validators.js';

const MAX_ERRORS = 10;
const UNKNOWN_FIELD: FieldError = { path: '', code: 'unknownField', message: 'a field is not known here' };

/**
 * Makes an instance of a request class from what came in: every field checked, none converted unless its decorator
 * says so, none that the class does not declare. Used for REST bodies, queries and the data of commands.
 *
 * @param limits those in force; what is left out and has a default stays within them too
 * @throws ChatError `VALIDATION_FAILED` with the first ten faults; they name declared fields and never hold the input
 */
export function checkDto<T extends object>(type: new () => T, plain: unknown, limits: Limits = DEFAULT_LIMITS): T {
  if (!isObject(plain)) refuse([{ path: '', code: 'object', message: 'must be an object' }]);
  const dto = acceptQuickly(type, plain) ?? checkThoroughly(type, plain);
  for (const { path, limit } of limitedFieldsOf(type)) requireWithin(dto, plain, { path, at: 0, most: limits[limit] });
  return dto;
}

interface Bound {
  readonly path: readonly string[];
  /** The key of the path that is looked at. */
  readonly at: number;
  readonly most: number;
}

function requireWithin(dto: object, plain: object, { path, at, most }: Bound): void {
  const key = path[at];
  const value: unknown = Reflect.get(dto, key);
  const given: unknown = Reflect.get(plain, key);
  if (value === undefined || value === null) return;
  if (at < path.length - 1) return requireWithin(value, given as object, { path, at: at + 1, most });
  if (sizeOf(value) <= most) return;
  if (given !== undefined) refuse([{ path: path.join('.'), code: 'limit', message: `must be at most ${most}` }]);
  Reflect.set(dto, key, most);
}

/** A number itself, the characters of a text, the items of a list, the entries of a map. */
function sizeOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? [...value].length : Object.keys(value as object).length;
}

/** The same by class-transformer and class-validator, which can say what is wrong. */
export function checkThoroughly<T extends object>(type: new () => T, plain: object): T {
  if (hasInheritedName(plain)) refuse([UNKNOWN_FIELD]);
  const dto = plainToInstance(type, plain);
  const faults = validateSync(dto, {
    whitelist: true,
    forbidNonWhitelisted: true,
    // A class without fields is a class that takes none; `whitelist` sees to that.
    forbidUnknownValues: false,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
  });
  if (faults.length > 0) refuse(fieldErrors(faults, '').slice(0, MAX_ERRORS));
  return dto;
}

function refuse(errors: readonly FieldError[]): never {
  throw new ChatError('VALIDATION_FAILED', { errors });
}

/** class-validator takes a key such as `hasOwnProperty` for a declared field. */
function hasInheritedName(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key in Object.prototype || hasInheritedName(inner));
}

function fieldErrors(faults: readonly ValidationError[], base: string): FieldError[] {
  return faults.flatMap(({ property, constraints = {}, children = [] }) => {
    if ('whitelistValidation' in constraints) return [UNKNOWN_FIELD];
    const path = pathOf(base, property);
    const own = Object.entries(constraints).map(([code, message]) => ({ path, code, message }));
    return [...own, ...fieldErrors(children, path)];
  });
}

function pathOf(base: string, property: string): string {
  if (/^\d+$/.test(property)) return `${base}[${property}]`;
  return base ? `${base}.${property}` : property;
}
