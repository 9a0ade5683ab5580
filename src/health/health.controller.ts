import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../access/access.decorators.js';
import { HealthRegistry } from '../metrics/health-registry.js';
import { Metrics } from '../metrics/metrics.js';

/** What operators and balancers ask; at the root, without the API's prefix. */
@ApiExcludeController()
@Controller()
@Public({ counted: false })
export class HealthController {
  constructor(
    private readonly health: HealthRegistry,
    private readonly metrics: Metrics,
  ) {}

  /** The process is there. */
  @Get('livez')
  isAlive(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 503 while this node is not to get new clients: it drains, or a part of it is not well. */
  @Get('readyz')
  isReady(@Res({ passthrough: true }) reply: FastifyReply): object {
    const { isReady, draining } = this.health;
    if (!isReady) reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: isReady ? 'ok' : 'unavailable', draining, parts: this.health.describe() };
  }

  /** Everything that is measured, for Prometheus. */
  @Get('metrics')
  async readMetrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    reply.header('Content-Type', this.metrics.registry.contentType);
    return this.metrics.registry.metrics();
  }
}
