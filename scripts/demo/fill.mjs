// Fills a server over its API, through the SDK, as people would.
import { ParleyClient } from '../../dist/sdk/client.js';
import { ParleyError } from '../../dist/sdk/errors.js';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { ASKS, CAST, FRIENDS, HERE, PASSWORD, ROOMS } from './cast.mjs';
import { fileOf } from './scenes.mjs';
import { DIRECT, TALKS } from './talks.mjs';

/** Some of the cast come in and stay, so that the page shows who is here. */
export async function comeIn(url) {
  for (const name of HERE) {
    const client = new ParleyClient({ url, webSocket: WebSocket });
    await patiently(() => client.rest.login(name, PASSWORD, 'Demo'));
    await client.connect();
  }
}

/** @returns whether the server was filled now; false where the demo lives there already */
export async function fill(url) {
  const people = Object.fromEntries(
    Object.keys(CAST).map((name) => [name, new ParleyClient({ url, webSocket: WebSocket })]),
  );
  if (await isFilled(people.mei)) return false;
  for (const [name, { displayName, bio, status }] of Object.entries(CAST)) {
    const { rest } = people[name];
    await patiently(() => rest.register({ username: name, password: PASSWORD, displayName }));
    await rest.account.update({ bio, ...(status ? { status } : {}) });
  }
  await befriend(people);
  for (const [name, room] of Object.entries(ROOMS)) await talk(people, await open(people, room), TALKS[name]);
  for (const {
    of: [one, other],
    lines,
  } of DIRECT) {
    const { id } = await people[one].rest.directRoom(people[other].user.id);
    await talk(people, id, lines);
  }
  return true;
}

async function isFilled({ rest }) {
  try {
    await rest.login('mei', PASSWORD);
    return true;
  } catch (error) {
    if (error instanceof ParleyError && error.code === 'UNAUTHORIZED') return false;
    throw error;
  }
}

async function befriend(people) {
  const { mei } = people;
  for (const name of FRIENDS) {
    const { id } = await people[name].rest.friends.ask(mei.user.id);
    await mei.rest.friends.accept(id);
  }
  await people[ASKS.who].rest.friends.ask(mei.user.id, ASKS.message);
}

async function open(people, { draft, picture, members }) {
  const [owner, admin, ...others] = members.map((name) => people[name]);
  const { rest } = owner;
  const { id } = await patiently(() => rest.createRoom(draft));
  if (picture) {
    const { bytes, type } = await fileOf(picture);
    await rest.setRoomAvatar(id, new Blob([bytes], { type }));
  }
  await rest.putMember(id, admin.user.id, 'admin');
  for (const { user, rest: own } of others) {
    if (draft.visibility === 'public') await own.join(id);
    else await rest.putMember(id, user.id);
  }
  return id;
}

async function talk(people, roomId, lines) {
  const ids = new Map();
  for (const [name, text, more = {}] of lines) {
    const { rest } = people[name];
    const attachmentIds = await uploadAll(rest, more.files ?? []);
    const message = await patiently(() =>
      rest.sendMessage(roomId, {
        text,
        attachmentIds,
        mentions: (more.to ?? []).map((one) => people[one].user.id),
        ...(more.re ? { replyToId: ids.get(more.re) } : {}),
      }),
    );
    if (more.key) ids.set(more.key, message.id);
    if (more.pin) await rest.pin(message.id);
    await like(people, message.id, more.likes ?? {});
  }
}

/** All at once, as they come in real life: those to one message wait for each other. */
async function like(people, messageId, likes) {
  const all = Object.entries(likes).flatMap(([emoji, likers]) => likers.map((liker) => [emoji, liker]));
  await Promise.all(all.map(([emoji, liker]) => patiently(() => people[liker].rest.react(messageId, emoji))));
}

async function uploadAll(rest, files) {
  const ids = [];
  for (const file of files) ids.push(await upload(rest, file));
  return ids;
}

async function upload(rest, file) {
  const { name, type, bytes } = await fileOf(file);
  return (await patiently(() => rest.attachments.upload(new Blob([bytes], { type }), { name }))).id;
}

/** Rates hold for the demo as for everybody: waits as long as it is told to. */
const patiently = (act) =>
  act().catch(async (error) => {
    if (!(error instanceof ParleyError && error.code === 'RATE_LIMITED')) throw error;
    await pause(error.retryAfterMs ?? 1000);
    return patiently(act);
  });
