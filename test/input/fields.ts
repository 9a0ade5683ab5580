import type { Json } from '../support/schemas.js';
import type { FieldKind } from './kinds.js';

/** What stands in every part of bad input, and may come back in no answer and no log. */
export const CANARY = 'cAnArY9q2x';

const ULID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const RESERVED = ['__proto__', 'constructor', 'prototype'];
/** Texts that the schema does not describe to the end. */
const SAMPLES: Record<string, unknown> = {
  password: 'a fine long password',
  newPassword: 'another fine long password',
  username: 'somebody',
  emoji: '👍',
};

/** One bad object: its JSON, and the path of the fault where it has one. */
export interface BadFields {
  readonly json: string;
  readonly at?: string;
}

/** One field of a request, wherever it is. */
interface Field {
  readonly path: string;
  readonly name: string;
  readonly schema: Json;
  readonly required: boolean;
  readonly nullable: boolean;
  /** The whole object, with this value in the place of the field; undefined leaves it out. */
  readonly put: (value: unknown) => Json;
}

type Schemas = Readonly<Record<string, Json>>;

/** A request class as the API document describes it, with everything it can be sent wrong. */
export class Fields {
  /** An object that is in order. */
  readonly good: Json;
  readonly all: readonly Field[];
  /** The paths of all objects that list their fields. */
  private readonly objects: readonly ((extra: object) => Json)[];

  constructor(
    schema: Json,
    private readonly schemas: Schemas,
  ) {
    const root = this.resolve(schema);
    this.good = this.sampleOf('', root);
    const nested = this.fieldsOf(root, '', (value) => value);
    this.all = nested;
    const inner = nested.filter(({ schema: part }) => part.properties);
    this.objects = [
      (extra) => ({ ...this.good, ...extra }),
      ...inner.map(
        ({ put, schema: part }) =>
          (extra: object) =>
            put({ ...this.sampleOf('', part), ...extra }),
      ),
    ];
  }

  bad(kind: FieldKind): BadFields[] {
    return WHOLE[kind]?.(this) ?? this.all.flatMap((field) => (SINGLE[kind]?.(field) ?? []).map(toBad(field)));
  }

  /** The object with more fields in it, at the top and in every object inside. */
  extended(extra: object): BadFields[] {
    return this.objects.map((put) => ({ json: JSON.stringify(put(extra)), at: '' }));
  }

  private fieldsOf(object: Json, base: string, outer: (value: Json) => Json): Field[] {
    const sample = this.sampleOf('', object);
    return Object.keys(object.properties ?? {}).flatMap((name) => {
      const declared = object.properties[name];
      const schema = this.resolve(declared);
      const path = base ? `${base}.${name}` : name;
      const put = (value: unknown) => outer({ ...sample, [name]: value });
      const required = (object.required ?? []).includes(name) as boolean;
      const own = { path, name, schema, required, nullable: isNullable(declared), put };
      return [own, ...this.fieldsOf(schema, path, put)];
    });
  }

  private resolve(schema: Json): Json {
    if (schema.anyOf) return this.resolve(schema.anyOf.find((part: Json) => part.$ref));
    return schema.$ref ? this.schemas[schema.$ref.split('/').at(-1)] : schema;
  }

  /** Required fields, and the text, without which a message would be nothing: an object that is in order for the schema. */
  private sampleOf(name: string, schema: Json): Json {
    if (name in SAMPLES) return SAMPLES[name];
    if (schema.enum) return schema.enum[0];
    const type = typeOf(schema);
    if (type === 'array') return [];
    if (type === 'integer') return schema.minimum ?? 0;
    if (type === 'string') return schema.pattern ? ULID : 'sample';
    if (type === 'boolean') return true;
    const required = ((schema.required ?? []) as string[]).concat(schema.properties?.forwardOf ? ['text'] : []);
    return Object.fromEntries(required.map((key) => [key, this.sampleOf(key, this.resolve(schema.properties[key]))]));
  }
}

const typeOf = ({ type }: Json): string => (Array.isArray(type) ? type.find((name) => name !== 'null') : type);
const isNullable = ({ type, anyOf }: Json): boolean =>
  (Array.isArray(type) && type.includes('null')) || (anyOf ?? []).some((part: Json) => part.type === 'null');

/** Infinity stands for a number that no double holds; JSON has no other way to say it. */
const toJson = (value: unknown): string => JSON.stringify(value, replaced).replaceAll('"∞"', '1e999');
const replaced = (_: string, value: unknown) => (value === Infinity ? '∞' : value);

const toBad =
  ({ put, path }: Field) =>
  (value: unknown): BadFields => ({ json: toJson(put(value)), at: path });

const BY_TYPE: Record<string, unknown> = {
  string: CANARY,
  integer: 7,
  boolean: true,
  array: [CANARY],
  object: { [CANARY]: CANARY },
};

