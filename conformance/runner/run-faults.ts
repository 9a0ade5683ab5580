import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { IntegrityView } from '../../src/protocol/message-views.js';
import { ulidSource } from '../../src/protocol/ulid.js';
import type { MessageView } from '../../src/protocol/views.js';
import type { ClientState, RoomLineState } from '../adapters/serve.js';
import { shownMessage } from '../adapters/serve.js';
import { type AdapterSource, AdapterTalk } from './adapter.js';
import { FaultProxy, randomOf } from './fault-proxy.js';
import { Person } from './person.js';
import type { RealServer } from './real-server.js';

/** How bad it gets. */
export interface FaultOptions {
  readonly seed: number;
  /** So many things happen in the room. */
  readonly actions: number;
  /** How long the client has to be right when the network is well again, in milliseconds. */
  readonly settleMs: number;
}

/** What came of it: what is wrong with the client's copy, and what the network did to it. */
export interface FaultResult {
  readonly faults: readonly string[];
  readonly network: FaultProxy['done'];
}

const TIMING = { firstRetryMs: 20, maxRetryMs: 200, graceMs: 500 };
const EMOJI = ['🌹', '🌻', '🍀'];
const newId = ulidSource(Date.now, (bytes) => crypto.getRandomValues(bytes));

interface Scene {
  readonly ann: Person;
  readonly roomId: string;
  readonly client: AdapterTalk;
  readonly random: () => number;
  /** How much has happened. */
  acts: number;
  /** What Ann wrote and has not deleted. */
  readonly written: string[];
  /** What the client was given to send, in order. */
  readonly sent: string[];
}

/** A talk over a bad network, with a kill of the server in its middle; then the client's copy against the server's. */
export async function runFaults(
  server: RealServer,
  source: AdapterSource,
  { seed, actions, settleMs }: FaultOptions,
): Promise<FaultResult> {
  const random = randomOf(seed);
  const [ann, ben] = [await Person.enter(server.url, 'Ann'), await Person.enter(server.url, 'Ben')];
  const { id: roomId } = await ann.call<{ id: string }>('POST', '/rooms', { name: 'Garden', visibility: 'public' });
  await ben.call('POST', `/rooms/${roomId}/join`);
  const proxy = new FaultProxy(Number(new URL(server.url).port), random);
  const client = new AdapterTalk(source());
  const { accessToken, refreshToken } = ben.tokens;
  try {
    client.say({ do: 'connect', url: await proxy.listen(), accessToken, refreshToken, timing: TIMING });
    const first = await until(client, (state) => state.rooms[roomId]?.name === 'Garden', settleMs);
    const scene: Scene = { ann, roomId, client, random, acts: 0, written: [], sent: [] };
    proxy.isWild = true;
    // What is there is well; it comes back to worse.
    proxy.cutAll();
    await talk(scene, proxy, actions / 2);
    await server.kill();
    await server.start();
    await talk(scene, proxy, actions / 2);
    proxy.isWild = false;
    const above = first?.rooms[roomId]?.lastRev ?? 0;
    return { faults: await compare(scene, { ben, above, settleMs }), network: { ...proxy.done } };
  } finally {
    client.end();
    await proxy.stop();
  }
}

async function talk(scene: Scene, proxy: FaultProxy, actions: number): Promise<void> {
  for (let done = 0; done < actions; done++) {
    await act(scene);
    if (scene.random() < 0.03) proxy.cutAll();
    await pause(scene.random() * 20);
  }
}

async function act(scene: Scene): Promise<void> {
  const { ann, roomId, client, random, written, sent } = scene;
  const at = ++scene.acts;
  const dice = random();
  const id = written[Math.floor(random() * written.length)];
  if (dice < 0.25) {
    client.say({ do: 'send', roomId, text: `mine ${at}` });
    sent.push(`mine ${at}`);
    return;
  }
  if (dice < 0.6 || id === undefined) {
    written.push(newId());
    return ann.call('POST', `/rooms/${roomId}/messages`, { id: written.at(-1), text: `hers ${at}` });
  }
  if (dice < 0.8) return ann.call('PATCH', `/messages/${id}`, { text: `hers, edited ${at}` });
  if (dice < 0.93) {
    const emoji = EMOJI[at % EMOJI.length] ?? '';
    return ann.call('PUT', `/messages/${id}/reactions/${encodeURIComponent(emoji)}`);
  }
  written.splice(written.indexOf(id), 1);
  return ann.call('DELETE', `/messages/${id}`);
}

async function compare(
  { roomId, client, sent }: Scene,
  { ben, above, settleMs }: { readonly ben: Person; readonly above: number; readonly settleMs: number },
): Promise<string[]> {
  // The last reactions are told a moment after they were made.
  const isDone = async (state: ClientState): Promise<boolean> => {
    const { headRev } = await ben.call<IntegrityView>('GET', `/rooms/${roomId}/integrity`);
    return state.connection === 'online' && state.pending.length === 0 && state.rooms[roomId]?.lastRev === headRev;
  };
  const state = await until(client, isDone, settleMs);
  if (!state) return [`it has not come to an end: ${JSON.stringify(await client.state()).slice(0, 500)}`];
  const room = state.rooms[roomId];
  if (!room) return ['the room is not there any more'];
  const history = await ben.history(roomId, above);
  const texts = history.filter(({ senderId }) => senderId === ben.user.id).map(({ text }) => text);
  const unread = (await ben.sync()).rooms.find(({ id }) => id === roomId)?.unread;
  return [
    ...differences(room, history, above),
    ...unless(await hasChecksum(room, { ben, roomId, above }), 'its checksum is not that of GET /rooms/:id/integrity'),
    ...unless(room.unread === unread, `unread is ${room.unread}, and by GET /sync ${unread}`),
    ...unless(texts.join('\n') === sent.join('\n'), `it was given ${sent.join(', ')}; stored is ${texts.join(', ')}`),
  ];
}

/** The client's copy against history, message by message. */
function differences({ messages }: RoomLineState, history: readonly MessageView[], above: number): string[] {
  const shown = messages.filter(({ rev }) => rev > above);
  const wrong = history.filter((message, at) => JSON.stringify(shown[at]) !== JSON.stringify(shownMessage(message)));
  const [first] = wrong;
  const at = first ? history.indexOf(first) : -1;
  return [
    ...unless(shown.length === history.length, `it shows ${shown.length} messages of ${history.length}`),
    ...unless(!first, `message ${at}: it is ${JSON.stringify(first)}, shown is ${JSON.stringify(shown[at])}`),
  ];
}

async function hasChecksum(
  { messages, lastRev }: RoomLineState,
  { ben, roomId, above }: { readonly ben: Person; readonly roomId: string; readonly above: number },
): Promise<boolean> {
  const path = `/rooms/${roomId}/integrity?from=${above + 1}&to=${lastRev}`;
  const { checksum } = await ben.call<IntegrityView>('GET', path);
  const lines = messages.filter(({ rev }) => rev > above).map(({ rev, id, lastRev: last }) => `${rev}:${id}:${last}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex') === checksum;
}

const unless = (isRight: boolean, fault: string): string[] => (isRight ? [] : [fault]);

/** The client's state as soon as it is so; null where it does not come to that. */
async function until(
  client: AdapterTalk,
  isIt: (state: ClientState) => boolean | Promise<boolean>,
  withinMs: number,
): Promise<ClientState | null> {
  const end = performance.now() + withinMs;
  while (performance.now() < end) {
    const state = (await client.state()) as unknown as ClientState;
    if (await isIt(state)) return state;
    await pause(20);
  }
  return null;
}
