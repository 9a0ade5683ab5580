import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Anything that JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };

/** Why the scripted server refuses: a code of docs/errors.md with what goes along. */
export type Refusal = { readonly code: string; readonly retryable?: boolean; readonly retryAfterMs?: number };

/** What the scripted server holds to be true: `session.ready`, `GET /sync` and history are made of it. */
export interface Truth {
  readonly epoch: string;
  readonly userRev: number;
  /** Laid over the default limits in `hello`. */
  readonly limits: JsonObject;
  readonly heartbeatMs: number;
  readonly rooms: { readonly [roomId: string]: JsonObject };
  /** Messages that `GET /rooms/:id/messages` knows, oldest first. */
  readonly history: { readonly [roomId: string]: readonly JsonObject[] };
}

/** One line of a vector; its meaning is in `vector.schema.json` and, in words, in the README. */
export type Step =
  | { readonly do: string; readonly [field: string]: Json }
  | { readonly start: StartStep }
  | { readonly frames: readonly JsonObject[] }
  | { readonly batch: readonly JsonObject[] }
  | { readonly lost: readonly JsonObject[] }
  | {
      readonly expect: string;
      readonly with?: JsonObject;
      readonly answer?: JsonObject;
      readonly refuse?: Refusal;
    }
  | { readonly standing: string; readonly answer: JsonObject }
  | { readonly requested: string }
  | { readonly server: JsonObject }
  | { readonly close: number; readonly goodbye?: JsonObject | null }
  | { readonly cut: true }
  | { readonly hush: true }
  | { readonly never: string }
  | { readonly backoff: { readonly attempts: number } }
  | { readonly state: JsonObject };

/** The next connection, from its `session.start` to `session.caughtUp`. */
export interface StartStep {
  /** What `session.start` has to say, at least. */
  readonly with?: JsonObject;
  /** Laid over the `session.ready` that follows from the truth. */
  readonly ready?: JsonObject;
  /** Durable frames between `session.ready` and `session.caughtUp`. */
  readonly missed?: readonly JsonObject[];
  /** In the place of `session.ready`; nothing follows. */
  readonly refuse?: Refusal;
}

/** A conversation between a scripted server and a client, and the state that the client has to be in. */
export interface Vector {
  readonly name: string;
  /** What a right client does. */
  readonly title: string;
  /** The rule of docs/protocol.md that says so. */
  readonly why: string;
  readonly truth?: JsonObject;
  /** What the client is asked to use in place of its own waiting times. */
  readonly timing?: JsonObject;
  readonly steps: readonly Step[];
}

/** A file of vectors: one, or one for each of `cases`, whose values stand in for `$name`. */
export type VectorFile = Vector & { readonly cases?: { readonly [name: string]: JsonObject } };

/** Every vector of a folder, by name. */
export function loadVectors(folder: string): Vector[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.sort().flatMap((name) => casesOf(readVector(join(folder, name))));
}

/** One file as it stands. */
export const readVector = (path: string): VectorFile => JSON.parse(readFileSync(path, 'utf8')) as VectorFile;

function casesOf({ cases, ...vector }: VectorFile): Vector[] {
  if (!cases) return [vector];
  return Object.entries(cases).map(([name, values]) => {
    const filled = fill(vector as unknown as Json, values) as unknown as Vector;
    return { ...filled, name: `${vector.name}/${name}` };
  });
}

function fill(value: Json, values: JsonObject): Json {
  if (typeof value === 'string') return value.startsWith('$') ? (values[value.slice(1)] ?? value) : value;
  if (Array.isArray(value)) return value.map((item: Json) => fill(item, values));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, values)]));
}

/** Whether it is an object, and neither a list nor null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text where one should be; nothing in place of anything else. */
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** `patch` laid over `base`, object by object; null takes out. */
export function merge(base: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...base };
  for (const [name, value] of Object.entries(patch)) {
    const known = merged[name];
    if (value === null) delete merged[name];
    else merged[name] = isObject(value) && isObject(known) ? merge(known, value) : value;
  }
  return merged;
}
