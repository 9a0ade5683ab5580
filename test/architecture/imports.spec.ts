import { cruise } from 'dependency-cruiser';
import { createRequire } from 'node:module';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

interface Rules {
  readonly forbidden: readonly { readonly name: string }[];
  readonly options: Record<string, unknown>;
}

const rules = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as Rules;

/** A tree like ours, in a folder of its own, with one file that imports another. */
const ROOT = 'test/architecture/.planted';

async function violationsOf(from: string, to: string, kind = 'import'): Promise<string[]> {
  for (const path of [from, to]) {
    mkdirSync(join(ROOT, path, '..'), { recursive: true });
    writeFileSync(join(ROOT, path), 'export const x = 1;\nexport type X = number;\n');
  }
  const up = '../'.repeat(from.split('/').length - 1);
  const line =
    kind === 'import'
      ? `import { x } from '${up}${to.replace('.ts', '.js')}';\nexport const y = x;\n`
      : `import type { X } from '${up}${to.replace('.ts', '.js')}';\nexport type Y = X;\n`;
  writeFileSync(join(ROOT, from), line);
  const { tsConfig: _, ...options } = rules.options;
  const result = await cruise(
    ['src', 'sdk', 'web'].filter((folder) => from.startsWith(folder) || to.startsWith(folder)),
    {
      ...options,
      baseDir: ROOT,
      ruleSet: { forbidden: rules.forbidden },
      validate: true,
      outputType: 'json',
    } as Parameters<typeof cruise>[1],
  );
  const output = JSON.parse(result.output as string) as { summary: { violations: { rule: { name: string } }[] } };
  return output.summary.violations.map(({ rule }) => rule.name);
}

describe('the import table', () => {
  afterEach(() => rmSync(ROOT, { recursive: true, force: true }));

  it.each([
    ['src/users/users.service.ts', 'src/rooms/rooms.service.ts', 'users-imports-left-only'],
    ['src/messages/messages.service.ts', 'src/realtime/connection.service.ts', 'messages-imports-left-only'],
    ['src/protocol/views.ts', 'src/common/clock.ts', 'protocol-has-no-package'],
    ['src/messages/messages.service.ts', 'src/rooms/room-edits.ts', 'rooms-shows-little'],
    ['src/health/health.service.ts', 'src/realtime/connection.service.ts', 'health-imports-left-only'],
    ['src/common/clock.ts', 'src/app.module.ts', 'folders-do-not-know-the-app'],
    ['sdk/client.ts', 'src/common/clock.ts', 'sdk-knows-the-protocol-alone'],
    ['web/main.ts', 'src/common/clock.ts', 'web-knows-sdk-and-protocol'],
  ])('refuses that %s imports %s', async (from, to, rule) => {
    expect(await violationsOf(from, to)).toContain(rule);
    expect(await violationsOf(from, to, 'type')).toContain(rule);
  });

  it.each([
    ['src/messages/messages.service.ts', 'src/rooms/room-log.ts'],
    ['src/realtime/chat.gateway.ts', 'src/messages/messages.dto.ts'],
    ['src/rooms/rooms.service.ts', 'src/users/users.service.ts'],
    ['web/main.ts', 'sdk/client.ts'],
  ])('allows that %s imports %s', async (from, to) => {
    expect(await violationsOf(from, to)).toEqual([]);
  });
});
