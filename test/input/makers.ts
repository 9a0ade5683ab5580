import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { encodeCursor } from '../../src/common/page-cursor.js';
import type { Json } from '../support/schemas.js';
import { CANARY, type Fields } from './fields.js';
import type { RequestKind } from './kinds.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'PROPFIND'];
/** An id that nothing has. */
export const ULID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

/** What differs from the good request; a body of null is none. */
export interface Given {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly body?: string | Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly authorization?: string;
  readonly at?: string;
}

/** What the makers ask of an operation. */
export interface Parts {
  readonly method: string;
  readonly template: string;
  readonly query: readonly Json[];
  readonly fields: Fields | null;
  readonly ids: readonly string[];
  readonly takesKey: boolean;
  readonly isPublic: boolean;
  /** The methods of the address. */
  readonly offered: readonly string[];
  /** The query that is in order. */
  readonly good: string;
  readonly bodyBytes: number;
}

type Maker = (parts: Parts) => Given[];

/** The address with an id that nothing has in the place of each parameter but an emoji's. */
export const withIds = (template: string): string =>
  template.replace('{emoji}', encodeURIComponent('👍')).replace(/\{\w+\}/g, ULID);

/** The path with each id in turn replaced. */
const idsAs =
  (...texts: readonly string[]): Maker =>
  ({ template, ids }) =>
    ids.flatMap((name) => texts.map((text) => ({ path: withIds(template.replace(`{${name}}`, text)), at: name })));

const withoutPath: (make: Maker) => Maker = (make) => (parts) => make(parts).map(({ at: _, ...given }) => given);

/** The good query with one name more, or another value for the name. */
function queryWith({ good }: Parts, name: string, value: string): string {
  const others = good.split('&').filter((part) => part && !part.startsWith(`${name}=`));
  return [...others, `${name}=${value}`].join('&');
}

/** Each name of the query for which there are bad values. */
const queriesAs =
  (valuesFor: (schema: Json, name: string) => readonly string[]): Maker =>
  (parts) =>
    parts.query.flatMap(({ name, schema }) =>
      valuesFor(schema, name as string).map((value) => ({ query: queryWith(parts, name as string, value), at: name })),
    );

const unknown = (parts: Parts, name: string, value = CANARY) => ({
  query: [parts.good, `${name}=${value}`].filter(Boolean).join('&'),
  at: '',
});

const numbers = (values: readonly string[]) => queriesAs(({ type }) => (type === 'integer' ? values : []));
const isText = (schema: Json, name: string) => schema.type === 'string' && name !== 'cursor';

const bodies =
  (make: (good: string, parts: Parts) => readonly (string | Buffer)[]): Maker =>
  (parts) =>
    parts.fields ? make(JSON.stringify(parts.fields.good), parts).map((body) => ({ body })) : [];

const typed =
  (headers: readonly Record<string, string>[]): Maker =>
  (parts) =>
    parts.fields ? headers.map((given) => ({ headers: given })) : [];

const packed = (body: Buffer, encoding: string): Given => ({ body, headers: { 'content-encoding': encoding } });

/** Whether the route reads what stands in a query. */
const readsQuery = ({ query }: Parts) => query.length > 0;

