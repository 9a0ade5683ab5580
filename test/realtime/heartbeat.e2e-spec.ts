import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { SUBPROTOCOL } from '../../src/protocol/subprotocol.js';
import { World } from '../support/world.js';

describe('the heartbeat', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create({ LIMIT_HEARTBEAT_MS: '500', LIMIT_SILENCE_MS: '2500' });
  });
  afterAll(() => world.stop());

  it('comes when nothing else does, and a client that only listens stays', { timeout: 20_000 }, async () => {
    const [ann] = await world.users(1);
    const socket = await ann.connect();
    for (let i = 0; i < 5; i++) await socket.next('heartbeat');
    // Longer than the silence that is borne: the pongs of the protocol showed that it lives.
    expect(socket.closed).toBeNull();
    expect((await socket.call('ping')).data.serverTime).toMatch(/Z$/);
  });

  it('finds a peer that is gone without a goodbye, and closes 4003', { timeout: 20_000 }, async () => {
    const [ann] = await world.users(1);
    const dead = new WebSocket(world.app.socketUrl, [SUBPROTOCOL], { autoPong: false });
    const frames: string[] = [];
    dead.on('message', (data: Buffer) => frames.push(data.toString()));
    const closing = new Promise<number>((resolve) => dead.on('close', resolve));
    await new Promise((resolve) => dead.on('open', resolve));
    dead.send(JSON.stringify({ id: '1', event: 'session.start', data: { token: ann.token } }));
    expect(await closing).toBe(4003);
    expect(frames.some((frame) => frame.includes('"session.ready"'))).toBe(true);
    expect(JSON.parse(frames.at(-1) ?? '')).toMatchObject({ event: 'goodbye', data: { code: 4003, reconnect: true } });
  });
});
