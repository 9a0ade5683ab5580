import { computed } from '@preact/signals';
import { DEFAULT_LIMITS, type Limits } from '../../src/protocol/limits.js';
import { askServer, server } from '../app/server.js';

/** The limits of this server; the usual ones until it has told. */
export const limits = computed<Limits>(() => ({ ...DEFAULT_LIMITS, ...server.value?.limits }));

/** Asks the server, where it has not told yet. */
export function askLimits(): void {
  if (server.peek() === null) void askServer();
}
