import type { OutboxStore, StoredMessage } from './outbox-store.js';

/** The parts of IndexedDB that are used, so that Node, which has none, needs no types of it. */
interface Request<T> {
  readonly result: T;
  readonly error: unknown;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}
interface OpenRequest extends Request<Database> {
  onupgradeneeded: (() => void) | null;
}
interface Messages {
  getAll(): Request<StoredMessage[]>;
  put(message: StoredMessage): unknown;
  delete(id: string): unknown;
}
interface Transaction {
  readonly error: unknown;
  objectStore(name: string): Messages;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
}
interface Database {
  createObjectStore(name: string, options: { readonly keyPath: string }): unknown;
  transaction(name: string, mode: 'readonly' | 'readwrite'): Transaction;
  close(): void;
  onversionchange: (() => void) | null;
  onclose: (() => void) | null;
}
interface Factory {
  open(name: string, version: number): OpenRequest;
}

const MESSAGES = 'messages';

/**
 * Keeps messages on their way in the browser's IndexedDB, shared by all tabs of the origin.
 *
 * @param name of the database; one for each server that the page talks to
 */
export function indexedDbOutbox(name = 'parley-outbox'): OutboxStore {
  let opened: Promise<Database> | null = null;
  const forget = (): void => void (opened = null);
  const run = async <T>(mode: 'readonly' | 'readwrite', act: (messages: Messages) => T): Promise<T> => {
    opened ??= open(name, forget);
    // A database that could not be opened is tried again with the next call.
    opened.catch(forget);
    return inTransaction(await opened, mode, act);
  };
  const loadAll = async () => (await run('readonly', (messages) => messages.getAll())).result;
  return {
    load: async (userId) => (await loadAll()).filter((message) => message.userId === userId),
    put: (message) => run('readwrite', (messages) => void messages.put(message)),
    remove: (id) => run('readwrite', (messages) => void messages.delete(id)),
    clear: async (userId) => {
      const theirs = (await loadAll()).filter((message) => userId === null || message.userId === userId);
      await run('readwrite', (messages) => theirs.forEach(({ id }) => void messages.delete(id)));
    },
  };
}

function open(name: string, closed: () => void): Promise<Database> {
  return new Promise((resolve, reject) => {
    const factory = (globalThis as unknown as { indexedDB?: Factory }).indexedDB;
    if (!factory) throw new TypeError('There is no IndexedDB here.');
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(MESSAGES, { keyPath: 'id' });
    request.onerror = () => reject(request.error as Error);
    request.onsuccess = () => {
      const database = request.result;
      // Whoever deletes the database, or brings a newer version, need not wait for this tab.
      database.onversionchange = () => {
        database.close();
        closed();
      };
      database.onclose = closed;
      resolve(database);
    };
  });
}

/** Resolves when what was written has been taken over, and not before. */
function inTransaction<T>(
  database: Database,
  mode: 'readonly' | 'readwrite',
  act: (messages: Messages) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(MESSAGES, mode);
    const result = act(transaction.objectStore(MESSAGES));
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error as Error);
  });
}
