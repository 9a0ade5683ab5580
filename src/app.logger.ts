import { ConsoleLogger } from '@nestjs/common';
import type { AppConfig } from './config/app-config.js';

const LEVELS = ['fatal', 'error', 'warn', 'log', 'debug'] as const;
/** Nest tells every module and route at the start; that is for those who look for a fault. */
const STARTUP = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'WebSocketsController', 'NestFactory']);

/** A net below: nothing logs these, and if something did, they would be masked. */
const REDACTED = ['password', 'token', 'accessToken', 'refreshToken', 'ticket', 'secret', 'authorization', 'cookie'];

class QuietLogger extends ConsoleLogger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (STARTUP.has(String(rest.at(-1)))) super.debug(message, ...rest);
    else super.log(message, ...rest);
  }
}

/** Structured logs: objects with a stable `event`. Secrets and texts of people are never logged in the first place. */
export function createLogger({ log }: AppConfig): ConsoleLogger {
  const json = log.format === 'json' || (log.format === 'auto' && !process.stdout.isTTY);
  const least = log.level === 'info' ? 'log' : log.level;
  return new QuietLogger({ json, redact: REDACTED, logLevels: LEVELS.slice(0, LEVELS.indexOf(least) + 1) });
}
