import { Entity, Index } from 'typeorm';
import {
  IdColumn,
  JsonColumn,
  KeyColumn,
  NameColumn,
  NumberColumn,
  TextColumn,
  TimeColumn,
} from '../database/columns.js';
import type { UserRole } from '../protocol/views.js';

@Entity('users')
@Index('uq_users_usernameKey', ['usernameKey'], { unique: true })
@Index('uq_users_email', ['email'], { unique: true })
@Index('ix_users_displayNameKey', ['displayNameKey', 'id'])
export class User {
  @IdColumn() id!: string;
  @NameColumn(64) username!: string;
  /** The user name after NFKC and case folding: unique, and what search by prefix reads. */
  @KeyColumn(191) usernameKey!: string;
  @KeyColumn(254, { nullable: true }) email!: string | null;
  /** argon2id in PHC form; null for guests. */
  @KeyColumn(255, { nullable: true }) passwordHash!: string | null;
  @NameColumn(64) displayName!: string;
  @KeyColumn(191) displayNameKey!: string;
  @TextColumn({ nullable: true }) bio!: string | null;
  @KeyColumn(8) role!: UserRole;
  @KeyColumn(10) status!: 'active' | 'suspended' | 'deleted';
  @NameColumn(140, { nullable: true }) statusText!: string | null;
  @NameColumn(32, { nullable: true }) statusEmoji!: string | null;
  @TimeColumn({ nullable: true }) statusExpiresAt!: number | null;
  @JsonColumn() preferences!: Record<string, unknown>;
  /** Counts the durable private changes of this user. */
  @NumberColumn() rev!: number;
  @TimeColumn() createdAt!: number;
}
