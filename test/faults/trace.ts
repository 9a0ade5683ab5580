import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** System calls of one process as `strace` saw them. */
export class Trace {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /** Attaches to a process and all its threads; resolves when it watches. Needs `strace` and the right to trace. */
  static async attach(pid: number, calls: readonly string[]): Promise<Trace> {
    const folder = mkdtempSync(join(tmpdir(), 'parley-trace-'));
    const what = ['-f', '-ttt', '-T', '-s', '65536', '-e', `trace=${calls.join(',')}`, '-e', 'signal=none'];
    const args = [...what, '-o', join(folder, 'calls'), '-p', String(pid)];
    const child = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    // Read to the end: it also tells of each thread that begins, and would die of a closed pipe.
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('attached')) resolve();
      });
      child.once('exit', () => reject(new Error(`strace does not watch: ${said}`)));
    });
    return new Trace(child, folder);
  }

  /** Lets the process go and returns what it did, in the order of the ends of the calls. */
  async end(): Promise<Call[]> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) throw new Error('strace has ended before');
    this.child.kill('SIGINT');
    await once(this.child, 'exit');
    const text = readFileSync(join(this.folder, 'calls'), 'utf8');
    rmSync(this.folder, { recursive: true });
    return text
      .split('\n')
      .flatMap(callOf)
      .sort((a, b) => a.endedAt - b.endedAt);
  }
}

/** A system call that has ended well. */
export interface Call {
  readonly name: string;
  /** Seconds since 1970, with microseconds: the same clock for every process of the machine. */
  readonly endedAt: number;
  readonly line: string;
}

const WHOLE = /^\d+\s+(\d+\.\d+) (\w+)\(.*= \d+.*<(\d+\.\d+)>$/s;
const RESUMED = /^\d+\s+(\d+\.\d+) <\.\.\. (\w+) resumed>.*= \d+/s;

function callOf(line: string): Call[] {
  const whole = WHOLE.exec(line);
  if (whole) return [{ name: whole[2], endedAt: Number(whole[1]) + Number(whole[3]), line }];
  // The line of a call that was interrupted by another thread's is written when it ends.
  const resumed = RESUMED.exec(line);
  return resumed ? [{ name: resumed[2], endedAt: Number(resumed[1]), line }] : [];
}
