import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions, TableIndex } from 'typeorm';
import { tableColumns } from '../columns.js';

type Indexes = Readonly<Record<string, readonly string[]>>;

const nullable = { isNullable: true };

/** Accounts, logins, rooms, members, bans and messages. */
export class Spine1790000000000 implements MigrationInterface {
  readonly name = 'Spine1790000000000';

  async up(runner: QueryRunner): Promise<void> {
    const c = tableColumns(runner);
    await create(runner, 'installation', [c.textKey('name', 32), c.key('value', 255)]);
    await create(
      runner,
      'users',
      [
        c.id(),
        c.name('username', 64),
        c.key('usernameKey', 191),
        c.key('email', 254, nullable),
        c.key('passwordHash', 255, nullable),
        c.name('displayName', 64),
        c.key('displayNameKey', 191),
        c.text('bio', nullable),
        c.key('role', 8),
        c.key('status', 10),
        c.name('statusText', 140, nullable),
        c.name('statusEmoji', 32, nullable),
        c.number('statusExpiresAt', nullable),
        c.text('preferences'),
        c.number('rev'),
        c.number('createdAt'),
      ],
      {
        uq_users_usernameKey: ['usernameKey'],
        uq_users_email: ['email'],
        ix_users_displayNameKey: ['displayNameKey', 'id'],
      },
    );
    await this.createLogins(runner);
    await this.createRooms(runner);
    await this.createMessages(runner);
  }

  private async createLogins(runner: QueryRunner): Promise<void> {
    const c = tableColumns(runner);
    await create(
      runner,
      'sessions',
      [
        c.id(),
        c.ref('userId'),
        c.key('refreshHash', 43),
        c.key('previousHash', 43, nullable),
        c.number('counter'),
        c.name('device', 100, nullable),
        c.name('address', 64, nullable),
        c.name('userAgent', 255, nullable),
        c.number('createdAt'),
        c.number('usedAt'),
        c.number('rotatedAt'),
        c.number('expiresAt'),
        c.number('revokedAt', nullable),
        c.key('reason', 24, nullable),
      ],
      {
        ix_sessions_userId: ['userId', 'id'],
        ix_sessions_revokedAt: ['revokedAt'],
        ix_sessions_expiresAt: ['expiresAt'],
      },
    );
    await create(
      runner,
      'ws_tickets',
      [c.textKey('hash', 43), c.ref('sessionId'), c.number('expiresAt'), c.number('usedAt', nullable)],
      { ix_ws_tickets_expiresAt: ['expiresAt'] },
    );
    await create(
      runner,
      'idempotency_keys',
      [c.id('userId'), c.textKey('requestKey', 64), c.key('bodyHash', 43), c.ref('resourceId'), c.number('createdAt')],
      { ix_idempotency_keys_createdAt: ['createdAt'] },
    );
  }

  private async createRooms(runner: QueryRunner): Promise<void> {
    const c = tableColumns(runner);
    await create(
      runner,
      'rooms',
      [
        c.id(),
        c.key('kind', 8),
        c.key('visibility', 8),
        c.name('name', 100, nullable),
        c.key('nameKey', 191, nullable),
        c.text('topic', nullable),
        c.ref('ownerId', nullable),
        c.key('directKey', 53, nullable),
        c.number('headRev'),
        c.number('headSeq'),
        c.number('headAt'),
        c.number('memberRev'),
        c.number('floorRev'),
        c.number('memberCount'),
        c.text('settings'),
        c.number('archivedAt', nullable),
        c.number('createdAt'),
      ],
      { uq_rooms_directKey: ['directKey'], ix_rooms_public: ['visibility', 'nameKey', 'id'] },
    );
    await create(
      runner,
      'room_members',
      [
        c.id('roomId'),
        c.id('userId'),
        c.key('role', 8),
        c.number('joinedRev'),
        c.number('joinedAt'),
        c.number('visibleFromRev'),
        c.number('readSeq'),
        c.number('readVersion'),
        c.key('notify', 8),
        c.number('mutedUntil', nullable),
        c.name('alias', 64, nullable),
      ],
      { ix_room_members_userId: ['userId', 'roomId'] },
    );
    await create(runner, 'room_bans', [
      c.id('roomId'),
      c.id('userId'),
      c.ref('byId', nullable),
      c.name('reason', 200, nullable),
      c.number('until', nullable),
      c.number('createdAt'),
    ]);
  }

  private async createMessages(runner: QueryRunner): Promise<void> {
    const c = tableColumns(runner);
    await create(
      runner,
      'messages',
      [
        c.id('roomId'),
        c.numberKey('rev'),
        c.ref('id'),
        c.number('lastRev'),
        c.number('seq', nullable),
        c.key('kind', 6),
        c.ref('senderId', nullable),
        c.text('text', nullable),
        c.text('payload', nullable),
        c.ref('replyToId', nullable),
        c.number('editedAt', nullable),
        c.number('deletedAt', nullable),
        c.key('bodyHash', 22, nullable),
        c.number('createdAt'),
      ],
      { uq_messages_id: ['id'], ix_messages_senderId: ['senderId', 'createdAt'] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = ['messages', 'room_bans', 'room_members', 'rooms', 'idempotency_keys', 'ws_tickets', 'sessions'];
    for (const table of [...tables, 'users', 'installation']) await runner.dropTable(table);
  }
}

/** An index whose name begins with `uq_` is unique. */
async function create(
  runner: QueryRunner,
  name: string,
  columns: TableColumnOptions[],
  indexes: Indexes = {},
): Promise<void> {
  await runner.createTable(new Table({ name, ...tableColumns(runner).table, columns }));
  for (const [index, columnNames] of Object.entries(indexes)) {
    const isUnique = index.startsWith('uq_');
    await runner.createIndex(name, new TableIndex({ name: index, columnNames: [...columnNames], isUnique }));
  }
}
