import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomInt } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { ChatError } from '../../common/chat-error.js';
import { Clock } from '../../common/clock.js';
import type { SessionReady, SessionStart } from '../../protocol/commands.js';
import type { Connection } from '../connections/connection.js';
import { Connections } from '../connections/connections.js';
import { ephemeralFrame, frameOf } from '../connections/frame.js';
import { Draining } from '../draining.service.js';
import { Reception } from '../reception.js';
import { SessionStartService } from '../session-start.service.js';
import { bearerOf } from '../socket-auth.service.js';
import { UpgradeCheck } from '../upgrade-check.js';
import { EventStream } from './event-stream.js';
import { type StreamCursor, decodeStreamCursor } from './stream-cursor.js';
import type { EventsQuery } from './streams.dto.js';

/** Milliseconds after which clients come back, from and to: not all at once when a node has gone. */
const RETRY_MS = [1000, 3000] as const;

const HEAD = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx would hold events back until some kilobytes have come together.
  'x-accel-buffering': 'no',
  connection: 'close',
};

/**
 * Streams of events for clients without WebSocket (ADR 29): connections as those of sockets are, that begin with the login
 * of their request, and on which nothing comes in.
 */
@Injectable()
export class EventStreams {
  private readonly logger = new Logger('Streams');

  constructor(
    private readonly clock: Clock,
    private readonly connections: Connections,
    private readonly reception: Reception,
    private readonly sessions: SessionStartService,
    private readonly check: UpgradeCheck,
    private readonly draining: Draining,
  ) {}

  /**
   * Answers with `session.ready`, what was missed since `Last-Event-ID`, and everything that happens from then on.
   * Resolves when the client is caught up; the answer goes on until one of the two ends it.
   *
   * @throws ChatError `VALIDATION_FAILED` for a bad `Last-Event-ID`; `RATE_LIMITED` where the user or the address has too
   *   many connections; `UNAUTHORIZED`; `UNAVAILABLE` while the node drains
   */
  async open(query: EventsQuery, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    this.requireGet(request, reply);
    // Gone while its login was looked up: nothing would tell of its end any more.
    if (reply.raw.destroyed) throw new ChatError('UNAVAILABLE');
    const cursor = cursorOf(request);
    const stream = new EventStream(reply.raw);
    const connection = this.connect(stream, request);
    reply.raw.once('close', () => this.reception.sendOff(connection));
    let isOpen = false;
    try {
      await this.sessions.start(connection, toStart(query, cursor), (ready) => {
        // Its login has ended meanwhile, or the node drains: the next request is told so.
        if (connection.isClosing) throw new ChatError('UNAVAILABLE');
        isOpen = true;
        stream.position.begin(ready, cursor);
        stream.open({ ...(reply.hijack().getHeaders() as OutgoingHttpHeaders), ...HEAD }, randomInt(...RETRY_MS));
        this.tellReady(connection, ready, cursor);
      });
    } catch (error) {
      if (!isOpen) {
        this.reception.sendOff(connection);
        throw error;
      }
      this.logger.error({ event: 'streams.notCaughtUp', error: error instanceof Error ? error.stack : String(error) });
      connection.close('INTERNAL');
    }
  }

  /** Fastify would answer HEAD as GET and throw the body away, for as long as it comes. */
  private requireGet({ method }: FastifyRequest, reply: FastifyReply): void {
    if (method === 'GET') return;
    void reply.header('Allow', 'GET');
    throw new ChatError('METHOD_NOT_ALLOWED');
  }

  private connect(stream: EventStream, { raw }: FastifyRequest): Connection {
    if (this.draining.isDraining) throw new ChatError('UNAVAILABLE');
    const network = this.check.networkOf(raw);
    if (!this.connections.makePlace(network)) throw new ChatError('RATE_LIMITED');
    const connection = this.connections.open({ webSocket: stream, socket: stream, network, bearer: bearerOf(raw) });
    connection.isStartSent = true;
    stream.onTaken = () => void (connection.lastInboundAt = this.clock.now());
    return connection;
  }

  /** Private state has no replay; who does not look at numbers is told that there is something to read. */
  private tellReady(connection: Connection, ready: SessionReady, cursor: StreamCursor | null): void {
    connection.push(frameOf(JSON.stringify({ event: 'session.ready', data: ready })));
    const { userRev } = ready;
    if (cursor && cursor.userRev !== userRev) connection.push(ephemeralFrame('user.stale', { userRev }));
  }
}

function cursorOf({ headers }: FastifyRequest): StreamCursor | null {
  const id = headers['last-event-id'];
  return id ? decodeStreamCursor(String(id)) : null;
}

/** All rooms of the cursor are caught up, unless only open ones are followed. */
function toStart({ open = [], follow, watch }: EventsQuery, cursor: StreamCursor | null): SessionStart {
  const known = follow === 'open' ? [] : Object.keys(cursor?.rooms ?? {});
  return { open: [...open, ...known], follow, watch, cursor: cursor ?? undefined };
}
