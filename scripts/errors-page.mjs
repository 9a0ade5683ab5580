// Writes docs/errors.md from the catalogue, or with --check says whether it is up to date. Reads the built server.
import { readFileSync, writeFileSync } from 'node:fs';
import { ERROR_CATALOGUE } from '../dist/src/common/error-catalogue.js';

const PAGE = 'docs/errors.md';
const rows = Object.entries(ERROR_CATALOGUE).map(
  ([code, { status, title, retryable }]) =>
    `| <a id="${code}"></a>\`${code}\` | ${status} | ${title} | ${retryable ? 'yes' : 'no'} |`,
);
const page = `# Errors

Generated from \`src/common/error-catalogue.ts\` by \`npm run docs:errors\`; a test keeps it so.

One shape over REST (\`application/problem+json\`, RFC 9457) and on the socket (the data of an \`error\` frame):
\`type, title, status, code, detail?, errors?: [{path, code, message}], retryable, retryAfterMs?, traceId\`.
Every code but \`INTERNAL\` and \`TIMEOUT\` means: nothing was stored. What you may not know exists is \`NOT_FOUND\`.

| Code | Status | Title | The same request may succeed later |
| --- | --- | --- | --- |
${rows.join('\n')}
`;

if (!process.argv.includes('--check')) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, 'utf8') !== page) {
  process.stderr.write(`${PAGE} is not what the catalogue says; run npm run docs:errors\n`);
  process.exitCode = 1;
}
