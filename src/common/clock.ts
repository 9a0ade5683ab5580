import { Injectable } from '@nestjs/common';

/** The time of day. Tests put another one in its place. */
@Injectable()
export class Clock {
  /** Epoch milliseconds. */
  now(): number {
    return Date.now();
  }
}

/** A time as it stands on the wire: RFC 3339, UTC, with milliseconds. */
export const toTime = (ms: number): string => new Date(ms).toISOString();

/** The same, where the time may be unset. */
export const toTimeOrNull = (ms: number | null): string | null => (ms === null ? null : toTime(ms));
