import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { tableColumns } from '../columns.js';

/** Mutes of those who have left. */
export class RoomMutes1790530000000 implements MigrationInterface {
  readonly name = 'RoomMutes1790530000000';

  async up(runner: QueryRunner): Promise<void> {
    const c = tableColumns(runner);
    const columns = [c.id('roomId'), c.id('userId'), c.number('until')];
    await runner.createTable(new Table({ name: 'room_mutes', ...c.table, columns }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('room_mutes');
  }
}
