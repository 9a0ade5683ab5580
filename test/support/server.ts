import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { type TestDatabase, createDatabase } from './engine.js';

const START_MS = 30_000;

/** The built server as a process of its own, as operators run it: for signals, kills and restarts. */
export class ServerProcess {
  /** Everything written to standard output and error. */
  output = '';
  private exited: number | string | null = null;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.once('exit', (code, signal) => (this.exited = code ?? signal ?? 0));
  }

  /** Starts it without waiting for anything. `nodeArgs` go to Node itself. */
  static spawn(env: Record<string, string>, nodeArgs: readonly string[] = []): ServerProcess {
    const { PATH = '', HOME = '' } = process.env;
    const args = ['--disable-warning=ExperimentalWarning', ...nodeArgs, 'dist/src/main.js'];
    const child = spawn(process.execPath, args, { env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    // A test that ran out of time ends nothing.
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    return new ServerProcess(child);
  }

  /** The address on the line `listening on …`. */
  async address(): Promise<string> {
    const line = /^listening on (\S+)$/m;
    return this.until(() => line.exec(this.output)?.[1], 'the line "listening on"');
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  signal(name: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): void {
    this.child.kill(name);
  }

  /** The exit code, or the signal that ended it. */
  exit(): Promise<number | string> {
    return this.until(() => this.exited ?? undefined, 'the exit');
  }

  /** Ends it if it still runs. */
  async end(): Promise<void> {
    if (this.exited === null) this.signal('SIGKILL');
    await this.exit();
  }

  private async until<T>(look: () => T | undefined, what: string): Promise<T> {
    for (let waited = 0; waited < START_MS; waited += 10) {
      const found = look();
      if (found !== undefined) return found;
      if (this.exited !== null && what !== 'the exit') break;
      await pause(10);
    }
    throw new Error(`${what} did not come; output: ${this.output.slice(-2000)}`);
  }
}

/** A database and the environment of a server on it, on a port that stays the same over restarts. */
export async function serverEnv(
  more: Record<string, string> = {},
): Promise<{ env: Record<string, string>; database: TestDatabase }> {
  const database = await createDatabase();
  const env = { DATABASE_URL: database.url, DATA_DIR: database.dataDir, PORT: '0', LIMITS: 'off', LOG_LEVEL: 'error' };
  return { env: { ...env, ...more }, database };
}
