import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { tableColumns } from '../columns.js';

/** The last change of each message that changed after it was sent. */
export class MessageChanges1790700000000 implements MigrationInterface {
  readonly name = 'MessageChanges1790700000000';

  async up(runner: QueryRunner): Promise<void> {
    const c = tableColumns(runner);
    const columns = [
      c.id('roomId'),
      c.numberKey('rev'),
      c.ref('messageId'),
      c.number('messageRev'),
      c.key('event', 20),
    ];
    const indices = [{ name: 'uq_message_changes_messageId', columnNames: ['messageId'], isUnique: true }];
    await runner.createTable(new Table({ name: 'message_changes', ...c.table, columns, indices }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('message_changes');
  }
}
