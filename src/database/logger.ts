import { Logger as NestLogger } from '@nestjs/common';
import type { Logger } from 'typeorm';
import { isAway, isPassing, uniqueViolation } from './errors.js';

/**
 * TypeORM's own loggers print parameters, and drivers put values into their messages: password hashes and message
 * texts among them. This one prints the fault's code and the statement, which holds placeholders only.
 */
export class DatabaseLogger implements Logger {
  private readonly logger = new NestLogger('Database');

  logQuery(): void {}

  logQueryError(error: string | Error, query: string): void {
    // Expected by those who asked, who answer them.
    if (uniqueViolation(error) || isPassing(error) || isAway(error)) return;
    const code = typeof error === 'string' ? 'unknown' : ((error as { code?: string }).code ?? error.name);
    this.logger.error({ event: 'database.queryFailed', code, query: query.slice(0, 500) });
  }

  logQuerySlow(ms: number, query: string): void {
    this.logger.warn({ event: 'database.querySlow', ms, query: query.slice(0, 500) });
  }

  logSchemaBuild(message: string): void {
    this.logger.debug({ event: 'database.schema', message });
  }

  logMigration(message: string): void {
    this.logger.log({ event: 'database.migration', message });
  }

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    this.logger[level === 'warn' ? 'warn' : 'log']({ event: 'database.note', message });
  }
}
