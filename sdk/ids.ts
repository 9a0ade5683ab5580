import { ulidSource } from '../src/protocol/ulid.js';

/** A source of ids for messages and of keys for requests: ULIDs that rise. */
export const newIdSource = (): (() => string) =>
  ulidSource(
    () => Date.now(),
    (bytes) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>),
  );
