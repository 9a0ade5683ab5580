import type { DatabasePlace } from '../../database/data-source.js';
import { IndexFile } from './index-file.js';
import { LogIndexer } from './log-indexer.js';
import type { LogHead, MessageLog } from './message-log.js';
import { openLog } from './open-log.js';

/** Rooms that are indexed at once. */
const ROOMS = 200;

/**
 * Forgets the index and makes it again from the log. A server may run on it meanwhile: it answers with what there is,
 * and does a part of the work.
 *
 * @param path the file of the index
 * @param onRooms is told how many rooms are done
 * @throws Error with a sentence for the operator where there is no log
 */
export async function rebuildIndex(
  path: string,
  database: DatabasePlace,
  onRooms: (done: number) => void,
): Promise<void> {
  const log = await openLog(database);
  try {
    const epoch = await log.epoch();
    if (epoch === null) throw new Error('no server has been started on this database yet');
    const file = new IndexFile(path, epoch);
    file.clear();
    const indexer = new LogIndexer(log, file);
    let done = 0;
    for await (const roomIds of pagesOf(log)) {
      await indexAll(indexer, roomIds);
      onRooms((done += roomIds.length));
    }
    file.close();
  } finally {
    await log.close();
  }
}

async function* pagesOf(log: MessageLog): AsyncGenerator<string[]> {
  let behind = '';
  let heads: LogHead[];
  do {
    heads = await log.rooms(behind, ROOMS);
    if (heads.length > 0) yield heads.map(({ id }) => id);
    behind = heads.at(-1)?.id ?? '';
  } while (heads.length === ROOMS);
}

async function indexAll(indexer: LogIndexer, roomIds: string[]): Promise<void> {
  for (let left = roomIds; left.length > 0;) left = await indexer.step(left);
}
