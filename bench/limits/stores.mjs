import { createRequire } from 'node:module';
import { createConnection } from 'mysql2';

/** @typedef {{ id: string, roomId: string, senderId: string, text: string }} Message */
/** @typedef {{ save(messages: Message[], done: (error: Error | null) => void): void, close(): void }} Store */

const require = createRequire(import.meta.url);

/**
 * Opens the store of an address and makes its table anew.
 *
 * @param {string} address `sqlite:<path>`, `mysql://…` or `none`
 * @returns {Promise<Store>}
 */
export async function openStore(address) {
  if (address === 'none') return { save: (_, done) => done(null), close: () => undefined };
  if (address.startsWith('sqlite:')) return openSqlite(address.slice('sqlite:'.length));
  if (/^(mysql|mariadb):/.test(address)) return openMysql(address);
  throw new Error('--database is sqlite:<path>, mysql://<user>@<host>/<database> or none');
}

/**
 * Works in the event loop, as the program does. A single-row statement, prepared once, beats a multi-row one here.
 *
 * @param {string} path
 * @returns {Store}
 */
function openSqlite(path) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isBuiltIn = major > 22 || (major === 22 && minor >= 13);
  const { DatabaseSync } = require(isBuiltIn ? 'node:sqlite' : '@photostructure/sqlite');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; DROP TABLE IF EXISTS limit_messages');
  database.exec(`CREATE TABLE limit_messages (id TEXT PRIMARY KEY NOT NULL, roomId TEXT NOT NULL,
    senderId TEXT NOT NULL, text TEXT NOT NULL, createdAt INTEGER NOT NULL)`);
  const [begin, insert, commit] = ['BEGIN', 'INSERT INTO limit_messages VALUES (?, ?, ?, ?, ?)', 'COMMIT'].map((sql) =>
    database.prepare(sql),
  );
  return {
    save(messages, done) {
      const now = Date.now();
      begin.run();
      for (const { id, roomId, senderId, text } of messages) insert.run(id, roomId, senderId, text, now);
      commit.run();
      done(null);
    },
    close: () => database.close(),
  };
}

/**
 * One connection, one statement a flush, which is its own transaction: no round trip but this one.
 *
 * @param {string} url
 * @returns {Promise<Store>}
 */
async function openMysql(url) {
  const address = new URL(url);
  const name = address.pathname.slice(1);
  address.pathname = '/';
  const connection = createConnection({ uri: address.href, charset: 'utf8mb4' });
  /** @param {string} sql */
  const run = (sql) =>
    new Promise((resolve, reject) => connection.query(sql, (error) => (error ? reject(error) : resolve(undefined))));
  await run(`CREATE DATABASE IF NOT EXISTS \`${name}\``);
  await run(`USE \`${name}\``);
  await run('DROP TABLE IF EXISTS limit_messages');
  const key = 'char(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL';
  await run(`CREATE TABLE limit_messages (id ${key} PRIMARY KEY, roomId ${key}, senderId ${key}, text text NOT NULL,
    createdAt bigint NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`);
  return {
    save: (messages, done) => void connection.query(insertOf(messages), (error) => done(error)),
    close: () => connection.destroy(),
  };
}

/** @param {Message[]} messages */
function insertOf(messages) {
  const now = Date.now();
  let sql = 'INSERT INTO limit_messages VALUES ';
  let comma = '';
  for (const { id, roomId, senderId, text } of messages) {
    sql += `${comma}(${quoted(id)},${quoted(roomId)},${quoted(senderId)},${quoted(text)},${now})`;
    comma = ',';
  }
  return sql;
}

/** @param {string} value */
const quoted = (value) => (/['\\]/.test(value) ? `'${value.replace(/['\\]/g, '\\$&')}'` : `'${value}'`);
