import { ParleyClient } from '../sdk/client.js';
import type { ConnectionStatus } from '../sdk/link.js';
import { Chat } from './chat.js';
import { attempt, byId } from './dom.js';
import { openDoor } from './door.js';
import { browserStore, onOtherLogin } from './login-store.js';
import { Names } from './names.js';
import { People } from './people.js';
import { RoomList } from './rooms.js';

const client = new ParleyClient({ url: location.origin, login: browserStore, device: 'Web page' });
const names = new Names(client, () => drawAll());
const chat = new Chat(client, names);
const people = new People(client, names);
const list = new RoomList(client, names, (roomId) => void open(roomId));
/** A room that was asked for before its `room.added` came. */
let wanted: string | null = null;

function drawAll(): void {
  list.draw();
  chat.draw();
}

async function open(roomId: string): Promise<void> {
  const room = client.rooms.get(roomId);
  wanted = room ? null : roomId;
  if (!room) return;
  list.current = roomId;
  byId('app').dataset.view = 'chat';
  list.draw();
  await Promise.all([chat.show(room), people.show(roomId)]);
}

async function close(): Promise<void> {
  list.current = null;
  byId('app').dataset.view = 'rooms';
  list.draw();
  await Promise.all([chat.show(null), people.show(null)]);
}

function show(isIn: boolean): void {
  byId('door').hidden = isIn;
  byId('app').hidden = !isIn;
  byId('me').textContent = client.user?.displayName ?? '';
}

function enter(): void {
  show(true);
  void close();
  // What cannot be reached now is tried again; the line at the top says so.
  client.connect().catch(() => undefined);
}

function tell(status: ConnectionStatus): void {
  const line = byId('status');
  if (status.state === 'online') line.textContent = '';
  else if (status.state === 'stopped')
    line.textContent = status.code === 1000 ? '' : `Disconnected: ${status.reason}. Reload the page to try again.`;
  else line.textContent = status.state === 'away' ? 'Connection lost. Trying again…' : 'Connecting…';
}

client.on('connection', (status) => {
  tell(status);
  byId('me').textContent = client.user?.displayName ?? '';
  // While it was away people may have come and gone.
  if (status.state === 'online') void Promise.all([people.show(list.current), chat.fill()]);
  drawAll();
});
client.on('room', ({ roomId }) => {
  list.draw();
  if (roomId === list.current) chat.draw();
});
client.on('rooms', () => {
  list.draw();
  if (wanted !== null && client.rooms.has(wanted)) void open(wanted);
});
client.on('reset', ({ room }) => {
  if (room.id === list.current) void open(room.id);
});
client.on('gone', ({ roomId }) => {
  if (roomId === list.current) void close();
});
client.on('signedOut', () => show(false));

byId('sign-out').addEventListener('click', () => {
  void attempt(byId('sign-out'), async () => {
    // Where the server cannot be told, the login has ended here all the same.
    await client.signOut().finally(() => show(false));
  });
});
byId('leave').addEventListener('click', () => {
  void attempt(byId('leave'), async () => {
    if (list.current !== null) await client.rest.leave(list.current);
  });
});
byId('back').addEventListener('click', () => void close());
window.addEventListener('online', () => client.wake());
document.addEventListener('visibilitychange', () => client.wake());
onOtherLogin(() => location.reload());

openDoor(client, enter);
if (client.hasLogin) enter();
else show(false);
