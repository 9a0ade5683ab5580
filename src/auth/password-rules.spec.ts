import { describe, expect, it } from 'vitest';
import { ChatError } from '../common/chat-error.js';
import { normalPassword, requireGoodPassword } from './password-rules.js';

const NAMES = ['harpsichord', 'Anna Karenina', 'vronsky99@example.org'];

function faultOf(password: string, names: readonly (string | null | undefined)[] = NAMES): string | null {
  try {
    requireGoodPassword(password, { path: 'newPassword', names });
    return null;
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ path: 'newPassword' }] });
    return error.errors?.[0].code ?? '';
  }
}

describe('requireGoodPassword', () => {
  it('asks for eight characters, counted as people count them', () => {
    expect(faultOf('h7:kq/p')).toBe('short');
    expect(faultOf('h7:kq/pw')).toBeNull();
    expect(faultOf('🐙🐬🐢🦀🐡🦑🐠')).toBe('short');
    expect(faultOf('🐙🐬🐢🦀🐡🦑🐠🦈')).toBeNull();
    expect(faultOf('e\u0301'.repeat(7))).toBe('short');
  });

  it('has no rules about kinds of characters, and takes long ones', () => {
    for (const password of [
      'thrushgravelpost',
      '8302759146602',
      'pair of crows',
      'zx'.repeat(256),
      '正確馬電池訂書針',
    ]) {
      expect(faultOf(password)).toBeNull();
    }
  });

  it.each(['password', 'Password', 'PASSWORD1', 'Passw0rd', '12345678', 'qwertyuiop', 'iloveyou', 'ｐａｓｓｗｏｒｄ'])(
    'refuses %s, which everybody tries',
    (password) => {
      expect(faultOf(password)).toBe('common');
    },
  );

  it('refuses one character again and again', () => {
    expect(faultOf('zzzzzzzzzzzz')).toBe('common');
    expect(faultOf('zzzzzzzzzzzy')).toBeNull();
  });

  it.each(['harpsichord', 'HARPSICHORD', 'anna karenina', 'vronsky99', 'Vronsky99@example.org'])(
    'refuses the own name or address: %s',
    (password) => {
      expect(faultOf(password)).toBe('common');
      expect(faultOf(password, ['somebody', undefined, null])).toBeNull();
    },
  );
});

describe('normalPassword', () => {
  it('is the same for what is typed composed and decomposed, and keeps case and spaces', () => {
    expect(normalPassword('caf\u00e9 AU lait ')).toBe(normalPassword('cafe\u0301 AU lait '));
    expect(normalPassword(' A ')).toBe(' A ');
  });
});
