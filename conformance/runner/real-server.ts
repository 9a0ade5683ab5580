import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A heartbeat comes soon, so that a client notices soon that a connection is dead. */
const HEARTBEAT_MS = 1000;
const START_MS = 60_000;

/** A Parley server with an empty SQLite database, on a port that it keeps over restarts. */
export class RealServer {
  url = '';
  readonly #folder = mkdtempSync(join(tmpdir(), 'parley-conformance-'));
  #child: ChildProcess | null = null;

  /** @param main the built server, `dist/src/main.js` */
  constructor(private readonly main: string) {}

  /** Starts it, or starts it again. */
  async start(): Promise<void> {
    const env = {
      DATA_DIR: this.#folder,
      DATABASE_URL: `sqlite:${join(this.#folder, 'parley.db')}`,
      PORT: this.url === '' ? '0' : new URL(this.url).port,
      LIMITS: 'off',
      LIMIT_HEARTBEAT_MS: String(HEARTBEAT_MS),
      LOG_LEVEL: 'error',
    };
    const args = ['--disable-warning=ExperimentalWarning', this.main];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.url = await addressOf(child);
  }

  /** Ends it without a warning, as a machine that loses its power. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await exit;
  }

  /** Ends it for good. */
  async drop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (): void => reject(new Error(`the server did not start: ${output.slice(-2000)}`));
    const timer = setTimeout(fail, START_MS);
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
      const url = /^listening on (\S+)$/m.exec(output)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', fail);
  });
}
