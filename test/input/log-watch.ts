import { Logger } from '@nestjs/common';
import { vi } from 'vitest';

const LEVELS = ['error', 'warn', 'log', 'debug', 'verbose', 'fatal'] as const;

/** Everything that the server writes, whatever the level; silent meanwhile. */
export class LogWatch {
  private entries: unknown[] = [];

  /** To be undone by `vi.restoreAllMocks`. */
  start(): void {
    this.entries = [];
    const written = (...entry: unknown[]) => void this.entries.push(entry);
    for (const level of LEVELS) vi.spyOn(Logger.prototype, level).mockImplementation(written);
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((text) => void this.entries.push(String(text)) as never);
    }
  }

  get text(): string {
    return JSON.stringify(this.entries);
  }
}
