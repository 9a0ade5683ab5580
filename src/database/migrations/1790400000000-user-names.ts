import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';
import { tailsOf } from '../../common/name-tails.js';
import { tableColumns } from '../columns.js';

interface Named {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly role: string;
}

const USERS = 500;
const ROWS = 300;

/** Names by their parts, for the directory; it took the beginnings of names from an index that nobody needs any more. */
export class UserNames1790400000000 implements MigrationInterface {
  readonly name = 'UserNames1790400000000';

  async up(runner: QueryRunner): Promise<void> {
    const c = tableColumns(runner);
    const columns = [c.numberKey('place'), c.textKey('tail', 24), c.id('userId')];
    await runner.createTable(new Table({ name: 'user_names', ...c.table, columns }));
    for (let users = await next(runner, ''); users.length > 0; users = await next(runner, users.at(-1)?.id ?? '')) {
      await fill(runner, users);
    }
    await runner.dropIndex('users', 'ix_users_displayNameKey');
  }

  async down(runner: QueryRunner): Promise<void> {
    const columnNames = ['displayNameKey', 'id'];
    await runner.createIndex('users', new TableIndex({ name: 'ix_users_displayNameKey', columnNames }));
    await runner.dropTable('user_names');
  }
}

const next = (runner: QueryRunner, after: string): Promise<Named[]> =>
  runner.query(
    `SELECT id, username, displayName, role FROM users WHERE id > ? AND status = 'active' ORDER BY id LIMIT ${USERS}`,
    [after],
  );

async function fill(runner: QueryRunner, users: readonly Named[]): Promise<void> {
  const rows = users.flatMap(rowsOf);
  for (let at = 0; at < rows.length; at += ROWS) {
    const some = rows.slice(at, at + ROWS);
    const places = some.map(() => '(?, ?, ?)').join(', ');
    await runner.query(`INSERT INTO user_names (place, tail, userId) VALUES ${places}`, some.flat());
  }
}

function rowsOf({ id, username, displayName, role }: Named): [number, string, string][] {
  const tails = tailsOf([{ name: username, isMade: role === 'guest' }, { name: displayName }]);
  const rows = tails.map(({ place, tail }) => [`${place}${tail}`, [place, tail, id]] as const);
  return [...new Map(rows).values()].map(([place, tail, userId]) => [place, tail, userId]);
}
