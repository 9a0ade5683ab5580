import { setImmediate as turn } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** Characters that go on together: each piece takes its way through six streams. */
const PIECE = 16_384;

/** One file of an archive; `read` is called when its turn has come. */
export interface ArchiveFile {
  readonly name: string;
  readonly read: () => AsyncIterable<string | Buffer>;
}

/**
 * A ZIP of the files, made while it is read: one after the other, none of them in memory as a whole. When its reader
 * goes away, the file that is open ends; when a file fails, so does the archive, and whoever reads it sees it break off.
 *
 * @param mtime the time of all files
 */
export function zipOf(files: readonly ArchiveFile[], mtime: Date): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  let open: Readable | null = null;
  const fail = (error: Error) => void output.destroy(error);
  for (const { name, read } of files) {
    zip.addReadStreamLazy(name, { mtime }, (take) => {
      open = Readable.from(read(), { objectMode: false }).on('error', fail);
      take(null, open);
    });
  }
  zip.on('error', fail);
  output.on('error', () => undefined);
  output.on('close', () => open?.destroy());
  zip.end();
  return output;
}

/** A JSON list of the items, each on a line of its own. */
export async function* jsonList(items: AsyncIterable<unknown>): AsyncGenerator<string> {
  let before = '[\n';
  let text = '';
  for await (const item of items) {
    text += before + JSON.stringify(item);
    before = ',\n';
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  yield before === '[\n' ? '[]\n' : `${text}\n]\n`;
}

/** A JSON text a line (NDJSON). */
export async function* jsonLines(items: AsyncIterable<unknown>): AsyncGenerator<string> {
  let text = '';
  for await (const item of items) {
    text += `${JSON.stringify(item)}\n`;
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

interface SomePage<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Everything in a list that is read in pages. Between two pages others have their turn: SQLite reads in the event loop. */
export async function* itemsOf<T>(read: (cursor: string | undefined) => Promise<SomePage<T>>): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const { items, next } = await read(cursor);
    yield* items;
    cursor = next ?? undefined;
    await turn();
  } while (cursor !== undefined);
}
