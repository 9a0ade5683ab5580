import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { TestDatabase } from '../support/engine.js';
import { ServerProcess, serverEnv } from '../support/server.js';
import { Visitor, launch } from './browser.js';

/** A browser and a started server for the tests of one file. After each test, nothing may have gone wrong in a page. */
export class Stage {
  url = '';
  private browser!: Browser;
  private server!: ServerProcess;
  private env: Record<string, string> = {};
  private database!: TestDatabase;
  private visitors: Visitor[] = [];

  private constructor(private readonly settings: Readonly<Record<string, string>>) {}

  /** Ties it to the tests of a file or `describe`; `settings` are the server's. */
  static set(settings: Readonly<Record<string, string>> = {}): Stage {
    const stage = new Stage(settings);
    beforeAll(() => stage.build());
    afterEach(() => stage.clear());
    afterAll(() => stage.strike());
    return stage;
  }

  /** Somebody opens the page; `path` begins with `#` or `/`. */
  async arrive(options: BrowserContextOptions & { readonly path?: string } = {}): Promise<Visitor> {
    const { path = '', ...context } = options;
    const visitor = await Visitor.arrive(this.browser, this.url + path, context);
    this.visitors.push(visitor);
    return visitor;
  }

  /** Ends the server without a word. */
  async killServer(): Promise<void> {
    this.server.signal('SIGKILL');
    await this.server.exit();
  }

  /** Starts it again where it was: the pages come back to it. */
  async restartServer(): Promise<void> {
    this.server = ServerProcess.spawn(this.env);
    await this.server.address();
  }

  private async build(): Promise<void> {
    this.browser = await launch();
    const { env, database } = await serverEnv();
    this.env = { ...env, ...this.settings };
    this.database = database;
    this.server = ServerProcess.spawn(this.env);
    this.url = await this.server.address();
    this.env.PORT = new URL(this.url).port;
  }

  private async clear(): Promise<void> {
    const faults = this.visitors.flatMap((visitor) => visitor.faults);
    await Promise.all(this.visitors.map(({ page }) => page.context().close()));
    this.visitors = [];
    if (faults.length > 0) throw new Error(`in the page: ${faults.join('\n')}`);
  }

  private async strike(): Promise<void> {
    await this.browser.close();
    await this.server.end();
    await this.database.drop();
  }
}
