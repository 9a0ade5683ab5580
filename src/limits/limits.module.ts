import { Global, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { READS } from '../database/data-source.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { IdempotencyKeys } from './idempotency-keys.service.js';
import { RateLimits } from './rate-limits.js';
import { RequestRateInterceptor } from './request-rate.interceptor.js';

/** Rates, and the memory of repeated requests. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([IdempotencyKey], READS)],
  providers: [IdempotencyKeys, RateLimits, { provide: APP_INTERCEPTOR, useClass: RequestRateInterceptor }],
  exports: [IdempotencyKeys, RateLimits],
})
export class LimitsModule {}
