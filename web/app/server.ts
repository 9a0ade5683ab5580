import { signal } from '@preact/signals';
import type { ConfigView } from '../../src/protocol/views.js';
import { client } from './client.js';

/** What the server tells of itself; null until it has. */
export const server = signal<ConfigView | null>(null);

const AGAIN_MS = 3000;

/** Whether it was asked in vain. */
export const isServerAway = signal(false);

/** Asks until it has been told. */
export async function askServer(): Promise<void> {
  try {
    server.value = await client.rest.config();
    isServerAway.value = false;
  } catch {
    isServerAway.value = true;
    setTimeout(() => void askServer(), AGAIN_MS);
  }
}
