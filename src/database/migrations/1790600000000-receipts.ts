import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = ['deliveredSeq', 'shownReadSeq'];

/** What others are shown of a member's marks. Null so that no row is touched: plain SQL, as for presence. */
export class Receipts1790600000000 implements MigrationInterface {
  readonly name = 'Receipts1790600000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const column of COLUMNS) await runner.query(`ALTER TABLE room_members ADD COLUMN ${column} bigint`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const column of COLUMNS) await runner.query(`ALTER TABLE room_members DROP COLUMN ${column}`);
  }
}
