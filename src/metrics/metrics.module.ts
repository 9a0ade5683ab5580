import { Global, Module } from '@nestjs/common';
import { HealthRegistry } from './health-registry.js';
import { Metrics } from './metrics.js';

/** Gives everybody the metrics and the health of this process. */
@Global()
@Module({ providers: [Metrics, HealthRegistry], exports: [Metrics, HealthRegistry] })
export class MetricsModule {}
