import { signal } from '@preact/signals';
import type { ConfigView } from '../../src/protocol/views.js';
import { client } from './client.js';

/** What the server tells of itself; null until it has. */
export const server = signal<ConfigView | null>(null);

const AGAIN_MS = 3000;

/** Asks until it has been told. */
export function askServer(): void {
  client.rest.config().then(
    (config) => (server.value = config),
    () => setTimeout(askServer, AGAIN_MS),
  );
}
