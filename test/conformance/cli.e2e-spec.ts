import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';

interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** The kit as its users start it, behind the build. */
const kit = (...args: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['dist/conformance/runner/main.js', ...args], (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
const client = (program: string) => ['--client', `${process.execPath} dist/conformance/adapters/${program}`];

describe('npm run conformance', () => {
  it('ends with 0 where the client passes', async () => {
    const { code, output } = await kit(...client('sdk.js'), '--only', 'gap');
    expect([code, output.trim().split('\n').at(-1)]).toEqual([0, '2 of 2 vectors passed']);
  });

  it('says which rule a client breaks, and what came', async () => {
    const { code, output } = await kit(
      ...client('small.js reads-without-version'),
      '--only',
      'read',
      '--patience',
      '2000',
    );
    expect(code).toBe(1);
    expect(output).toMatch(/FAILED {2}read \(\d+ ms\)\n {8}a client tells the server what was read/);
    expect(output).toContain('no room.read as expected; readVersion: expected 0, came nothing');
    expect(output).toMatch(/passed {2}read-elsewhere/);
  });

  it('says that a client has died, and of what', async () => {
    const { code, output } = await kit('--client', 'echo oh no >&2; exit 3', '--only', 'order', '--patience', '300');
    expect(code).toBe(1);
    expect(output).toContain('the client has ended. oh no');
  });

  it('says how it is used where it is not told what to try', async () => {
    const { code, output } = await kit();
    expect([code, output]).toEqual([2, expect.stringContaining('--client COMMAND')]);
  });
});
