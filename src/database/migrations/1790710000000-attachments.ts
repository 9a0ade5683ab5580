import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';
import { tableColumns } from '../columns.js';

const INDEXES = {
  ix_attachments_ownerId: ['ownerId', 'messageId', 'bytes'],
  ix_attachments_messageId: ['messageId', 'id'],
  ix_attachments_sha256: ['sha256'],
  ix_attachments_storageKey: ['storageKey'],
};

/** Files that people send; rows of the same bytes name the same stored file. */
export class Attachments1790710000000 implements MigrationInterface {
  readonly name = 'Attachments1790710000000';

  async up(runner: QueryRunner): Promise<void> {
    const c = tableColumns(runner);
    const nullable = { isNullable: true };
    const owner = [c.id(), c.ref('ownerId')];
    const place = [c.ref('roomId', nullable), c.ref('messageId', nullable), c.number('rev', nullable)];
    const facts = [c.name('name', 255), c.key('mediaType', 100), c.number('bytes'), c.key('sha256', 64)];
    const size = [c.number('width', nullable), c.number('height', nullable)];
    const keys = [c.key('storageKey', 100), c.key('thumbnailKey', 100, nullable)];
    const columns = [...owner, ...place, ...facts, ...size, ...keys];
    await runner.createTable(new Table({ name: 'attachments', ...c.table, columns }));
    for (const [name, columnNames] of Object.entries(INDEXES)) {
      await runner.createIndex('attachments', new TableIndex({ name, columnNames }));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('attachments');
  }
}
