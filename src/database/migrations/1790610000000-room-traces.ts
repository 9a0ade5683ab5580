import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const TABLES = ['room_bans', 'room_mutes', 'room_sends'] as const;

/**
 * What rooms keep of somebody who is not in them is found by his id, so that it ends with his account. Rows of accounts
 * that ended before this go now.
 */
export class RoomTraces1790610000000 implements MigrationInterface {
  readonly name = 'RoomTraces1790610000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      await runner.createIndex(table, new TableIndex({ name: `ix_${table}_userId`, columnNames: ['userId'] }));
      await runner.query(`DELETE FROM ${table} WHERE userId IN (SELECT id FROM users WHERE status = 'deleted')`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.dropIndex(table, `ix_${table}_userId`);
  }
}
