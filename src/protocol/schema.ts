/**
 * A very small schema language: one declaration gives the TypeScript type, the JSON Schema of the API documents and
 * the shape that tests hold every answer against. It has no package behind it, because the SDK and the page import it.
 */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A declared shape. `T` exists for the compiler only; `json` renders the shape, naming what has a name. */
export interface Schema<T> {
  readonly name?: string;
  readonly optional?: boolean;
  readonly json: (ref: (schema: Schema<unknown>) => JsonSchema) => JsonSchema;
  /** Never present at run time. */
  readonly type?: T;
}

/** The type that a schema declares. */
export type TypeOf<S> = S extends Schema<infer T> ? T : never;

type Fields = Readonly<Record<string, Schema<unknown>>>;
type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends { optional: true } ? K : never }[keyof F];
type ObjectOf<F extends Fields> = { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: TypeOf<F[K]> } & {
  readonly [K in OptionalKeys<F>]?: TypeOf<F[K]>;
};

const plain = <T>(json: JsonSchema): Schema<T> => ({ json: () => json });

/** Any text. */
export const string = plain<string>({ type: 'string' });
/** A ULID: 26 characters of Crockford's base 32, upper case. */
export const ulid = plain<string>({ type: 'string', pattern: '^[0-7][0-9A-HJKMNP-TV-Z]{25}$' });
/** RFC 3339, UTC, with milliseconds: `2026-01-31T12:00:00.000Z`. */
export const time = plain<string>({ type: 'string', format: 'date-time' });
/** A whole number, zero or more. */
export const count = plain<number>({ type: 'integer', minimum: 0 });
/** True or false. */
export const flag = plain<boolean>({ type: 'boolean' });
/** An object with fields that are not fixed here. */
export const open = plain<Readonly<Record<string, unknown>>>({ type: 'object' });

/** One of a few words. */
export const oneOf = <const W extends readonly string[]>(...words: W): Schema<W[number]> =>
  plain({ type: 'string', enum: words });

/** The shape, or null where it is unset. */
export const nullable = <T>(inner: Schema<T>): Schema<T | null> => ({
  json: (ref) => ({ anyOf: [ref(inner), { type: 'null' }] }),
});

/** A field that may be left out. */
export const optional = <T>(inner: Schema<T>): Schema<T> & { optional: true } => ({
  json: (ref) => ref(inner),
  optional: true,
});

/** A list. */
export const list = <T>(inner: Schema<T>): Schema<readonly T[]> => ({
  json: (ref) => ({ type: 'array', items: ref(inner) }),
});

/** A map from any key to one shape. */
export const mapOf = <T>(inner: Schema<T>): Schema<Readonly<Record<string, T>>> => ({
  json: (ref) => ({ type: 'object', additionalProperties: ref(inner) }),
});

/** One of several shapes. */
export const anyOf = <S extends readonly Schema<unknown>[]>(...inner: S): Schema<TypeOf<S[number]>> => ({
  json: (ref) => ({ anyOf: inner.map(ref) }),
});

/** Exactly these fields; each is required unless it is `optional`. */
export const object = <F extends Fields>(fields: F): Schema<ObjectOf<F>> => ({
  json: (ref) => ({
    type: 'object',
    additionalProperties: false,
    required: Object.keys(fields).filter((key) => !fields[key].optional),
    properties: Object.fromEntries(Object.entries(fields).map(([key, schema]) => [key, ref(schema)])),
  }),
});

/** Gives a schema the name under which the API documents list it. */
export const named = <T>(name: string, schema: Schema<T>): Schema<T> => ({ ...schema, name });

/**
 * Renders a schema as JSON Schema (draft 2020-12); named parts become references.
 *
 * @param base where the named parts will stand, such as `#/components/schemas/`
 * @param parts filled with every named part that is reached
 */
export function toJsonSchema(schema: Schema<unknown>, base: string, parts: Record<string, JsonSchema>): JsonSchema {
  const ref = (inner: Schema<unknown>): JsonSchema => {
    if (!inner.name) return inner.json(ref);
    if (!(inner.name in parts)) {
      parts[inner.name] = {};
      parts[inner.name] = inner.json(ref);
    }
    return { $ref: base + inner.name };
  };
  return ref(schema);
}
