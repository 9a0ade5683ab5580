import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { tableColumns } from '../columns.js';

/** The pictures of rooms. */
export class RoomAvatars1790520000000 implements MigrationInterface {
  readonly name = 'RoomAvatars1790520000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('rooms', new TableColumn(tableColumns(runner).ref('avatar', { isNullable: true })));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('rooms', 'avatar');
  }
}
