import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { setTimeout as pause } from 'node:timers/promises';

/** A MariaDB of this test alone, that may be killed and stopped. */
export class Mariadb {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly folder: string,
    readonly port: number,
  ) {}

  /** Sets one up in a folder of its own, on a free port, and starts it. */
  static async create(): Promise<Mariadb> {
    const folder = mkdtempSync(join(tmpdir(), 'parley-faults-mariadb-'));
    const mariadb = new Mariadb(folder, await freePort());
    // A test that ran out of time ends nothing.
    process.once('exit', () => mariadb.child?.kill('SIGKILL'));
    const setUp = ['--no-defaults', `--datadir=${mariadb.dataDir}`, '--auth-root-authentication-method=normal'];
    execFileSync('mariadb-install-db', [...setUp, '--skip-test-db'], { stdio: 'pipe', env: mariadb.env });
    await mariadb.start();
    return mariadb;
  }

  urlOf(database: string, port = this.port): string {
    return `mysql://root@127.0.0.1:${port}/${database}`;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  async query(sql: string): Promise<void> {
    const connection = await createConnection({ uri: this.urlOf('') });
    await connection.query(sql);
    await connection.end();
  }

  async start(): Promise<void> {
    const { folder, dataDir, port } = this;
    const own = [`--user=${userInfo().username}`, `--datadir=${dataDir}`, `--socket=${join(folder, 'mysql.sock')}`];
    const net = [`--port=${port}`, '--bind-address=127.0.0.1', '--skip-name-resolve'];
    const size = ['--innodb-buffer-pool-size=64M', '--innodb-log-file-size=32M', '--performance-schema=off'];
    const safe = ['--innodb-flush-log-at-trx-commit=1'];
    this.child = spawn('mariadbd', ['--no-defaults', ...own, ...net, ...size, ...safe], {
      stdio: 'ignore',
      env: this.env,
    });
    await answering(port, this.child);
  }

  /** Ends it as a power cut would, as far as a signal can. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Makes it answer nothing, with every connection open. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async drop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** One that starts clears the folder for temporary tables, which must not be another one's. */
  private get env(): NodeJS.ProcessEnv {
    return { ...process.env, TMPDIR: this.folder };
  }

  private get dataDir(): string {
    return join(this.folder, 'data');
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600 && child.exitCode === null; tries++) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'data').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await pause(25);
  }
  throw new Error('MariaDB did not start');
}
