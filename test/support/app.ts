import 'reflect-metadata';
import type { Server } from 'node:http';
import type { INestApplication, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { MessageBus } from '../../src/bus/message-bus.js';
import { AppModule } from '../../src/app.module.js';
import { configureApp, createHttpAdapter } from '../../src/app.setup.js';
import { AppConfig } from '../../src/config/app-config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { type TestDatabase, createDatabase } from './engine.js';

/** Far above what closing takes. */
const CUT_MS = 5000;

/** What a test brings itself. */
export interface Parts {
  readonly database?: TestDatabase;
  /** A bus that fails in ways that a test chooses. */
  readonly bus?: MessageBus;
}

/** A really started server on a free port, with a database of its own. */
export class TestApp {
  private constructor(
    readonly app: INestApplication,
    readonly config: AppConfig,
    readonly url: string,
    private readonly database: TestDatabase,
    private readonly env: Record<string, string>,
  ) {}

  /** Starts the server. Rates are lifted unless `LIMITS: 'on'`; any other setting is as in production. */
  static async start(env: Record<string, string> = {}, parts: Parts = {}): Promise<TestApp> {
    const own = parts.database ?? (await createDatabase());
    const config = loadConfig({
      NODE_ENV: 'test',
      PORT: '0',
      DATABASE_URL: own.url,
      DATA_DIR: own.dataDir,
      AUTH_SECRET: 'a secret of tests, thirty-two bytes and more',
      LOG_LEVEL: 'error',
      LIMITS: 'off',
      ...env,
    });
    const builder = Test.createTestingModule({ imports: [AppModule.forRoot(config)] });
    if (parts.bus) builder.overrideProvider(MessageBus).useValue(parts.bus);
    const module = await builder.compile();
    const app = module.createNestApplication<NestFastifyApplication>(createHttpAdapter(config), {
      logger: false,
      bodyParser: false,
    });
    await configureApp(app, config);
    await app.listen(config.http.port, config.http.host);
    return new TestApp(app, config, await app.getUrl(), own, env);
  }

  get<T>(token: Type<T> | (abstract new (...args: never[]) => T)): T {
    return this.app.get(token as Type<T>, { strict: false });
  }

  get apiUrl(): string {
    return `${this.url}/api/v1`;
  }

  get socketUrl(): string {
    return `${this.url.replace('http', 'ws')}/ws`;
  }

  /** The rows themselves, past every service. */
  rows<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.app.get(DataSource).query(sql, parameters);
  }

  /** Ends this server and starts another one on the same database. `meanwhile` is done while there is none. */
  async restart(env: Record<string, string> = {}, meanwhile = () => {}): Promise<TestApp> {
    await this.close();
    meanwhile();
    return TestApp.start({ ...this.env, ...env }, { database: this.database });
  }

  async stop(): Promise<void> {
    await this.close();
    await this.database.drop();
  }

  /**
   * `fetch` keeps connections for its next request. One that is not seen to be idle at the moment of closing would be
   * waited for until its time is over, a minute later; a process that ends cuts such ones.
   */
  private async close(): Promise<void> {
    const server = this.app.getHttpServer() as Server;
    const cut = setTimeout(() => server.closeAllConnections(), CUT_MS);
    await this.app.close();
    clearTimeout(cut);
  }
}
