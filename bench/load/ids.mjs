import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID as a client makes it. */
export function newId() {
  let time = '';
  for (let left = Date.now(), i = 0; i < 10; i++, left = Math.floor(left / 32)) time = ALPHABET[left % 32] + time;
  let rest = '';
  for (const byte of randomBytes(16)) rest += ALPHABET[byte & 31];
  return time + rest;
}

/** A text of that many bytes which no two messages share. */
export const textOf = (bytes, id) => `${id} `.padEnd(bytes, 'lorem ipsum dolor sit amet ');
