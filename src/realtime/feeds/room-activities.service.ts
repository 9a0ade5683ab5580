import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type Stop, every } from '../../common/timers.js';
import { ReadPositions } from '../../rooms/members/read-position-store.js';
import { UnreadMentions } from '../../rooms/members/unread-mentions-store.js';
import { RoomQueries } from '../../rooms/room.queries.js';
import type { Connection } from '../connections/connection.js';
import { Connections } from '../connections/connections.js';
import { ephemeralFrame } from '../connections/frame.js';

/** A room is told of at most once in so many milliseconds. */
const TELL_MS = 1000;

/** A connection that is to be told of a room in which there may be unread mentions. */
interface Asked {
  readonly connection: Connection;
  readonly roomId: string;
  /** What was expected when they were counted. */
  readonly expected: number;
}

/** Of that many connections at a time it is asked. */
const ASKED = 100;

/**
 * `room.activity`: what happens in rooms that a connection does not have open, in short. Mentions are counted in the
 * database, only in rooms that may hold unread ones, and for many connections in one statement: who speaks to everybody
 * makes them all be counted. What cannot be counted now is told as soon as it can.
 */
@Injectable()
export class RoomActivities implements OnModuleInit, OnModuleDestroy {
  private stop: Stop = () => undefined;

  constructor(
    private readonly connections: Connections,
    private readonly rooms: RoomQueries,
    private readonly positions: ReadPositions,
    private readonly mentions: UnreadMentions,
  ) {}

  onModuleInit(): void {
    this.stop = every(TELL_MS, 'realtime.activity', () => this.tell());
  }

  onModuleDestroy(): void {
    this.stop();
  }

  private async tell(): Promise<void> {
    const asked: Asked[] = [];
    for (const connection of this.connections) if (connection.openRooms) asked.push(...tellUncounted(connection));
    try {
      for (let i = 0; i < asked.length; i += ASKED) await this.tellCounted(asked.slice(i, i + ASKED));
    } catch {
      // The database is away: it stays noted.
    }
  }

  private async tellCounted(asked: readonly Asked[]): Promise<void> {
    const places = asked.map(({ connection: { userId }, roomId }) => ({ userId, roomId }));
    const heads = await this.rooms.headsOfMembers(places);
    const readers = heads.map((head) => ({ ...head, readSeq: this.positions.readSeqOf(head) }));
    const mentionsOf = await this.mentions.of(readers);
    const members = new Set(heads.map(keyOf));
    for (const one of asked) push(one, members.has(keyOf(placeOf(one))) ? mentionsOf(placeOf(one)) : null);
  }
}

/** Tells of the rooms without unread mentions, and returns the others. */
function tellUncounted(connection: Connection): Asked[] {
  const { activity } = connection;
  const asked = activity.rooms().map((roomId) => ({ connection, roomId, expected: activity.expectedMentions(roomId) }));
  for (const one of asked) if (one.expected === 0) push(one, 0);
  return asked.filter(({ expected }) => expected > 0);
}

/** @param mentions how many there are; null for somebody who is no member any more */
function push({ connection, roomId, expected }: Asked, mentions: number | null): void {
  const { activity } = connection;
  // Another one came while they were counted: the next time.
  if (activity.expectedMentions(roomId) !== expected) return;
  if (mentions === 0) activity.clearMentions(roomId, expected);
  const item = activity.take(roomId);
  if (item && mentions !== null) connection.push(ephemeralFrame('room.activity', { ...item, mentions }));
}

interface Place {
  readonly userId: string;
  readonly roomId: string;
}

const placeOf = ({ connection: { userId }, roomId }: Asked): Place => ({ userId, roomId });
const keyOf = ({ userId, roomId }: Place): string => roomId + userId;
