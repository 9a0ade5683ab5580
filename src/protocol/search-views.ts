import { type TypeOf, count, flag, list, named, nullable, object, string } from './schema.js';
import { messageFields } from './views.js';

/** A message that was found. `matches`: where what was looked for stands in its text, in code points, the end not included. */
export const foundView = named(
  'FoundMessage',
  object({ ...messageFields, matches: list(object({ start: count, end: count })) }),
);
export type FoundView = TypeOf<typeof foundView>;

/**
 * A page of what was found, the newest first. While the index lacks something of the rooms, `complete` is false and
 * `progress` says how many percent it has.
 */
export const searchView = named(
  'Search',
  object({ items: list(foundView), next: nullable(string), complete: flag, progress: count }),
);
export type SearchView = TypeOf<typeof searchView>;
