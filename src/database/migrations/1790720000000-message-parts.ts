import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';
import { tableColumns } from '../columns.js';

/** Revisions, reactions, pins, replies and mentions. */
export class MessageParts1790720000000 implements MigrationInterface {
  readonly name = 'MessageParts1790720000000';

  async up(runner: QueryRunner): Promise<void> {
    const c = tableColumns(runner);
    const create = (name: string, columns: TableColumnOptions[]) =>
      runner.createTable(new Table({ name, ...c.table, columns }));
    const revisions = [
      c.id('messageId'),
      c.numberKey('no'),
      c.text('text', { isNullable: true }),
      c.number('createdAt'),
    ];
    await create('message_revisions', revisions);
    await create('reactions', [c.id('messageId'), c.id('userId'), c.textKey('emoji', 64), c.number('createdAt')]);
    await create('message_replies', [c.id('messageId'), c.numberKey('rev'), c.ref('roomId')]);
    await create('mentions', [c.id('userId'), c.id('roomId'), c.numberKey('seq'), c.ref('senderId')]);
    const pins = [c.id('roomId'), c.id('messageId'), c.number('messageRev'), c.number('pinnedRev'), c.ref('byId')];
    const indices = [{ name: 'ix_pins_pinnedRev', columnNames: ['roomId', 'pinnedRev'] }];
    await runner.createTable(new Table({ name: 'pins', ...c.table, columns: pins, indices }));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['pins', 'mentions', 'message_replies', 'reactions', 'message_revisions']) {
      await runner.dropTable(name);
    }
  }
}
