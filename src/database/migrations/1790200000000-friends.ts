import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';
import { tableColumns } from '../columns.js';

const nullable = { isNullable: true };

const INDEXES: Readonly<Record<string, readonly string[]>> = {
  uq_friendships_requestId: ['requestId'],
  ix_friendships_userLow: ['userLow', 'state', 'userHigh'],
  ix_friendships_userHigh: ['userHigh', 'state', 'userLow'],
  ix_friendships_requestedBy: ['requestedBy', 'state', 'requestId'],
  ix_friendships_requestedTo: ['requestedTo', 'state', 'requestId'],
};

/** Friendships with the requests for them, one row a pair, and blocks. */
export class Friends1790200000000 implements MigrationInterface {
  readonly name = 'Friends1790200000000';

  async up(runner: QueryRunner): Promise<void> {
    const c = tableColumns(runner);
    const friendships = [
      c.id('userLow'),
      c.id('userHigh'),
      c.key('state', 8),
      c.ref('requestedBy'),
      c.ref('requestedTo'),
      c.ref('requestId'),
      c.name('message', 500, nullable),
      c.name('aliasByLow', 64, nullable),
      c.name('aliasByHigh', 64, nullable),
      c.number('createdAt'),
      c.number('acceptedAt', nullable),
    ];
    await runner.createTable(new Table({ name: 'friendships', ...c.table, columns: friendships }));
    for (const [name, columnNames] of Object.entries(INDEXES)) {
      const isUnique = name.startsWith('uq_');
      await runner.createIndex('friendships', new TableIndex({ name, columnNames: [...columnNames], isUnique }));
    }
    const blocks = [c.id('blockerId'), c.id('blockedId'), c.number('createdAt')];
    await runner.createTable(new Table({ name: 'blocks', ...c.table, columns: blocks }));
    const columnNames = ['blockedId', 'blockerId'];
    await runner.createIndex('blocks', new TableIndex({ name: 'ix_blocks_blockedId', columnNames }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('blocks');
    await runner.dropTable('friendships');
  }
}
