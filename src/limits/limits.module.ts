import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { READS } from '../database/data-source.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { IdempotencyKeys } from './idempotency-keys.service.js';
import { RateLimits } from './rate-limits.js';
import { RequestRates } from './request-rates.service.js';

/** Rates, and the memory of repeated requests. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([IdempotencyKey], READS)],
  providers: [IdempotencyKeys, RateLimits, RequestRates],
  exports: [IdempotencyKeys, RateLimits, RequestRates],
})
export class LimitsModule {}
