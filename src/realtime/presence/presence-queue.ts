import { Injectable } from '@nestjs/common';
import type { Connection } from '../connections/connection.js';
import { PresenceFrames, type Told } from './presence-frames.js';

/** Users in one frame: what is more comes with the next one. */
const FRAME_USERS = 500;

/** Whom each connection is to be told of next, once a second, as they are then. */
@Injectable()
export class PresenceQueue {
  private readonly waiting = new Map<Connection, Told>();

  constructor(private readonly frames: PresenceFrames) {}

  /** With `isNew` the connection has not been told of the user before, or sees him differently now. */
  add(connection: Connection, userId: string, isNew = false): void {
    const told = this.waiting.get(connection) ?? new Map<string, boolean>();
    this.waiting.set(connection, told.set(userId, isNew || (told.get(userId) ?? false)));
  }

  remove(connection: Connection, userId: string): void {
    this.waiting.get(connection)?.delete(userId);
  }

  forget(connection: Connection): void {
    this.waiting.delete(connection);
  }

  /** Sends each connection one frame, behind its handshake. */
  async deliver(): Promise<void> {
    const now = new Map<Connection, Told>();
    for (const [connection, told] of this.waiting) {
      if (!connection.isCaughtUp) continue;
      const all = [...told];
      now.set(connection, new Map(all.slice(0, FRAME_USERS)));
      if (all.length > FRAME_USERS) this.waiting.set(connection, new Map(all.slice(FRAME_USERS)));
      else this.waiting.delete(connection);
    }
    if (now.size > 0) await this.frames.send(now).catch((error: unknown) => this.takeBack(now, error));
  }

  /** Nobody has been told: the next second tries again. */
  private takeBack(untold: ReadonlyMap<Connection, Told>, error: unknown): never {
    for (const [connection, told] of untold) {
      if (connection.isClosing) continue;
      for (const [userId, isNew] of told) this.add(connection, userId, isNew);
    }
    throw error;
  }
}
