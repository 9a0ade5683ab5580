// A bot that rolls dice: node dist/sdk/examples/bot.js http://127.0.0.1:3000 Garden
import { WebSocket } from 'ws';
import { ParleyClient } from '../client.js';
import type { SocketClass } from '../socket.js';

const [url = 'http://127.0.0.1:3000', name = 'Garden'] = process.argv.slice(2);
const client = new ParleyClient({ url, webSocket: WebSocket as unknown as SocketClass });

client.on('message', ({ room, message }) => {
  const asked = /^!roll (\d{1,2})d(\d{1,3})$/.exec(message.text ?? '');
  if (!asked || message.senderId === client.user?.id) return;
  const [dice, sides] = [Number(asked[1]), Number(asked[2])];
  const rolls = Array.from({ length: dice }, () => 1 + Math.floor(Math.random() * sides));
  const sum = rolls.reduce((total, roll) => total + roll, 0);
  client.send(room.id, { text: `${rolls.join(' + ')} = ${sum}`, replyToId: message.id });
});
client.on('refused', ({ message, error }) => {
  console.error(`not sent: ${error.code}`);
  client.discard(message.id);
});
client.on('signedOut', (error) => console.error(`the end: ${error.message}`));

await client.rest.guest('Dice');
await client.connect();
const { items } = await client.rest.publicRooms(name);
const found = items.find((room) => room.name === name);
if (found) await client.rest.join(found.id);
const { id } = found ?? (await client.rest.createRoom({ name, visibility: 'public' }));
await client.send(id, 'Write !roll 2d6, and I roll.').acked;
console.log(`rolling in ${name}`);
