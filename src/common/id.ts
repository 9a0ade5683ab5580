import { randomFillSync } from 'node:crypto';
import { ulidSource } from '../protocol/ulid.js';

/** A new ULID; within this process each is greater than the one before. */
export const newId: () => string = ulidSource(Date.now, randomFillSync);