/** What can be wrong with a request, by kind. */
export const MAKERS: Record<RequestKind, Maker> = {
  pathNoId: idsAs(
    CANARY,
    ULID.toLowerCase(),
    ULID.slice(1),
    `${ULID}0`,
    `8${ULID.slice(1)}`,
    '0x10',
    '1e3',
    '-1',
    'null',
    `${ULID}%20`,
    `${ULID}%0a`,
    `${ULID}%00`,
    `a%2f${CANARY}`,
  ),
  pathTooLong: withoutPath(idsAs(CANARY.repeat(21))),
  pathUndecodable: withoutPath(idsAs(`%zz${CANARY}`, `${CANARY}%`, '%ff', '%c0%80', '%ed%a0%80')),
  pathCase: ({ template }) => {
    const path = withIds(template);
    return [{ path: path.replace('/api', '/API') }, { path: `${path}/` }, { path: path.replace('/v1/', '/v1//') }];
  },
  queryUnknown: (parts) =>
    readsQuery(parts) ? [unknown(parts, CANARY), unknown(parts, 'LIMIT'), unknown(parts, '')] : [],
  queryInherited: (parts) =>
    readsQuery(parts) ? ['__proto__', 'constructor', 'hasOwnProperty'].map((name) => unknown(parts, name)) : [],
  queryMany: (parts) => {
    const many = Array.from({ length: 200 }, (_, i) => `${CANARY}${i}=1`).join('&');
    return readsQuery(parts) ? [{ query: [parts.good, many].filter(Boolean).join('&'), at: '' }] : [];
  },
  queryMissing: ({ query, good }) =>
    query
      .filter(({ required }) => required)
      .map(({ name }) => ({ query: good.replace(`${name}=`, '').replace(/^(0|sample)$/, ''), at: name })),
  queryTwice: queriesAs((schema, name) => [schema.type === 'integer' ? `1&${name}=2` : `${CANARY}&${name}=${CANARY}`]),
  queryNoNumber: numbers([
    '0x10',
    '1e3',
    '%201',
    '1%20',
    '+1',
    '01',
    '1.5',
    '-1',
    '9007199254740993',
    '9'.repeat(30),
    CANARY,
    '',
    'NaN',
    'Infinity',
    '%D9%A1',
  ]),
  queryOutOfRange: queriesAs(({ type, minimum, maximum }) =>
    type === 'integer' ? [minimum - 1, ...(maximum ? [maximum + 1] : [])].map(String) : [],
  ),
  queryNoText: queriesAs((schema, name) => [
    ...(isText(schema, name) && schema.minLength !== 0 ? [''] : []),
    ...(schema.maxLength ? [CANARY + 'x'.repeat(schema.maxLength + 1 - CANARY.length)] : []),
  ]),
  queryNul: queriesAs((schema) => (schema.type === 'string' ? [`a%00${CANARY}`, `a%0a${CANARY}`] : [])),
  queryUndecodable: (parts) =>
    queriesAs((schema) => (schema.type === 'string' ? [`%zz${CANARY}`, '%', '%ff', '%c0%80', '%ed%a0%80'] : []))(
      parts,
    ).map(({ query }) => ({ query })),
  queryNoCursor: queriesAs((_, name) =>
    name === 'cursor'
      ? [CANARY, 'null', encodeCursor([]), encodeCursor([CANARY, CANARY, CANARY]), encodeCursor([1.5])]
      : [],
  ),
  bodyNone: ({ fields }) =>
    fields?.all.some(({ required, path }) => required && !path.includes('.')) ? [{ body: null }] : [],
  bodyEmpty: bodies(() => ['']),
  bodyNoJson: bodies((good) => [
    good.slice(0, -1),
    `${good.slice(0, -1)},}`,
    `${good}/*${CANARY}*/`,
    `{"a":NaN}`,
    `{'a':1}`,
    `${good}${good}`,
    CANARY,
    `\ufeff\ufeff${good}`,
  ]),
  bodyNoUtf8: bodies(() =>
    ['ff', 'c080', 'eda080', 'f0908d', 'f4908080'].map((hex) => Buffer.from(`7b2261223a22${hex}227d`, 'hex')),
  ),
  bodyNoObject: bodies(() => ['null', '[]', `"${CANARY}"`, '7', 'true']),
  bodyTooLarge: bodies((good, { bodyBytes }) => [good.padEnd(bodyBytes + 1, ' ')]),
  bodyMedia: typed(
    [
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain',
      `text/${CANARY}`,
      'application/xml',
      'application/json-patch+json',
      'application/json;;;',
      'application/json; charset=latin1',
      'application/json; charset=utf-16',
      'application/json, text/plain',
      '',
    ].map((type) => ({ 'content-type': type })),
  ),
  bodyPacked: ({ fields }) => {
    if (!fields) return [];
    const good = Buffer.from(JSON.stringify(fields.good));
    return [
      packed(gzipSync(good), 'gzip'),
      packed(deflateSync(good), 'deflate'),
      packed(brotliCompressSync(good), 'br'),
      packed(gzipSync(gzipSync(good)), 'gzip, gzip'),
      packed(good, 'gzip'),
      packed(good, CANARY),
    ];
  },
  method: ({ offered }) =>
    METHODS.filter((method) => !offered.includes(method) && !(method === 'HEAD' && offered.includes('GET'))).map(
      (method) => ({ method, body: null }),
    ),
  noToken: ({ isPublic }) =>
    isPublic
      ? []
      : [
          '',
          'Bearer',
          `Bearer ${CANARY}`,
          `Bearer a.b.${CANARY}`,
          `Basic ${CANARY}`,
          CANARY,
          `Bearer ${CANARY.repeat(800)}`,
        ].map((authorization) => ({ authorization })),
  keyBad: ({ takesKey }) =>
    takesKey
      ? ['', 'x'.repeat(65), `${CANARY} ${CANARY}`, 'é', `${CANARY}, ${CANARY}`].map((key) => ({
          headers: { 'idempotency-key': key },
        }))
      : [],
};
