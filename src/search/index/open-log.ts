import type { DatabasePlace } from '../../database/data-source.js';
import type { MessageLog } from './message-log.js';
import { SqliteLog } from './sqlite-log.js';

/** The log of a database; it is opened with the first question. */
export async function openLog(place: DatabasePlace): Promise<MessageLog> {
  if (place.kind === 'sqlite') return new SqliteLog(place.path);
  // The client of MySQL is loaded where it is needed alone.
  const { MysqlLog } = await import('./mysql-log.js');
  return new MysqlLog(place.url);
}
