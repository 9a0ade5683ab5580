import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The pictures that users have uploaded. Plain SQL: TypeORM would copy the table on SQLite, and as it knew the table
 * before the migrations of this run.
 */
export class Avatars1790410000000 implements MigrationInterface {
  readonly name = 'Avatars1790410000000';

  async up(runner: QueryRunner): Promise<void> {
    const lite = runner.dataSource.options.type === 'better-sqlite3';
    const type = lite ? 'varchar(26)' : 'char(26) CHARACTER SET ascii COLLATE ascii_bin';
    await runner.query(`ALTER TABLE users ADD COLUMN avatar ${type}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP COLUMN avatar');
  }
}
