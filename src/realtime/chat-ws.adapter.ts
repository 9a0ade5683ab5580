import type { INestApplicationContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { sendLast } from '../common/last-bytes.js';
import { SUBPROTOCOL } from '../protocol/subprotocol.js';
import { Connections } from './connections/connections.js';
import { Reception } from './reception.js';
import { bearerOf } from './socket-auth.service.js';
import { UpgradeCheck } from './upgrade-check.js';

/** A message above this is not read to its end: `ws` closes with 1009. */
const MESSAGE_BYTES = 1_048_576;
/** Parts of one message, and pieces in which its bytes came, above which `ws` closes with 1008: each costs memory. */
const MESSAGE_PARTS = { maxFragments: 1024, maxBufferedChunks: 4096 };

/**
 * The socket side of the server, in place of the stock adapter's (ADR 0007): checks the upgrade, makes a `Connection` of
 * the socket, hands frames over in order, and closes with `goodbye`.
 */
export class ChatWsAdapter extends WsAdapter {
  private readonly connections: Connections;
  private readonly check: UpgradeCheck;
  private readonly reception: Reception;

  constructor(app: INestApplicationContext) {
    super(app);
    this.connections = app.get(Connections, { strict: false });
    this.check = app.get(UpgradeCheck, { strict: false });
    this.reception = app.get(Reception, { strict: false });
  }

  override create(_port: number, options: { readonly path?: string }): WebSocketServer {
    const server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: MESSAGE_BYTES,
      ...MESSAGE_PARTS,
      perMessageDeflate: false,
      // Another protocol is accepted so that its client can be told why it is closed.
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : ([...offered][0] ?? false)),
    });
    const http = this.httpServer as Server;
    http.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      // A peer that goes away during the handshake must not end the process. No closure of its own: what it closed
      // over, the request with its headers, would live as long as the socket.
      socket.on('error', destroy);
      const network = this.check.networkOf(request);
      const refusal = this.check.refusalOf(request, options.path ?? '/ws', network);
      if (refusal) return sendLast(socket, refusal);
      // The answer and `hello` leave in one write.
      socket.cork();
      server.handleUpgrade(request, socket, head, (webSocket) =>
        server.emit('connection', webSocket, request, network),
      );
      socket.uncork();
    });
    return server;
  }

  /**
   * Nest's own handler is not called: it would bind every method of the gateway anew for each connection (a thirtieth of
   * a sign-in, measured), and `CommandRunner` calls them itself. So a gateway hears nothing by `handleConnection`.
   */
  override bindClientConnect(server: WebSocketServer): void {
    server.on('connection', (webSocket: WebSocket, request: IncomingMessage, network: string) => {
      const { socket } = request;
      this.reception.welcome(
        this.connections.open({ webSocket, socket, network, bearer: bearerOf(request) }),
        webSocket,
      );
    });
  }

  /** The sockets have had their `goodbye` by now; whoever is left is cut. */
  override async close(server: WebSocketServer): Promise<void> {
    for (const connection of this.connections) connection.upgraded.webSocket.terminate();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

function destroy(this: Socket): void {
  this.destroy();
}
