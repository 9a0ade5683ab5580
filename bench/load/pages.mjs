// W4 over REST: pages of history, each from a random depth, and what was missed of a room.
import { Agent, get } from 'node:http';

const AT_ONCE = 16;
const PAGE = 50;

/** @param depths `{ from, to }`: the revs between which the pages begin */
export function pages({ url, roomId, token, depths, ms }, window) {
  const read = async (agent) => {
    const before = depths.from + Math.floor(Math.random() * (depths.to - depths.from));
    const path = `${url}/api/v1/rooms/${roomId}/messages?before=${before}&limit=${PAGE}`;
    check(await get200(path, { agent, token }), before);
  };
  return readOver(read, ms, window);
}

/** @param missed `{ since, count }`: where the client stands, and how many changes it has to get */
export function changes({ url, roomId, token, missed, ms }, window) {
  const path = `${url}/api/v1/rooms/${roomId}/changes?since=${missed.since}&limit=${missed.count}`;
  const read = async (agent) => {
    const found = [...(await get200(path, { agent, token })).matchAll(/"rev":\d+,"event"/g)].length;
    if (found !== missed.count) throw new Error(`${found} changes of ${missed.count}`);
  };
  return readOver(read, ms, window);
}

async function readOver(read, ms, window) {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  await Promise.all(Array.from({ length: AT_ONCE }, () => read(agent)));
  let count = 0;
  await window.open();
  const begun = performance.now();
  const worker = async () => {
    while (performance.now() - begun < ms) {
      await read(agent);
      count++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const elapsed = performance.now() - begun;
  await window.close();
  agent.destroy();
  return { pages: count, elapsed };
}

async function get200(path, ask) {
  const { status, text } = await answerOf(path, ask);
  if (status !== 200) throw new Error(`${path}: ${status} ${text.slice(0, 200)}`);
  return text;
}

function answerOf(url, { agent, token }) {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, text: Buffer.concat(chunks).latin1Slice() }));
    }).on('error', reject);
  });
}

/** The revs just below the place asked for, without a hole. Looked for in the text: parsing would cost the most here. */
function check(text, before) {
  const revs = [...text.matchAll(/"rev":(\d+)/g)].map((found) => Number(found[1])).sort((a, b) => a - b);
  const isWhole = revs.length === PAGE && revs.every((rev, i) => rev === before - PAGE + i);
  if (!isWhole) throw new Error(`page below ${before}: ${revs.length} messages, from ${revs[0]}`);
}
