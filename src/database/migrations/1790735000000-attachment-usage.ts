import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { tableColumns } from '../columns.js';

/** What each user has of attachments, so that nobody's rows are summed up for one more. */
export class AttachmentUsage1790735000000 implements MigrationInterface {
  readonly name = 'AttachmentUsage1790735000000';

  async up(runner: QueryRunner): Promise<void> {
    const c = tableColumns(runner);
    const columns = [c.id('userId'), c.number('files'), c.number('bytes')];
    await runner.createTable(new Table({ name: 'attachment_usage', ...c.table, columns }));
    await runner.query(
      `INSERT INTO attachment_usage (userId, files, bytes)
       SELECT ownerId, COUNT(*), SUM(bytes) FROM attachments GROUP BY ownerId`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('attachment_usage');
  }
}
