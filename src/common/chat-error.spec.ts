import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../protocol/errors.js';
import { ChatError, toProblem } from './chat-error.js';

describe('toProblem', () => {
  it('tells status, title and retry advice of every code', () => {
    for (const code of ERROR_CODES) {
      const problem = toProblem(new ChatError(code), 'trace');
      expect(problem).toMatchObject({ type: `/docs/errors#${code}`, code, traceId: 'trace' });
      expect(problem.status).toBeGreaterThanOrEqual(400);
      expect(problem.title).not.toBe('');
    }
  });

  it('adds what the refusal adds, in whole milliseconds', () => {
    const error = new ChatError('RATE_LIMITED', { detail: 'Slowly.', retryAfterMs: 12.3 });
    expect(toProblem(error, 't')).toMatchObject({ status: 429, detail: 'Slowly.', retryAfterMs: 13, retryable: true });
  });

  it('tells nothing of an unknown error', () => {
    const problem = toProblem(new Error('SELECT secret'), 't');
    expect(problem.code).toBe('INTERNAL');
    expect(JSON.stringify(problem)).not.toContain('secret');
  });
});
