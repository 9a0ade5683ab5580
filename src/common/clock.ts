import { Injectable } from '@nestjs/common';

/** The time of day. Tests put another one in its place. */
@Injectable()
export class Clock {
  /** Epoch milliseconds. */
  now(): number {
    return Date.now();
  }
}

let latest = { ms: 0, text: '1970-01-01T00:00:00.000Z' };

/** A time as it stands on the wire: RFC 3339, UTC, with milliseconds. The latest is kept: a flush has one time for all. */
export function toTime(ms: number): string {
  if (latest.ms !== ms) latest = { ms, text: new Date(ms).toISOString() };
  return latest.text;
}

/** The same, where the time may be unset. */
export const toTimeOrNull = (ms: number | null): string | null => (ms === null ? null : toTime(ms));