const BAD_IDS = [
  CANARY,
  ULID.toLowerCase(),
  ULID.slice(1),
  `${ULID}0`,
  `8${ULID.slice(1)}`,
  `${ULID}\n`,
  ` ${ULID}`,
  ULID.replace('A', 'I'),
  '0x10',
  '1e3',
  '',
];

const whole = (values: readonly unknown[]) => (schema: Json) => (typeOf(schema) === 'integer' ? values : []);
const numbersOutOf = ({ minimum = 0, maximum }: Json): unknown[] => [
  minimum - 1,
  ...(maximum === undefined ? [] : [maximum + 1]),
  1.5,
  2 ** 53,
  Infinity,
  -1e300,
];

const isText = (schema: Json) => typeOf(schema) === 'string' && !schema.enum && !schema.pattern && !schema.format;

/** What is wrong with one field alone: the values that stand in its place. */
const SINGLE: Partial<Record<FieldKind, (field: Field) => readonly unknown[]>> = {
  missing: ({ required }) => (required ? [undefined] : []),
  wrongType: ({ schema }) =>
    Object.entries(BY_TYPE).flatMap(([type, value]) => (type === typeOf(schema) ? [] : [value])),
  nothing: ({ nullable }) => (nullable ? [] : [null]),
  tooLong: ({ schema }) => (schema.maxLength ? [oneMoreThan(schema.maxLength as number)] : []),
  tooShort: ({ schema }) => (schema.minLength > 0 ? [''] : []),
  noWord: ({ schema }) => (schema.enum ? [CANARY, '', String(schema.enum[0]).toUpperCase()] : []),
  noId: ({ schema }) => (schema.pattern && typeOf(schema) === 'string' ? BAD_IDS : []),
  noFormat: ({ schema }) => BAD_FORMATS[schema.format as string] ?? [],
  outOfRange: ({ schema }) => whole(numbersOutOf(schema))(schema),
  noItem: ({ schema }) => (schema.items ? [...BAD_IDS, 7, null, {}].map((item) => [ULID, item]) : []),
  noMap: ({ schema }) => (isMap(schema) ? [{ [CANARY]: 1 }, { [ULID]: CANARY }, { [ULID]: -1 }, { [ULID]: 1.5 }] : []),
};

const isMap = (schema: Json) => typeOf(schema) === 'object' && !schema.properties;

/** Characters of two UTF-16 units each count as one; long texts must still fit into a frame. */
const oneMoreThan = (length: number): string =>
  CANARY + (length > 4096 ? 'x' : '😀').repeat(length + 1 - CANARY.length);

const BAD_FORMATS: Record<string, readonly string[]> = {
  'date-time': [CANARY, '', '2026-01-31', '2026-01-31T12:00:00', '2026-13-31T12:00:00Z', '1767225600000'],
  email: [CANARY, '', `${CANARY}@`, `@${CANARY}.example`, `a b@${CANARY}.example`, `a@${CANARY}`, `a@b@c.example`],
};

const escaped =
  (text: string) =>
  ({ good, all }: Fields): BadFields[] => [
    ...all.filter(({ schema }) => isText(schema)).map(({ put }) => ({ json: raw(put('@'), text) })),
    { json: raw({ ...good, '@': 1 }, text) },
  ];

/** JSON with an escape that `JSON.stringify` would write in another way. */
const raw = (value: unknown, text: string): string => JSON.stringify(value).replace('"@"', `"${CANARY}${text}"`);

const nest = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

/** What is wrong with the object as a whole. */
const WHOLE: Partial<Record<FieldKind, (fields: Fields) => BadFields[]>> = {
  unknown: (fields) => fields.extended({ [CANARY]: CANARY }),
  unknownMany: ({ good }) => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`~${i}`, 1]));
    return [{ json: JSON.stringify({ ...good, [CANARY]: CANARY, ...many }), at: '' }];
  },
  inherited: (fields) =>
    ['hasOwnProperty', 'toString', 'valueOf'].flatMap((name) => fields.extended({ [name]: CANARY })),
  reserved: ({ good }) =>
    RESERVED.flatMap((name) => {
      const bare = JSON.stringify(good).slice(0, -1) + (Object.keys(good).length > 0 ? ',' : '');
      const bad = `"${name}":{"${CANARY}":1}}`;
      return [
        { json: `${bare}${bad}` },
        { json: `${bare}"a":[{${bad}]}` },
        { json: `${bare}"\\u00${hex(name)}${bad.slice(2)}` },
      ];
    }),
  twice: ({ all, good }) =>
    all
      .filter(({ path, required }) => required && !path.includes('.'))
      .map(({ name, path }) => ({ json: `${JSON.stringify(good).slice(0, -1)},"${name}":{"${CANARY}":1}}`, at: path })),
  surrogate: escaped('\\ud800'),
  nul: escaped('\\u0000'),
  tooDeep: ({ good }) =>
    [16, 5000].map((levels) => ({ json: JSON.stringify({ ...good, '@': 1 }).replace('"@":1', `"@":${nest(levels)}`) })),
};

const hex = (text: string): string => text.charCodeAt(0).toString(16);
