import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';
import { tableColumns } from '../columns.js';

/** Links that let people into a room. */
export class Invites1790510000000 implements MigrationInterface {
  readonly name = 'Invites1790510000000';

  async up(runner: QueryRunner): Promise<void> {
    const c = tableColumns(runner);
    const nullable = { isNullable: true };
    const ids = [c.id(), c.ref('code'), c.ref('roomId'), c.ref('byId')];
    const uses = [c.number('maxUses', nullable), c.number('uses')];
    const ends = [c.number('expiresAt', nullable), c.number('endedAt', nullable)];
    const columns = [...ids, ...uses, ...ends];
    await runner.createTable(new Table({ name: 'room_invites', ...c.table, columns }));
    const unique = { name: 'uq_room_invites_code', columnNames: ['code'], isUnique: true };
    await runner.createIndex('room_invites', new TableIndex(unique));
    const byRoom = { name: 'ix_room_invites_roomId', columnNames: ['roomId', 'id'] };
    await runner.createIndex('room_invites', new TableIndex(byRoom));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('room_invites');
  }
}
