import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DETAILS } from '../../web/ui/fault-details.js';

describe('what the page says in Chinese of refusals', () => {
  it('is for words that the server says', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const source = files.map((name) => readFileSync(join('src', name), 'utf8')).join('\n');
    // Put together there of a few words.
    const made = ['That user name is taken.', 'That e-mail address is taken.'];
    const unsaid = Object.keys(DETAILS).filter((detail) => !made.includes(detail) && !source.includes(detail));
    expect(unsaid).toEqual([]);
  });
});
