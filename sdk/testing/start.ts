import { vi } from 'vitest';
import type { MessageView } from '../../src/protocol/views.js';
import { ParleyClient } from '../client.js';
import type { ClientEvents, ClientOptions } from '../client-types.js';
import { memoryStore } from '../tokens.js';
import type { FakeServer } from './fake-server.js';

/** A client of the fake server, with everything that it told. */
export interface Watched {
  readonly client: ParleyClient;
  /** The texts of new messages in the order in which they were told, by room; notices by their type. */
  readonly told: Map<string, string[]>;
  readonly states: ClientEvents['connection'][];
  readonly refused: ClientEvents['refused'][];
  readonly resets: string[];
  readonly errors: string[];
}

/** A client that is signed in and not connected yet. */
export function watch(server: FakeServer, options: Partial<ClientOptions> = {}): Watched {
  const { webSocket, fetch } = server;
  const client = new ParleyClient({ url: 'http://fake', webSocket, fetch, login: memoryStore('r0'), ...options });
  const watched: Watched = { client, told: new Map(), states: [], refused: [], resets: [], errors: [] };
  client.on('message', ({ room, message }) => {
    watched.told.set(room.id, [...(watched.told.get(room.id) ?? []), labelOf(message)]);
  });
  client.on('connection', (status) => watched.states.push(status));
  client.on('refused', (refusal) => watched.refused.push(refusal));
  client.on('reset', ({ room }) => watched.resets.push(room.id));
  client.on('error', (error) => watched.errors.push(error.code));
  return watched;
}

/** A client that is online. Needs fake timers. */
export async function online(server: FakeServer, options: Partial<ClientOptions> = {}): Promise<Watched> {
  const watched = watch(server, options);
  const connected = watched.client.connect();
  await vi.advanceTimersByTimeAsync(50);
  await connected;
  return watched;
}

/** The address that a `fetch` is for. */
export const addressOf = (target: Parameters<typeof fetch>[0]): string =>
  target instanceof Request ? target.url : target.toString();

/** Text, or the notice's type. */
export const labelOf = (message: MessageView): string => message.text ?? String(message.payload?.['type']);

/** The texts that the client shows of a room. */
export const shown = ({ client }: Watched, roomId: string): string[] =>
  (client.rooms.get(roomId)?.messages ?? []).map(labelOf);
