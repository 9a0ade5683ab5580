import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultProxy } from '../../conformance/runner/fault-proxy.js';

/** Chooses a fate and a byte: see KINDS and MOST_BYTES of the proxy. */
const fixed = (kind: number, byte: number) => {
  const values = [kind / 5, byte / 5000];
  return () => values.shift() ?? 0;
};

describe('the bad network of the kit', () => {
  const server = createServer();
  let port: number;
  const heard: string[] = [];
  beforeEach(async () => {
    heard.length = 0;
    server.removeAllListeners('connection').on('connection', (socket: Socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        heard.push(chunk.toString());
        socket.write(chunk);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => new Promise((done) => server.close(done)));

  async function enter(proxy: FaultProxy): Promise<Socket> {
    const socket = connect(Number(new URL(await proxy.listen()).port), '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }

  it('carries everything while it is not wild', async () => {
    const proxy = new FaultProxy(port, fixed(0, 0));
    const socket = await enter(proxy);
    socket.write('hello');
    const [echo] = (await once(socket, 'data')) as [Buffer];
    expect([echo.toString(), proxy.done.cut]).toEqual(['hello', 0]);
    await proxy.stop();
  });

  it('cuts in the middle of what is said, and tells both sides', async () => {
    const proxy = new FaultProxy(port, fixed(0, 2));
    proxy.isWild = true;
    const socket = await enter(proxy);
    socket.on('error', () => undefined);
    socket.write('hello');
    await once(socket, 'close');
    expect([heard.join(''), proxy.done.cut]).toEqual(['hel', 1]);
    await proxy.stop();
  });

  it('lets a connection stand that carries nothing', async () => {
    const proxy = new FaultProxy(port, fixed(2, 0));
    proxy.isWild = true;
    const socket = await enter(proxy);
    socket.write('hello');
    while (proxy.done['half-open'] === 0) await new Promise((turn) => setImmediate(turn));
    expect([heard, socket.destroyed, socket.readable]).toEqual([[], false, true]);
    socket.destroy();
    await proxy.stop();
  });

  it('carries slowly, and all of it', async () => {
    const proxy = new FaultProxy(port, fixed(3, 0));
    proxy.isWild = true;
    const socket = await enter(proxy);
    let echo = '';
    socket.on('data', (chunk) => (echo += chunk.toString()));
    socket.write('x'.repeat(1000));
    while (echo.length < 1000) await once(socket, 'data');
    expect(heard.length).toBeGreaterThan(1);
    await proxy.stop();
  });
});
