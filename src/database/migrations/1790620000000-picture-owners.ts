import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const TABLES = ['users', 'rooms'];
const nameOf = (table: string): string => `ix_${table}_avatar`;

/** Whose a picture is, so that those that are nobody's can be told without reading whole tables. */
export class PictureOwners1790620000000 implements MigrationInterface {
  readonly name = 'PictureOwners1790620000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      await runner.createIndex(table, new TableIndex({ name: nameOf(table), columnNames: ['avatar'] }));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.dropIndex(table, nameOf(table));
  }
}
