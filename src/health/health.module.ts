import { Module } from '@nestjs/common';
import { ConfigController } from './config.controller.js';
import { DatabaseHealth } from './database-health.service.js';
import { HealthController } from './health.controller.js';

/** How the program is, and what it tells everybody of itself. */
@Module({ controllers: [ConfigController, HealthController], providers: [DatabaseHealth] })
export class HealthModule {}
