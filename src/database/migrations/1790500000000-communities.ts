import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';
import { tableColumns } from '../columns.js';

const COLUMNS = ['silentUntil', 'hiddenSeq'];

/**
 * Rooms as communities: what a member set for himself, what is hidden from him, and who wrote when in slow mode. The new
 * columns may be null, so that no row is touched: plain SQL, because TypeORM would copy the table on SQLite.
 */
export class Communities1790500000000 implements MigrationInterface {
  readonly name = 'Communities1790500000000';

  async up(runner: QueryRunner): Promise<void> {
    const c = tableColumns(runner);
    for (const column of COLUMNS) await runner.query(`ALTER TABLE room_members ADD COLUMN ${column} bigint`);
    const columnNames = ['roomId', 'role', 'joinedRev'];
    await runner.createIndex('room_members', new TableIndex({ name: 'ix_room_members_role', columnNames }));
    const columns = [c.id('roomId'), c.id('userId'), c.number('sentAt')];
    await runner.createTable(new Table({ name: 'room_sends', ...c.table, columns }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('room_sends');
    await runner.dropIndex('room_members', 'ix_room_members_role');
    for (const column of COLUMNS) await runner.query(`ALTER TABLE room_members DROP COLUMN ${column}`);
  }
}
