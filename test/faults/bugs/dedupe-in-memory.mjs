// Repeated ids are known from memory alone: the database has no unique key, and a restart forgets.
import { SqliteDatabase } from '../../../dist/src/database/sqlite-driver.js';

const { statement } = SqliteDatabase.prototype;
let isDone = false;

SqliteDatabase.prototype.statement = function (sql) {
  if (!isDone && sql.startsWith('INSERT INTO messages')) {
    isDone = true;
    this.exec('DROP INDEX IF EXISTS uq_messages_id');
  }
  return statement.call(this, sql);
};
