import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AppConfig } from './config/app-config.js';
import { createLogger } from './app.logger.js';

function written(log: AppConfig['log'], write: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  const take = (chunk: unknown) => {
    text += String(chunk);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(take);
  vi.spyOn(process.stderr, 'write').mockImplementation(take);
  write(createLogger({ log } as AppConfig));
  return text;
}

describe('createLogger', () => {
  afterEach(() => vi.restoreAllMocks());

  it('writes one object a line, whatever the values hold', () => {
    const text = written({ level: 'info', format: 'json' }, (logger) =>
      logger.log({ event: 'a.b', name: 'x\n{"event":"forged"}' }, 'Here'),
    );
    expect(text.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(text)).toMatchObject({ context: 'Here', message: { event: 'a.b' } });
  });

  it('keeps text on one entry as well', () => {
    const text = written({ level: 'info', format: 'text' }, (logger) =>
      logger.log({ event: 'a.b', name: 'x\n[Nest] forged' }, 'Here'),
    );
    expect(text).not.toMatch(/^\[Nest\] forged/m);
  });

  it('masks what must not be in a log', () => {
    const secrets = { password: 'hidden', inner: { refreshToken: 'hidden', Authorization: 'hidden' } };
    for (const format of ['json', 'text'] as const) {
      const text = written({ level: 'info', format }, (logger) => logger.log({ event: 'a.b', ...secrets }, 'Here'));
      expect(text).toContain('a.b');
      expect(text).not.toContain('hidden');
    }
  });

  it('leaves out what is below the level, and the names of modules at the start', () => {
    const write = (logger: ReturnType<typeof createLogger>) => {
      logger.debug('debug line', 'Here');
      logger.log('module line', 'InstanceLoader');
      logger.log('plain line', 'Here');
      logger.error('error line', undefined, 'Here');
    };
    expect(written({ level: 'info', format: 'json' }, write)).toMatch(
      /^(?!.*(debug|module) line).*plain line.*error line/s,
    );
    expect(written({ level: 'error', format: 'json' }, write)).not.toContain('plain line');
  });
});
