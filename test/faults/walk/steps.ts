import { setTimeout as pause } from 'node:timers/promises';
import { ParleyError } from '../../../sdk/errors.js';
import type { Random } from '../random.js';
import type { WalkDevice } from './walk-device.js';
import type { Walker } from './walker.js';

/** Where a step is taken. */
export interface Ground {
  readonly random: Random;
  readonly walkers: readonly Walker[];
  readonly roomIds: readonly string[];
}

/** What somebody may do next, on one of his devices. */
type Step = (who: { readonly walker: Walker; readonly device: WalkDevice }, ground: Ground) => unknown;

/** A room that the device shows, or any, so that outsiders and former members try too. */
function roomOf({ client }: WalkDevice, { random, roomIds }: Ground): string {
  const own = [...client.rooms.keys()];
  return own.length === 0 || random.chance(0.1) ? random.pick(roomIds) : random.pick(own);
}

/** A friend that the device shows, or somebody. */
const friendOf = ({ client }: WalkDevice, on: Ground): string =>
  anyOf([...client.people.friends.keys()], on) ?? someone(on).id;

/** A request that the device shows; whether it is open to this user's decision is for the server to say. */
const requestOf = ({ client }: WalkDevice, on: Ground): string =>
  anyOf([...client.people.requests.keys()], on) ?? on.random.pick(on.roomIds);

const anyOf = <T>(items: readonly T[], { random }: Ground): T | undefined =>
  items.length === 0 ? undefined : random.pick(items);

const STEPS: Readonly<Record<string, { readonly weight: number; readonly take: Step }>> = {
  send: { weight: 25, take: ({ device }, on) => device.client.send(roomOf(device, on), 'hello').acked },
  read: { weight: 15, take: ({ device }, on) => device.client.read(roomOf(device, on)) },
  markUnread: {
    weight: 4,
    take: async ({ walker, device }, on) => {
      const roomId = roomOf(device, on);
      const readSeq = on.random.between(0, (device.client.rooms.get(roomId)?.headSeq ?? 0) + 1);
      await walker.rest.read(roomId, { readSeq, unread: true });
    },
  },
  type: {
    weight: 8,
    take: ({ device }, on) => device.client.tellTyping(roomOf(device, on), on.random.chance(0.7)),
  },
  appear: {
    weight: 5,
    take: ({ device }, on) => {
      const state = on.random.pick(['online', 'away', 'busy', 'invisible'] as const);
      return device.client.setPresence({ state, text: on.random.pick([null, 'Reading']) });
    },
  },
  join: { weight: 10, take: ({ walker }, on) => walker.rest.join(on.random.pick(on.roomIds)) },
  leave: { weight: 7, take: ({ walker, device }, on) => walker.rest.leave(roomOf(device, on)) },
  add: { weight: 5, take: ({ walker, device }, on) => walker.rest.putMember(roomOf(device, on), someone(on).id) },
  promote: {
    weight: 3,
    take: ({ walker, device }, on) =>
      walker.rest.putMember(roomOf(device, on), someone(on).id, on.random.pick(['admin', 'member'] as const)),
  },
  remove: { weight: 5, take: ({ walker, device }, on) => walker.rest.removeMember(roomOf(device, on), someone(on).id) },
  talkAlone: { weight: 3, take: ({ walker }, on) => walker.rest.directRoom(someone(on).id) },
  ask: { weight: 8, take: ({ walker }, on) => walker.rest.friends.ask(someone(on).id) },
  accept: { weight: 5, take: ({ walker, device }, on) => walker.rest.friends.accept(requestOf(device, on)) },
  decline: { weight: 2, take: ({ walker, device }, on) => walker.rest.friends.decline(requestOf(device, on)) },
  cancel: { weight: 2, take: ({ walker, device }, on) => walker.rest.friends.cancel(requestOf(device, on)) },
  part: { weight: 2, take: ({ walker, device }, on) => walker.rest.friends.remove(friendOf(device, on)) },
  alias: { weight: 2, take: ({ walker, device }, on) => walker.rest.friends.setAlias(friendOf(device, on), 'Benny') },
  block: { weight: 3, take: ({ walker }, on) => walker.rest.friends.block(someone(on).id) },
  unblock: {
    weight: 3,
    take: ({ walker, device }, on) =>
      walker.rest.friends.unblock(anyOf([...device.client.people.blocks], on) ?? walker.id),
  },
  cut: { weight: 8, take: ({ device }) => device.cut() },
  cutAll: { weight: 2, take: ({ walker }) => walker.devices.forEach((device) => device.cut()) },
  rest: { weight: 5, take: () => pause(20) },
};

const DECK = Object.values(STEPS).flatMap(({ weight, take }) => Array.from({ length: weight }, () => take));

const someone = ({ random, walkers }: Ground): Walker => random.pick(walkers);

/** Takes one step, and says whether it was allowed. A refusal is a good answer; a fault of the server is none. */
export async function takeStep(ground: Ground): Promise<boolean> {
  const { random } = ground;
  const walker = someone(ground);
  const device = random.pick(walker.devices);
  try {
    await random.pick(DECK)({ walker, device }, ground);
    return true;
  } catch (error) {
    if (!(error instanceof ParleyError) || error.code === 'INTERNAL') throw error;
    return false;
  }
}
