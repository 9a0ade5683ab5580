import { beforeEach, describe, expect, it, vi } from 'vitest';
import { PasswordHasher } from './password-hasher.service.js';

const argon = vi.hoisted(() => ({ running: 0, most: 0, checked: [] as string[], release: [] as (() => void)[] }));

vi.mock('@node-rs/argon2', () => {
  const work = async <T>(result: T): Promise<T> => {
    argon.most = Math.max(argon.most, ++argon.running);
    await new Promise<void>((resolve) => argon.release.push(resolve));
    argon.running--;
    return result;
  };
  return {
    hash: (password: string) => work(`hash of ${password}`),
    verify: (hash: string, password: string) => {
      argon.checked.push(hash);
      return work(hash === `hash of ${password}`);
    },
  };
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Lets every hash that runs, and those that then start, come to an end. */
async function finish(): Promise<void> {
  while (argon.release.length > 0) {
    argon.release.shift()?.();
    await turn();
  }
}

describe('PasswordHasher', () => {
  let hasher: PasswordHasher;

  beforeEach(async () => {
    Object.assign(argon, { running: 0, most: 0, checked: [], release: [] });
    hasher = new PasswordHasher();
    const started = hasher.onModuleInit();
    await finish();
    await started;
    argon.most = 0;
  });

  it('runs two at once, lets a hundred wait, and refuses one more without doing anything', async () => {
    const taken = Array.from({ length: 102 }, (_, i) => hasher.hash(`password ${i}`));
    await expect(hasher.hash('one too many')).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfterMs: 2000 });
    await turn();
    await finish();
    expect(await Promise.all(taken)).toEqual(taken.map((_, i) => `hash of password ${i}`));
    expect(argon.most).toBe(2);
  });

  it('has room again afterwards, and after a failure too', async () => {
    const first = hasher.matches('right', 'hash of right');
    await finish();
    expect(await first).toBe(true);
    const later = Array.from({ length: 102 }, () => hasher.hash('x'));
    await turn();
    await finish();
    expect(await Promise.all(later)).toHaveLength(102);
  });

  it('checks a decoy where there is no hash, and says no even if that would fit', async () => {
    const none = hasher.matches('anything', null);
    await finish();
    expect(await none).toBe(false);
    expect(argon.checked).toEqual([expect.stringMatching(/^hash of [\w-]{22}$/)]);
    const decoy = hasher.matches(argon.checked[0].replace('hash of ', ''), null);
    await finish();
    expect(await decoy).toBe(false);
  });

  it('takes a password typed composed and decomposed for the same', async () => {
    const matches = hasher.matches('cafe\u0301 au lait', 'hash of caf\u00e9 au lait');
    await finish();
    expect(await matches).toBe(true);
  });
});
