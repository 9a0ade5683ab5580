import 'reflect-metadata';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../protocol/limits.js';
import { EXAMPLE_SECRET } from './auth-secret.js';
import { ConfigError } from './config-error.js';
import { parseDatabaseUrl } from './database.config.js';
import { parseStorageUrl } from './storage.config.js';
import { variableNames } from './env.js';
import { loadConfig } from './load-config.js';

const SECRET = 'a'.repeat(32);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'parley-config-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig({ DATA_DIR: dir, AUTH_SECRET: SECRET, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('needs nothing at all', () => {
    const config = loadConfig({ DATA_DIR: dir });
    expect(config.http).toMatchObject({ host: '127.0.0.1', port: 3000, drainMs: 5000, trustProxy: false });
    expect(config.database).toEqual({ kind: 'sqlite', path: join(dir, 'parley.db'), migrateOnStart: true });
    expect(config.limits).toEqual({ ...DEFAULT_LIMITS, rates: true });
    expect(config.auth).toMatchObject({ guests: true, registration: 'open', accessSeconds: 900, refreshDays: 30 });
    expect(config).toMatchObject({ production: false, tls: null, log: { level: 'info', format: 'auto' } });
  });

  it('cannot be changed afterwards', () => {
    const config = loadConfig({ DATA_DIR: dir });
    for (const part of [config, config.http, config.database, config.auth, config.limits, config.log]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('takes every value from the environment', () => {
    const env = {
      HOST: '0.0.0.0',
      PORT: '0',
      DATABASE_URL: 'mysql://root@127.0.0.1:3306/parley',
      MIGRATE_ON_START: 'off',
      GUESTS: 'off',
      REGISTRATION: 'closed',
      ALLOWED_ORIGINS: 'https://a.example, http://b.example:8080',
      TRUST_PROXY: 'on',
      LIMIT_FRAME_BYTES: '4096',
      LOG_LEVEL: 'warn',
    };
    const config = loadConfig({ DATA_DIR: dir, AUTH_SECRET: SECRET, ...env });
    expect(config.http).toMatchObject({ host: '0.0.0.0', port: 0, trustProxy: 'loopback,linklocal,uniquelocal' });
    expect(config.http.allowedOrigins).toEqual(['https://a.example', 'http://b.example:8080']);
    expect(config.database).toMatchObject({ kind: 'mysql', migrateOnStart: false });
    expect(config.auth).toMatchObject({ guests: false, registration: 'closed' });
    expect(config.auth.secret.export().toString()).toBe(SECRET);
    const { secret, refreshSecret, linkSecret } = config.auth;
    const keys = [secret, refreshSecret, linkSecret].map((key) => key.export().toString('hex'));
    expect(new Set(keys).size).toBe(3);
    expect(config.limits.frameBytes).toBe(4096);
    expect(config.log.level).toBe('warn');
  });

  it('lists all faults at once, without the values', () => {
    const faults = faultsOf({
      PORT: '70000',
      DATABASE_URL: 'postgres://hidden',
      AUTH_SECRET: 'hidden',
      REGISTRATION: 'hidden',
      GUESTS: 'hidden',
      PUBLIC_URL: 'hidden',
      ALLOWED_ORIGINS: 'https://a.example/hidden',
      TRUST_PROXY: 'hidden!',
      TLS_CERT: join(dir, 'hidden.pem'),
      LIMIT_PAGE: '0',
      LIMIT_TEXT_LENGTH: '1e3',
      LOG_LEVEL: 'loud',
    });
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual([
      'ALLOWED_ORIGINS',
      'AUTH_SECRET',
      'DATABASE_URL',
      'GUESTS',
      'LIMIT_PAGE',
      'LIMIT_TEXT_LENGTH',
      'LOG_LEVEL',
      'PORT',
      'PUBLIC_URL',
      'REGISTRATION',
      'TLS_CERT',
      'TLS_KEY',
      'TRUST_PROXY',
    ]);
    expect(faults.join()).not.toContain('hidden');
  });

  it('reads origins as browsers write them', () => {
    const origins = 'https://Chat.Example.org:443/, http://b.example:80';
    const { http } = loadConfig({ DATA_DIR: dir, ALLOWED_ORIGINS: origins, PUBLIC_URL: 'HTTPS://Parley.example/' });
    expect(http.allowedOrigins).toEqual(['https://chat.example.org', 'http://b.example']);
    expect(http.publicUrl).toBe('https://parley.example');
    for (const bad of [
      '*',
      'null',
      'https://a.example,',
      'ws://a.example',
      'https://a.example/b',
      'https://u@a.example',
    ])
      expect(faultsOf({ ALLOWED_ORIGINS: bad })).toHaveLength(1);
  });

  it.each(['on', 'off', '10.0.0.1', '10.0.0.0/8, ::1', 'fe80::/10'])('takes %j for TRUST_PROXY', (value) => {
    expect(faultsOf({ TRUST_PROXY: value })).toEqual([]);
  });

  it.each(['yes', '999.1', '::::', '10.0.0.0/33', '::/129', '10.0.0.1,', 'proxy.example'])(
    'refuses %j for TRUST_PROXY, before anything starts',
    (value) => expect(faultsOf({ TRUST_PROXY: value })).toHaveLength(1),
  );

  it('lifts rates and counts for load tests, never sizes, and never in production', () => {
    const { limits } = loadConfig({ DATA_DIR: dir, LIMITS: 'off' });
    expect(limits.rates).toBe(false);
    expect(limits.sendsPerSecond).toBeGreaterThan(1e6);
    expect(limits.connectionsPerUser).toBeGreaterThan(1e6);
    expect(limits).toMatchObject({ frameBytes: 65_536, queueBytes: 1_048_576, commandsInFlight: 32 });
    expect(faultsOf({ LIMITS: 'off', NODE_ENV: 'production' })).toHaveLength(1);
  });
});

describe('AUTH_SECRET', () => {
  it('is made once and kept, for the owner alone', () => {
    const first = loadConfig({ DATA_DIR: dir }).auth.secret.export();
    expect(first.length).toBeGreaterThanOrEqual(32);
    expect(loadConfig({ DATA_DIR: dir }).auth.secret.export()).toEqual(first);
    expect(statSync(join(dir, 'auth-secret')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(dir, 'auth-secret'), 'utf8')).toBe(first.toString());
  });

  it('is refused in production when it is missing or everybody knows it', () => {
    expect(faultsOf({ NODE_ENV: 'production', AUTH_SECRET: '' })).toEqual(['AUTH_SECRET: is required in production']);
    expect(faultsOf({ NODE_ENV: 'production', AUTH_SECRET: EXAMPLE_SECRET })).toHaveLength(1);
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual([]);
    expect(faultsOf({ AUTH_SECRET: EXAMPLE_SECRET })).toEqual([]);
  });

  it('is refused when it is short, a kept one too', () => {
    expect(faultsOf({ AUTH_SECRET: 'a'.repeat(31) })).toHaveLength(1);
    writeFileSync(join(dir, 'auth-secret'), 'short');
    expect(faultsOf({ AUTH_SECRET: '' })).toHaveLength(1);
  });
});

describe('parseStorageUrl', () => {
  const BUCKET = {
    kind: 's3',
    origin: 'https://host',
    bucket: 'bucket',
    region: 'us-east-1',
    accessKey: 'key',
    secretKey: 'secret',
  };

  it.each([
    ['file:./data/files', { kind: 'file', path: './data/files' }],
    ['file:/var/files', { kind: 'file', path: '/var/files' }],
    ['file:///var/files', { kind: 'file', path: '/var/files' }],
    ['file:', null],
    ['s3://key:secret@host/bucket', BUCKET],
    ['s3://key:secret@host/bucket/', BUCKET],
    [
      's3://k%2Fy:s%2Bc%2Fr%40t@127.0.0.1:9000/my.bucket-1?region=eu-central-1&tls=off',
      {
        kind: 's3',
        origin: 'http://127.0.0.1:9000',
        bucket: 'my.bucket-1',
        region: 'eu-central-1',
        accessKey: 'k/y',
        secretKey: 's+c/r@t',
      },
    ],
    ['s3://host/bucket', null],
    ['s3://key@host/bucket', null],
    ['s3://key:secret@host', null],
    ['s3://key:secret@host/bucket/folder', null],
    ['s3://key:secret@host/Bucket', null],
    ['s3://key:secret@host/..', null],
    ['s3://key:secret@host/bucket?tls=maybe', null],
    ['s3://key:secret@host/bucket?acl=public', null],
    ['s3://key:%ff@host/bucket', null],
    ['s3://', null],
    ['', null],
  ])('%s', (text, storage) => expect(parseStorageUrl(text)).toEqual(storage));

  it('is refused with the others, before anything starts', () => {
    expect(faultsOf({ STORAGE_URL: 's3://host/bucket' })).toEqual([
      'STORAGE_URL: must be file:<folder> or s3://key:secret@host/bucket',
    ]);
    writeFileSync(join(dir, 'taken'), '');
    expect(faultsOf({ STORAGE_URL: `file:${join(dir, 'taken', 'files')}` })).toHaveLength(1);
  });
});

describe('parseDatabaseUrl', () => {
  it.each([
    ['sqlite:./data/a.db', { kind: 'sqlite', path: './data/a.db' }],
    ['sqlite:/var/a.db', { kind: 'sqlite', path: '/var/a.db' }],
    ['sqlite::memory:', { kind: 'sqlite', path: ':memory:' }],
    ['mysql://u:p@h:3306/d', { kind: 'mysql', url: 'mysql://u:p@h:3306/d' }],
    ['mariadb://u@h/d', { kind: 'mysql', url: 'mysql://u@h/d' }],
    ['sqlite:', null],
    ['mysql://h', null],
    ['mysql://h/', null],
    ['mysql://h/a/b', null],
    ['postgres://h/d', null],
    ['', null],
  ])('%s', (text, address) => expect(parseDatabaseUrl(text)).toEqual(address));
});

describe('.env.example', () => {
  it('lists exactly the variables that are read', () => {
    const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    const listed = [...text.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(variableNames().sort());
  });

  it('holds the defaults', () => {
    const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    const env = Object.fromEntries([...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
    const { auth, ...told } = loadConfig({ ...env, DATA_DIR: dir, DATABASE_URL: '', STORAGE_URL: '' });
    const { auth: plainAuth, ...plain } = loadConfig({ DATA_DIR: dir });
    expect(told).toEqual(plain);
    const keys = { secret: 0, refreshSecret: 0, linkSecret: 0 };
    expect({ ...auth, ...keys }).toEqual({ ...plainAuth, ...keys });
  });
});
