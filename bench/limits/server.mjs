/**
 * The least that a chat server can do with the same parts (Node, `ws`, the same database, the same durability): the
 * yardstick of the benchmark. No rights, no numbers, no checks beyond JSON.parse.
 *
 *   node bench/limits/server.mjs --rooms <file> --database sqlite:<path>|mysql://<user>@<host>/<database>|none
 *
 * The file says who is in which room: {"<roomId>":["<userId>",…],…}.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';
import { openStore } from './stores.mjs';
import { Outbox, frameOf } from './wire.mjs';

const { rooms: roomsFile = '', database = 'none' } = parseArgs({
  options: { rooms: { type: 'string' }, database: { type: 'string' } },
}).values;

/** @type {Map<string, string[]>} */
const rooms = new Map(Object.entries(JSON.parse(readFileSync(roomsFile, 'utf8'))));
/** The started sockets of each user. @type {Map<string, Set<Outbox>>} */
const started = new Map();
/** @typedef {{ outbox: Outbox, commandId: unknown, message: import('./stores.mjs').Message }} Send */
/** @type {Send[]} */
let sends = [];
let isSaving = false;
const store = await openStore(database);

/** Group commit: what comes while a flush runs is the next flush; no timer. */
function saveNext() {
  const batch = sends;
  if (batch.length === 0) {
    isSaving = false;
    return;
  }
  sends = [];
  store.save(
    batch.map((send) => send.message),
    (error) => {
      if (error) throw error;
      for (const send of batch) deliver(send);
      // A turn later, so that what these acks set free shares a commit.
      setImmediate(saveNext);
    },
  );
}

/** @param {Send} send */
function deliver({ outbox, commandId, message }) {
  const { id, roomId, senderId, text } = message;
  outbox.push(frameOf(`{"id":${JSON.stringify(commandId)},"event":"ack","data":{"id":"${id}"}}`));
  const data = `{"id":"${id}","senderId":"${senderId}","text":${JSON.stringify(text)}}`;
  const frame = frameOf(`{"event":"message.created","roomId":"${roomId}","data":${data}}`);
  for (const userId of rooms.get(roomId) ?? []) {
    for (const member of started.get(userId) ?? []) member.push(frame);
  }
}

/** @param {import('ws').WebSocket} ws @param {import('node:net').Socket} socket */
function serve(ws, socket) {
  const outbox = new Outbox(socket);
  let userId = '';
  ws.on('message', (/** @type {Buffer} */ bytes) => {
    const { id: commandId, event, data } = JSON.parse(bytes.toString());
    if (event === 'session.start') {
      userId = data.token;
      started.set(userId, (started.get(userId) ?? new Set()).add(outbox));
      outbox.push(frameOf(JSON.stringify({ id: commandId, event: 'session.ready', data: { userId } })));
      return;
    }
    const { id, roomId, text } = data;
    sends.push({ outbox, commandId, message: { id, roomId, senderId: userId, text } });
    if (isSaving) return;
    isSaving = true;
    setImmediate(saveNext);
  });
  ws.on('close', () => started.get(userId)?.delete(outbox));
  ws.on('error', () => undefined);
}

const http = createServer();
const sockets = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  clientTracking: false,
  skipUTF8Validation: true,
});
http.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (ws) => serve(ws, /** @type {import('node:net').Socket} */ (socket)));
});
http.listen(0, '127.0.0.1', 16_384, () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (http.address());
  process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
});
process.once('SIGTERM', () => {
  store.close();
  process.exit(0);
});
