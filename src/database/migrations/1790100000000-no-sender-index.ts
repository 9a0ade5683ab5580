import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

/** Messages are not indexed by sender: every message paid for it, and nothing on the message path asks (ADR 0015). */
export class NoSenderIndex1790100000000 implements MigrationInterface {
  readonly name = 'NoSenderIndex1790100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('messages', 'ix_messages_senderId');
  }

  async down(runner: QueryRunner): Promise<void> {
    const columnNames = ['senderId', 'createdAt'];
    await runner.createIndex('messages', new TableIndex({ name: 'ix_messages_senderId', columnNames }));
  }
}
