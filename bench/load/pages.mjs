// W4: pages of history over REST, each from a random depth.
import { Agent, get } from 'node:http';

const AT_ONCE = 16;
const PAGE = 50;

/** @param depths `{ from, to }`: the revs between which the pages begin */
export async function pages({ url, roomId, token, depths, ms }, window) {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const read = (before) =>
    page(`${url}/api/v1/rooms/${roomId}/messages?before=${before}&limit=${PAGE}`, { agent, token });
  await Promise.all(Array.from({ length: AT_ONCE }, () => read(depths.to)));
  let count = 0;
  await window.open();
  const begun = performance.now();
  const worker = async () => {
    while (performance.now() - begun < ms) {
      const before = depths.from + Math.floor(Math.random() * (depths.to - depths.from));
      check(await read(before), before);
      count++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const elapsed = performance.now() - begun;
  await window.close();
  agent.destroy();
  return { pages: count, elapsed };
}

function page(url, { agent, token }) {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, text: Buffer.concat(chunks).latin1Slice() }));
    }).on('error', reject);
  });
}

/** The revs just below the place asked for, without a hole. Looked for in the text: parsing would cost the most here. */
function check({ status, text }, before) {
  if (status !== 200) throw new Error(`page below ${before}: ${status} ${text.slice(0, 200)}`);
  const revs = [...text.matchAll(/"rev":(\d+)/g)].map((found) => Number(found[1])).sort((a, b) => a - b);
  const isWhole = revs.length === PAGE && revs.every((rev, i) => rev === before - PAGE + i);
  if (!isWhole) throw new Error(`page below ${before}: ${revs.length} messages, from ${revs[0]}`);
}
