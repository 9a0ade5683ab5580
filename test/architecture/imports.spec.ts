import { cruise } from 'dependency-cruiser';
import { createRequire } from 'node:module';
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

interface Rules {
  readonly forbidden: readonly { readonly name: string }[];
  readonly options: Record<string, unknown>;
}

const rules = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as Rules;

/** A tree like ours, in a folder of its own, with files that import one another. */
const ROOT = 'test/architecture/.planted';

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}

/** What stands in `from`, so that it imports `to`: one of our files, or a package. */
function importOf(from: string, to: string, kind: 'value' | 'type'): string {
  const up = '../'.repeat(from.split('/').length - 1);
  const target = to.endsWith('.ts') ? `${up}${to.replace('.ts', '.js')}` : to;
  return kind === 'value'
    ? `import { x } from '${target}';\nexport const y = x;\nexport type X = number;\n`
    : `import type { X } from '${target}';\nexport type Y = X;\nexport const x = 1;\n`;
}

/** The names of the rules that the tree breaks. */
async function violations(): Promise<string[]> {
  const { tsConfig: _, ...options } = rules.options;
  const result = await cruise(
    ['src', 'sdk', 'web', 'conformance'].filter((folder) => existsSync(join(ROOT, folder))),
    {
      ...options,
      baseDir: ROOT,
      preserveSymlinks: true,
      ruleSet: { forbidden: rules.forbidden },
      validate: true,
      outputType: 'json',
    } as Parameters<typeof cruise>[1],
  );
  const output = JSON.parse(result.output as string) as { summary: { violations: { rule: { name: string } }[] } };
  return output.summary.violations.map(({ rule }) => rule.name);
}

function violationsOf(from: string, to: string, kind: 'value' | 'type' = 'value'): Promise<string[]> {
  if (to.endsWith('.ts')) plant(to, 'export const x = 1;\nexport type X = number;\n');
  plant(from, importOf(from, to, kind));
  return violations();
}

describe('the import table', () => {
  beforeEach(() => {
    mkdirSync(ROOT, { recursive: true });
    copyFileSync('package.json', join(ROOT, 'package.json'));
    symlinkSync(resolve('node_modules'), join(ROOT, 'node_modules'));
  });
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
    ['src/limits/rate-limiter.ts', 'src/audit/audit.service.ts', 'limits-imports-left-only'],
    ['src/rooms/members/members.service.ts', 'src/messages/messages.service.ts', 'rooms-imports-left-only'],
    ['src/realtime/sync.service.ts', 'src/rooms/members/member-moves.ts', 'rooms-shows-little'],
    ['src/messages/send.ts', 'src/rooms/rooms.dto.ts', 'rooms-shows-little'],
    ['src/messages/send.ts', 'sdk/client.ts', 'the-server-stands-alone'],
    ['src/messages/send.ts', 'ws', 'sockets-in-realtime-alone'],
    ['src/common/id.ts', 'prettier', 'no-dev-packages'],
    ['src/common/id.ts', 'left-pad', 'no-unknown-packages'],
    ['src/protocol/ulid.ts', 'rxjs', 'protocol-has-no-package'],
    ['sdk/client.ts', 'rxjs', 'sdk-knows-the-protocol-alone'],
    ['conformance/runner/play.ts', 'sdk/client.ts', 'conformance-knows-the-protocol-alone'],
    ['conformance/runner/play.ts', 'src/common/clock.ts', 'conformance-knows-the-protocol-alone'],
    ['src/messages/send.ts', 'conformance/runner/play.ts', 'the-server-stands-alone'],
  ])('refuses that %s imports %s', async (from, to, rule) => {
    expect(await violationsOf(from, to)).toContain(rule);
    // The types of a package that is only needed to build may be used.
    if (rule !== 'no-dev-packages') expect(await violationsOf(from, to, 'type')).toContain(rule);
  });

  it.each(['value', 'type'] as const)('refuses a circle (%s)', async (kind) => {
    plant('src/users/a.ts', importOf('src/users/a.ts', 'src/users/b.ts', kind));
    plant('src/users/b.ts', importOf('src/users/b.ts', 'src/users/a.ts', kind));
    expect(await violations()).toContain('no-cycle');
  });

  it.each([
    ['src/messages/messages.service.ts', 'src/rooms/room-log.ts'],
    ['src/realtime/chat.gateway.ts', 'src/messages/messages.dto.ts'],
    ['src/rooms/rooms.service.ts', 'src/users/users.service.ts'],
    ['web/main.ts', 'sdk/client.ts'],
    ['conformance/adapters/sdk-client.ts', 'sdk/client.ts'],
    ['conformance/runner/play.ts', 'src/common/error-catalogue.ts'],
    ['src/messages/messages.service.ts', 'src/rooms/members/members.service.ts'],
    ['src/realtime/chat.gateway.ts', 'src/messages/read-marks.service.ts'],
    ['src/realtime/connections/connection.ts', 'ws'],
    ['src/rooms/rooms.service.ts', 'src/rooms/members/member-moves.ts'],
  ])('allows that %s imports %s', async (from, to) => {
    expect(await violationsOf(from, to)).toEqual([]);
  });
});
