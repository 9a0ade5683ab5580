import { type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { frameOf } from '../connections/frame.js';
import { EventStream } from './event-stream.js';

const HEAD = { 'content-type': 'text/event-stream' };
const bytesOf = (...events: string[]): string =>
  events.map((event) => frameOf(JSON.stringify({ event, data: {} })).bytes).join('');
const blockOf = (event: string): string => `event: ${event}\ndata: {"event":"${event}","data":{}}\n\n`;

describe('EventStream', () => {
  let server: Server;
  let asked: Promise<string>;
  let status: number;
  let response: ServerResponse;
  let stream: EventStream;

  beforeEach(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const came = new Promise<ServerResponse>((resolve) => server.once('request', (_, raw) => resolve(raw)));
    asked = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`).then((answer) => {
      status = answer.status;
      return answer.text();
    });
    response = await came;
    stream = new EventStream(response);
  });
  afterEach(() => void server.close());

  const write = (bytes: string) => new Promise<void>((resolve) => void stream.write(bytes, 'latin1', resolve));

  it('holds what comes before its beginning back, behind the first event', async () => {
    await write(bytesOf('user.stale'));
    stream.ping();
    expect(response.headersSent).toBe(false);
    stream.open(HEAD, 1234);
    await write(bytesOf('session.ready', 'heartbeat'));
    await write(bytesOf('typing'));
    stream.close();
    const events = ['session.ready', 'heartbeat', 'user.stale', 'typing'];
    expect(await asked).toBe(`retry: 1234\n\n${events.map(blockOf).join('')}`);
  });

  it('leaves the answer to others where it ends before its beginning', async () => {
    await write(bytesOf('goodbye'));
    stream.close();
    response.writeHead(503).end('refused');
    expect([await asked, status]).toEqual(['refused', 503]);
  });

  it('has written everything when the system takes it, and tells that it did', async () => {
    let taken = 0;
    stream.onTaken = () => (taken += 1);
    stream.open(HEAD, 1);
    await write(bytesOf('heartbeat'));
    expect(stream.writableLength).toBe(0);
    expect(taken).toBe(2);
    stream.write(bytesOf('typing'), 'latin1', () => undefined);
    expect(stream.writableLength).toBe(0);
    stream.terminate();
    expect(stream.destroyed).toBe(true);
    await expect(asked).rejects.toThrow();
  });
});
