import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Json, JsonObject } from './vector.js';

/** A client under test: one program, or its like in this process, that speaks the lines of the README. */
export interface Adapter {
  readonly input: Writable;
  readonly output: Readable;
  /** What the program wrote to its standard error, for reports. */
  readonly complaints?: () => string;
  end(): void;
}

/** Makes a client that has done nothing yet. */
export type AdapterSource = () => Adapter;

/** Starts the author's command, by a shell, anew for each vector. */
export function adapterProgram(command: string): AdapterSource {
  return () => {
    const child = spawn(command, { shell: true, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-2000)));
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => (complaints += error.message));
    const end = (): void => {
      child.stdin.end();
      // With what the shell started.
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    };
    return { input: child.stdin, output: child.stdout, complaints: () => complaints, end };
  };
}

/** Says lines to a client and reads its states. */
export class AdapterTalk {
  readonly #waiting: ((state: JsonObject | null) => void)[] = [];
  #isOver = false;

  constructor(private readonly adapter: Adapter) {
    const lines = createInterface({ input: adapter.output });
    lines.on('line', (line) => this.#hear(line));
    lines.on('close', () => this.#over());
  }

  /** Why nothing can come any more; null while the client runs. */
  get obituary(): string | null {
    return this.#isOver ? `the client has ended. ${this.adapter.complaints?.() ?? ''}`.trim() : null;
  }

  /** One line to the client. */
  say(line: JsonObject): void {
    this.adapter.input.write(`${JSON.stringify(line)}\n`);
  }

  /** The client's state now; throws when it has ended. */
  async state(): Promise<JsonObject> {
    if (this.#isOver) throw this.#ended();
    const answer = new Promise<JsonObject | null>((resolve) => this.#waiting.push(resolve));
    this.say({ do: 'state' });
    const state = await answer;
    if (state === null) throw this.#ended();
    return state;
  }

  end(): void {
    this.adapter.end();
  }

  #hear(line: string): void {
    if (!line.startsWith('{')) return;
    this.#waiting.shift()?.(JSON.parse(line) as Json as JsonObject);
  }

  #over(): void {
    this.#isOver = true;
    for (const waiting of this.#waiting.splice(0)) waiting(null);
  }

  #ended(): Error {
    return new Error(this.obituary ?? '');
  }
}
