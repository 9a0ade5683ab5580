import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger } from './app.logger.js';
import { AppModule } from './app.module.js';
import { configureApp, createHttpAdapter } from './app.setup.js';
import type { AppConfig } from './config/app-config.js';
import { ConfigError } from './config/config-error.js';
import { loadConfig } from './config/load-config.js';
import { HealthRegistry } from './metrics/health-registry.js';
import { DrainService } from './realtime/drain.service.js';

/** Beyond `DRAIN_MS`, the process ends whatever is still open; a second is promised, ending takes a part of it. */
const GRACE_MS = 800;

/** The configuration, or the end of the process with every fault on a line of its own. */
function configure(): AppConfig {
  try {
    process.loadEnvFile();
  } catch (error) {
    // Without a file, the environment is enough.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** The first signal drains, the second changes nothing, the third ends at once. */
function stopOnSignals(app: NestFastifyApplication, drainMs: number): void {
  let signals = 0;
  const onSignal = () => {
    signals += 1;
    if (signals === 1) void stop(app, drainMs);
    if (signals === 3) process.exit(1);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

async function stop(app: NestFastifyApplication, drainMs: number): Promise<void> {
  setTimeout(() => process.exit(0), drainMs + GRACE_MS).unref();
  app.get(HealthRegistry).draining = true;
  await app.get(DrainService, { strict: false }).drain(drainMs);
  await app.close();
  process.exit(0);
}

/** An error that nobody caught is a bug of ours, but never a reason to throw everybody out. */
function surviveErrors(): void {
  const logger = new Logger('Process');
  const log = (event: string) => (error: unknown) =>
    logger.error({ event, error: error instanceof Error ? error.stack : String(error) });
  process.on('uncaughtException', log('process.uncaughtException'));
  process.on('unhandledRejection', log('process.unhandledRejection'));
  // Whoever read the logs is gone: to log that would fail again, and so on for ever.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
}

async function main(): Promise<void> {
  const config = configure();
  const logger = createLogger(config);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(config), createHttpAdapter(config), {
    logger,
    bodyParser: false,
    abortOnError: false,
  });
  await configureApp(app, config);
  stopOnSignals(app, config.http.drainMs);
  await app.listen(config.http.port, config.http.host);
  surviveErrors();
  process.stdout.write(`listening on ${addressOf(app.getHttpServer().address() as AddressInfo, config)}\n`);
}

const addressOf = ({ port }: AddressInfo, { http, tls }: AppConfig): string =>
  `${tls ? 'https' : 'http'}://${http.host.includes(':') ? `[${http.host}]` : http.host}:${port}`;

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
