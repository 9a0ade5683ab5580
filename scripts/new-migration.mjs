// Makes an empty migration: npm run migration:create -- add-friends
import { existsSync, writeFileSync } from 'node:fs';

const name = process.argv[2] ?? '';
if (!/^[a-z][a-z0-9-]*$/.test(name)) {
  process.stderr.write('usage: npm run migration:create -- <name-in-kebab-case>\n');
  process.exit(1);
}
const stamp = Date.now();
const title = name.replace(/(^|-)([a-z0-9])/g, (_, __, letter) => letter.toUpperCase());
const path = `src/database/migrations/${stamp}-${name}.ts`;
if (existsSync(path)) process.exit(1);
writeFileSync(
  path,
  `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${title}${stamp} implements MigrationInterface {
  readonly name = '${title}${stamp}';

  async up(_runner: QueryRunner): Promise<void> {}

  async down(_runner: QueryRunner): Promise<void> {}
}
`,
);
process.stdout.write(`${path}: fill it in and add ${title}${stamp} to src/app.entities.ts\n`);
