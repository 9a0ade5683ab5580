import type { Problem } from './errors.js';

/** A command as it comes in: the client's `id` is returned in exactly one answer; without it there is none. */
export interface CommandFrame {
  readonly id?: string;
  readonly event: string;
  readonly data: unknown;
}

/** Any frame from the server, as a client reads it. */
export interface ServerFrame {
  readonly event: string;
  /** The command this answers. */
  readonly id?: string;
  readonly roomId?: string;
  readonly rev?: number;
  /** With `event: "skip"`: the revs from here to `rev` have nothing for this reader. */
  readonly fromRev?: number;
  readonly userRev?: number;
  /** When a durable change was made. */
  readonly at?: string;
  readonly data?: unknown;
}

/** Why a frame could not be read; the connection answers with the code. */
export class FrameError extends Error {
  constructor(
    readonly code: 'BAD_REQUEST' | 'UNSUPPORTED_EVENT',
    message: string,
    readonly id?: string,
  ) {
    super(message);
  }
}

const ID_LENGTH = 64;
const FIELDS = new Set(['id', 'event', 'data']);

/**
 * Reads one inbound frame: `{"id"?, "event", "data"?}`. Nothing in it is trusted yet but its shape.
 *
 * @param text the frame's payload, within the size limit already
 * @param maxDepth levels of nesting that are accepted
 * @throws FrameError when it is not JSON, not an object, has no event, a bad id, a field unknown here, text that is
 *   not well-formed Unicode, or nests too deep; with the frame's id where that could be read
 */
export function parseFrame(text: string, maxDepth: number): CommandFrame {
  const value = read(text);
  if (!isRecord(value)) throw new FrameError('BAD_REQUEST', 'A frame is a JSON object.');
  const { id, event, data } = value;
  if (id !== undefined && !isId(id)) {
    throw new FrameError('BAD_REQUEST', `An id is a text of 1 to ${ID_LENGTH} characters.`);
  }
  if (!isSimple(text, maxDepth)) check(value, maxDepth, id);
  if (typeof event !== 'string') throw new FrameError('BAD_REQUEST', 'A frame names its event.', id);
  for (const key in value) {
    if (!FIELDS.has(key)) throw new FrameError('BAD_REQUEST', 'A frame has id, event and data, nothing else.', id);
  }
  return { id, event, data: data ?? {} };
}

/**
 * `JSON.parse` with the bounds that every inbound text has.
 *
 * @throws FrameError `BAD_REQUEST` when it is not JSON, nests deeper than `maxDepth`, holds a lone surrogate or NUL,
 *   or a key that would reach a prototype
 */
export function parseJson(text: string, maxDepth: number): unknown {
  const value = read(text);
  if (!isSimple(text, maxDepth)) check(value, maxDepth);
  return value;
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FrameError('BAD_REQUEST', 'That is not JSON.');
  }
}

/**
 * Whether nothing in it needs a look of its own. What arrives is valid UTF-8, so lone surrogates and NUL can only come
 * as escapes, and a reserved name must stand there as it is or be escaped too. What opens seldom cannot nest deep.
 */
const isSimple = (text: string, maxDepth: number): boolean =>
  !/\\u|__proto__|constructor|prototype/.test(text) && countWithin(text, '[', countWithin(text, '{', maxDepth)) >= 0;

/** What is left of `most` after each occurrence has taken one; negative where there are more. */
function countWithin(text: string, character: string, most: number): number {
  let left = most;
  for (let at = text.indexOf(character); at >= 0 && left >= 0; at = text.indexOf(character, at + 1)) left--;
  return left;
}

function check(value: unknown, depth: number, id?: string): void {
  if (typeof value === 'string') return checkText(value, id);
  if (typeof value !== 'object' || value === null) return;
  if (depth === 0) throw new FrameError('BAD_REQUEST', 'That nests too deep.', id);
  if (Array.isArray(value)) {
    for (const item of value) check(item, depth - 1, id);
    return;
  }
  for (const key of Object.keys(value)) {
    checkKey(key, id);
    check((value as Record<string, unknown>)[key], depth - 1, id);
  }
}

function checkKey(key: string, id: string | undefined): void {
  if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
    throw new FrameError('BAD_REQUEST', 'A key has a reserved name.', id);
  }
  checkText(key, id);
}

function checkText(text: string, id: string | undefined): void {
  if (!isText(text)) throw new FrameError('BAD_REQUEST', 'A text is not valid Unicode.', id);
}

// Lone surrogates cannot be stored as UTF-8, and MySQL tools cut at NUL.
const isText = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

const isId = (id: unknown): id is string =>
  typeof id === 'string' && id.length > 0 && id.length <= ID_LENGTH && isText(id);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An `error` frame's data is a problem. */
export type ErrorFrame = ServerFrame & { readonly event: 'error'; readonly data: Problem };
