// A client for the terminal: node dist/sdk/examples/terminal.js http://127.0.0.1:3000 "Your name"
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import type { MessageView } from '../../src/protocol/views.js';
import { ParleyClient } from '../client.js';
import type { RoomState } from '../room-state.js';
import type { SocketClass } from '../socket.js';

const HELP =
  '/rooms · /create NAME · /join NAME · /open NAME · /older · /retry · /quit; anything else is said in the room';
/** Messages of history that are shown at once. */
const PAGE = 20;

const [url = 'http://127.0.0.1:3000', name] = process.argv.slice(2);
const client = new ParleyClient({ url, webSocket: WebSocket as unknown as SocketClass });
const names = new Map<string, string>();
let open: RoomState | null = null;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const titleOf = ({ view }: RoomState): string => view?.name ?? view?.peer?.displayName ?? 'a room';

/** Asks for the names that are not known yet, all at once. */
async function learnNames(messages: readonly MessageView[]): Promise<void> {
  const ids = messages.map(({ senderId }) => senderId).filter((id): id is string => id !== null && !names.has(id));
  if (ids.length === 0) return;
  for (const { id, displayName } of await client.rest.lookUpUsers([...new Set(ids)])) names.set(id, displayName);
}

async function show(messages: readonly MessageView[]): Promise<void> {
  await learnNames(messages);
  for (const { kind, senderId, text, payload } of messages) {
    if (kind === 'notice') print(`  * ${String(payload?.['type'])}`);
    else print(`${names.get(senderId ?? '') ?? 'somebody'}: ${text ?? '(deleted)'}`);
  }
}

async function enter(room: RoomState): Promise<void> {
  if (open) client.closeRoom(open.id);
  open = room;
  client.openRoom(room.id);
  if (room.messages.length < PAGE) await client.loadOlder(room.id, PAGE);
  print(`— ${titleOf(room)} —`);
  await show(room.messages.slice(-PAGE));
  client.read(room.id);
}

/** The room is here as soon as its event is; that may be a moment after the answer. */
async function enterSoon(roomId: string): Promise<void> {
  const known = client.rooms.get(roomId);
  if (known) return enter(known);
  const stop = client.on('rooms', (rooms) => {
    const room = rooms.get(roomId);
    if (!room) return;
    stop();
    void enter(room);
  });
}

async function join(wanted: string): Promise<void> {
  const { items } = await client.rest.publicRooms(wanted);
  const found = items.find((room) => room.name === wanted);
  if (!found) return print(`there is no room called ${wanted}`);
  await enterSoon((await client.rest.join(found.id)).id);
}

const commands: Readonly<Record<string, (argument: string) => Promise<void> | void>> = {
  '/rooms': () => [...client.rooms.values()].forEach((room) => print(`${titleOf(room)} (${room.unread} unread)`)),
  '/create': async (wanted) => enterSoon((await client.rest.createRoom({ name: wanted, visibility: 'public' })).id),
  '/join': join,
  '/open': (wanted) => {
    const room = [...client.rooms.values()].find((one) => titleOf(one) === wanted);
    return room ? enter(room) : print(`you are in no room called ${wanted}`);
  },
  '/older': async () => {
    const before = open?.messages[0]?.rev ?? 0;
    if (open) await client.loadOlder(open.id, PAGE);
    await show(open?.messages.filter(({ rev }) => rev < before) ?? []);
  },
  '/retry': () =>
    (open ? client.pending(open.id) : []).forEach(({ id, state }) => state === 'refused' && client.resend(id)),
  '/quit': async () => {
    input.close();
    await client.signOut();
  },
};

async function take(line: string): Promise<void> {
  const [word = '', ...rest] = line.trim().split(' ');
  const command = commands[word];
  if (command) return command(rest.join(' '));
  if (word.startsWith('/') || !open) return print(HELP);
  if (word !== '') client.send(open.id, line);
}

client.on('connection', (status) => {
  if (status.state === 'online') print('* online');
  if (status.state === 'away') print(`* away; trying again in ${Math.ceil(status.retryInMs / 1000)} s`);
});
client.on('message', ({ room, message }) => {
  if (room !== open) return;
  client.read(room.id);
  void show([message]);
});
client.on('refused', ({ message, error }) => print(`* not sent: "${message.text}": ${error.message} (${error.code})`));
client.on('gone', ({ reason }) => print(`* you are out of a room: ${reason}`));
client.on('signedOut', ({ message }) => print(`* signed out: ${message}`));

const input = createInterface({ input: process.stdin });
const me = await client.rest.guest(name);
await client.connect();
print(`* you are ${me.displayName}. ${HELP}`);
// One line after the other: what is said goes to the room that was opened before it.
for await (const line of input) await take(line).catch((error: Error) => print(`* ${error.message}`));
