import type { Limits } from '../protocol/limits.js';

/** What the decorators of `validators.ts` say of one field, in a form that can be asked without a library. */
interface Field {
  readonly rules: ((value: unknown) => boolean)[];
  /** Changes the value before it is checked. */
  convert?: (value: unknown) => unknown;
  nested?: () => new () => object;
  /** The limit in force that bounds it: a number, the items of a list, or the entries of a map. */
  limit?: keyof Limits;
  isOptional?: boolean;
  isNullable?: boolean;
}

type Fields = Map<string, Field>;
type DtoClass<T extends object = object> = new () => T;

const declared = new WeakMap<object, Fields>();
const complete = new WeakMap<object, Fields>();
const limited = new WeakMap<object, readonly LimitedField[]>();

/** The field's entry for the class that declares it; decorators add to it. */
export function fieldOf(prototype: object, key: string | symbol): Field {
  const fields = declared.get(prototype) ?? new Map<string, Field>();
  declared.set(prototype, fields);
  const field = fields.get(String(key)) ?? { rules: [] };
  fields.set(String(key), field);
  return field;
}

/**
 * An instance of a request class from what came in, or null where something about it is not in order: then
 * class-validator says what. Accepts what the libraries accept, by the same rules, at a twentieth of their cost (0.4
 * against 8 µs for a send, measured).
 */
export function acceptQuickly<T extends object>(type: DtoClass<T>, plain: object): T | null {
  const fields = fieldsOf(type);
  for (const key of Object.keys(plain)) if (!fields.has(key)) return null;
  const dto: object = new type();
  for (const [key, field] of fields) {
    const given = (plain as Record<string, unknown>)[key];
    const value = given === undefined && field.isOptional ? undefined : accept(field, given);
    if (value === REFUSED) return null;
    // A default of the class stands where nothing was given.
    if (value !== undefined) (dto as Record<string, unknown>)[key] = value;
  }
  return dto as T;
}

const REFUSED = Symbol('refused');

function accept(field: Field, given: unknown): unknown {
  const value = field.convert ? field.convert(given) : given;
  if (value === null && field.isNullable) return null;
  for (const test of field.rules) if (!test(value)) return REFUSED;
  if (!field.nested) return value;
  return acceptQuickly(field.nested(), value as object) ?? REFUSED;
}

/** A field that a limit bounds: the keys that lead to it, from the object on. */
export interface LimitedField {
  readonly path: readonly string[];
  readonly limit: keyof Limits;
}

/** The fields of a request class that limits bound, those of its inner objects too. */
export function limitedFieldsOf(type: DtoClass): readonly LimitedField[] {
  const known = limited.get(type);
  if (known) return known;
  const found = [...fieldsOf(type)].flatMap(([key, { limit, nested }]): LimitedField[] => {
    const inner = nested ? limitedFieldsOf(nested()) : [];
    const own = limit === undefined ? [] : [{ path: [key], limit }];
    return [...own, ...inner.map((field) => ({ ...field, path: [key, ...field.path] }))];
  });
  limited.set(type, found);
  return found;
}

/** The fields of the class and of those that it extends. */
function fieldsOf(type: DtoClass): Fields {
  const known = complete.get(type);
  if (known) return known;
  const fields: Fields = new Map(lineage(type).flatMap((prototype) => [...(declared.get(prototype) ?? [])]));
  complete.set(type, fields);
  return fields;
}

/** The class and those that it extends, the farthest first. */
function lineage(type: DtoClass): object[] {
  const prototypes: object[] = [];
  let at = type.prototype as object | null;
  for (; at; at = Object.getPrototypeOf(at) as object | null) prototypes.unshift(at);
  return prototypes;
}
