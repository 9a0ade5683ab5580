const MINUTE = 60_000;

/** Spans of time that are offered, in milliseconds. */
export const HOUR_MS = 60 * MINUTE;
export const DAY_MS = 24 * HOUR_MS;
/** Longer than anybody keeps it. */
export const FOR_GOOD_MS = 3650 * DAY_MS;

/** Whether a moment is so far ahead that it means for good. */
export const isForGood = (time: string): boolean => Date.parse(time) - Date.now() > FOR_GOOD_MS / 2;

/** The moment that is so far ahead, as the server takes it. */
export const aheadBy = (ms: number): string => new Date(Date.now() + ms).toISOString();
