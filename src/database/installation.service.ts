import { Injectable, type OnModuleInit } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Installation } from './installation.entity.js';
import { insertRows } from './sql.js';
import { uniqueViolation } from './errors.js';
import { UnitOfWork } from './unit-of-work.js';

const EPOCH = 'epoch';

/**
 * Facts about this installation. `epoch` is a random id, written at the first start; a restore from backup writes a new
 * one, so that clients know that their cursors are worth nothing.
 */
@Injectable()
export class InstallationService implements OnModuleInit {
  private value = '';

  constructor(private readonly uow: UnitOfWork) {}

  get epoch(): string {
    return this.value;
  }

  async onModuleInit(): Promise<void> {
    this.value = (await this.find()) ?? (await this.create());
  }

  private async find(): Promise<string | null> {
    const row = await this.uow.run((tx) => tx.manager.findOneBy(Installation, { name: EPOCH }));
    return row?.value ?? null;
  }

  private async create(): Promise<string> {
    const value = randomBytes(12).toString('base64url');
    try {
      await this.uow.run((tx) => insertRows(tx, 'installation', [{ name: EPOCH, value }]));
      return value;
    } catch (error) {
      // Another node was first.
      if (uniqueViolation(error) === null) throw error;
      return (await this.find()) ?? value;
    }
  }
}
