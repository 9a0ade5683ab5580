import { type AddressInfo, type Socket } from 'node:net';
import { type Server, createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { DEFAULT_LIMITS } from '../../protocol/limits.js';
import { CommandQueue } from './command-queue.js';
import { Connection } from './connection.js';
import { frameOf } from './frame.js';

const DEADLINE_MS = 5000;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function until(isSo: () => boolean, what: string): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`${what} did not happen`);
    await turn();
  }
}

const durable = (rev: number, bytes: number) =>
  frameOf(JSON.stringify({ event: 'message.created', roomId: 'a', rev, data: 'x'.repeat(bytes) }), {
    kind: 'durable',
    roomId: 'a',
    rev,
  });

describe('Connection', () => {
  let server: Server;
  let client: WebSocket;
  let connection: Connection;
  let socket: Socket;
  let events: string[];
  let revs: (number | undefined)[];
  let closed: number | null;

  beforeEach(async () => {
    server = createServer();
    const sockets = new WebSocketServer({ noServer: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const opened = new Promise<Connection>((resolve) =>
      server.once('upgrade', (request, raw, head) => {
        socket = raw as Socket;
        sockets.handleUpgrade(request, raw, head, (webSocket) => {
          const upgraded = { webSocket, socket, network: '127.0.0.1', bearer: null };
          resolve(new Connection(upgraded, DEFAULT_LIMITS, Date.now));
        });
      }),
    );
    client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { perMessageDeflate: false });
    events = [];
    revs = [];
    closed = null;
    client.on('message', (data) => {
      const { event, rev } = JSON.parse((data as Buffer).toString()) as { event: string; rev?: number };
      events.push(event);
      revs.push(rev);
    });
    client.on('close', (code) => (closed = code));
    client.on('error', () => undefined);
    connection = await opened;
    await until(() => client.readyState === WebSocket.OPEN, 'the opening');
  });

  afterEach(async () => {
    client.terminate();
    socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const isClosed = () => closed !== null;

  it('says goodbye behind everything that is queued, then closes with the code, and sends nothing more', async () => {
    for (let rev = 1; rev <= 3; rev++) connection.deliver(durable(rev, 10));
    connection.close('DRAINING', 1234);
    connection.deliver(durable(4, 10));
    connection.push(frameOf('{"event":"late"}'));
    await until(isClosed, 'the close');
    expect(events).toEqual(['message.created', 'message.created', 'message.created', 'goodbye']);
    expect(closed).toBe(4000);
  });

  it('closes once, for the first reason', async () => {
    connection.close('SESSION_REVOKED');
    connection.close('DRAINING');
    await until(isClosed, 'the close');
    expect(events).toEqual(['goodbye']);
    expect(closed).toBe(4200);
  });

  it('says goodbye also to a reader that has been slow, in place of the events that wait, before it closes', async () => {
    client.pause();
    for (let rev = 1; socket.writableLength === 0; rev++) {
      connection.deliver(durable(rev, 100_000));
      await turn();
    }
    for (let rev = 1000; rev < 1010; rev++) connection.deliver(durable(rev, 10_000));
    connection.close('SLOW_CONSUMER');
    await turn();
    client.resume();
    await until(isClosed, 'the close');
    expect(events.at(-1)).toBe('goodbye');
    expect(revs.filter((rev) => rev && rev >= 1000)).toEqual([]);
    expect(closed).toBe(4002);
  });

  it('carries out nothing that waits when it closes: its login may have ended', async () => {
    const begun: string[] = [];
    let end: () => void = () => undefined;
    connection.commands = new CommandQueue({
      run: (command, ended) => {
        begun.push(command.frame.event);
        end = ended;
      },
      reply: (frame) => connection.push(frame),
      pause: () => undefined,
      hasRoom: () => true,
      inFlight: 32,
    });
    connection.commands.accept({ id: '1', event: 'room.changes', data: {} });
    connection.commands.accept({ id: '2', event: 'message.send', data: {} });
    connection.close('SUSPENDED');
    connection.commands.accept({ id: '3', event: 'message.send', data: {} });
    end();
    await until(isClosed, 'the close');
    expect(begun).toEqual(['room.changes']);
    expect(events).toEqual(['goodbye']);
  });

  it('closes without a word for faults that the WebSocket protocol itself names', async () => {
    connection.closePlain(1003);
    await until(isClosed, 'the close');
    expect(events).toEqual([]);
    expect(closed).toBe(1003);
  });
});
