import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

/**
 * What a user has chosen to be shown as, when he was last seen, and whose status ends next. The new columns may be null,
 * so that no row is touched: plain SQL, because TypeORM would copy the table on SQLite.
 */
export class Presence1790300000000 implements MigrationInterface {
  readonly name = 'Presence1790300000000';

  async up(runner: QueryRunner): Promise<void> {
    const lite = runner.dataSource.options.type === 'better-sqlite3';
    const binary = lite ? '' : ' CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
    await runner.query(`ALTER TABLE users ADD COLUMN presence varchar(9)${binary}`);
    await runner.query('ALTER TABLE users ADD COLUMN lastSeenAt bigint');
    const columnNames = ['statusExpiresAt'];
    await runner.createIndex('users', new TableIndex({ name: 'ix_users_statusExpiresAt', columnNames }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('users', 'ix_users_statusExpiresAt');
    for (const column of ['lastSeenAt', 'presence']) await runner.query(`ALTER TABLE users DROP COLUMN ${column}`);
  }
}
