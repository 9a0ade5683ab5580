// The processes that take part: each is pinned to a core, known by its id and ended by it.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { cpus, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Servers and databases run here, */
const SERVER_CORE = 0;
/** and what loads them there. */
const LOAD_CORE = cpus().length - 1;

const running = new Set();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

function start(core, program, args, options = {}) {
  const child = spawn('taskset', ['-c', String(core), program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Ends a process and waits for its end. */
export async function stop(child, signal = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

/** A folder for this run; gone at its end. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Waits for the program's line `listening on http://…`; what it prints later is let go. */
function addressOf(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output = (output + chunk).slice(-10_000);
      const found = /listening on (http:\S+)\n/.exec(output);
      if (found) resolve(found[1]);
    });
    child.once('exit', () => reject(new Error(`the server ended: ${output}`)));
  });
}

/** Parley as operators run it, without rates. Returns its address and process. */
export async function startParley(databaseUrl, { dataDir, nodeArgs = [], env = {} }) {
  const args = [...nodeArgs, '--disable-warning=ExperimentalWarning', 'dist/src/main.js'];
  // The index of search is measured by itself: see search.mjs.
  const own = {
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    PORT: '0',
    LIMITS: 'off',
    LOG_LEVEL: 'error',
    SEARCH: 'off',
  };
  const { PATH, HOME } = process.env;
  const child = start(SERVER_CORE, process.execPath, args, { env: { PATH, HOME, ...own, ...env } });
  return { child, url: await addressOf(child) };
}

/** A limit server: see limits/server.mjs. */
export async function startLimit(databaseUrl, roomsFile) {
  const args = ['--disable-warning=ExperimentalWarning', 'bench/limits/server.mjs'];
  const child = start(SERVER_CORE, process.execPath, [...args, '--rooms', roomsFile, '--database', databaseUrl]);
  return { child, url: await addressOf(child) };
}

/** A MariaDB of its own in `folder`, as durable as the server asks for. Returns its process and address. */
export async function startMariadb(folder) {
  const datadir = join(folder, 'mysql');
  const setUp = ['--no-defaults', `--datadir=${datadir}`, '--auth-root-authentication-method=normal', '--skip-test-db'];
  execFileSync('mariadb-install-db', setUp, { stdio: 'ignore' });
  const port = await freePort();
  const child = start(
    SERVER_CORE,
    'mariadbd',
    [
      '--no-defaults',
      `--user=${userInfo().username}`,
      `--datadir=${datadir}`,
      `--socket=${join(folder, 'mysql.sock')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--innodb-flush-log-at-trx-commit=1',
      '--innodb-buffer-pool-size=1G',
      '--innodb-log-file-size=512M',
      '--max-connections=200',
    ],
    { stdio: 'ignore' },
  );
  await answering(port, child);
  return { child, url: `mysql://root@127.0.0.1:${port}` };
}

/** The process that makes the load; jobs go to it and results come from it as messages. */
export function startLoad() {
  return start(LOAD_CORE, process.execPath, ['bench/load/main.mjs'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

async function answering(port, child) {
  for (let tries = 0; tries < 300 && child.exitCode === null; tries++) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await pause(100);
  }
  throw new Error('MariaDB did not start');
}
