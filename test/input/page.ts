import { format, resolveConfig } from 'prettier';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.js';
import { CORRECTED, LIMIT_TESTS, type TestRef } from './defaults.js';
import { COMMAND_KINDS, FIELD_KINDS, FRAME_KINDS, HTTP_KINDS, type Kind, REQUEST_KINDS } from './kinds.js';

/** The page for people. */
export const PAGE = 'docs/bad-input.md';

const inCell = (text: string): string => text.replaceAll('|', '\\|');

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.map(inCell).join(' | ')} |`).join('\n');

const kindsTable = (kinds: Readonly<Record<string, Kind>>): string =>
  table(
    ['Case', 'What is sent', 'Answer'],
    Object.entries(kinds).map(([name, { sentence, answer }]) => [`\`${name}\``, sentence, answer]),
  );

/** `test/input/a.e2e-spec.ts: name`, with the file as a link. */
function linked(ref: TestRef): string {
  const [file, name] = splitRef(ref);
  return `[${file.split('/').at(-1)}](../${file}): ${name.replace(/^%s |%s/g, '…')}`;
}

/** The file of a test, and its name. */
export function splitRef(ref: TestRef): [file: string, name: string] {
  const at = ref.indexOf(': ');
  return [ref.slice(0, at), ref.slice(at + 2)];
}

const refused = CORRECTED.map(({ given, wanted, tests }) => [given, wanted, tests.map(linked).join('<br>')]);
const limits = Object.entries(DEFAULT_LIMITS).map(([name, value]) => [
  `\`${name}\``,
  value.toLocaleString('en'),
  linked(LIMIT_TESTS[name as keyof typeof LIMIT_TESTS]),
]);

const TEXT = `# Bad input

Written from the lists in \`test/input/\`, which the tests go through; a test keeps it so
(\`npx vitest run --project unit test/input -u\` writes it anew).

Whatever comes in, the answer is the one that is named here, the process stays up, others notice nothing, memory is
bounded, and neither the answer nor the log repeats what was sent. A refusal over REST is \`application/problem+json\`,
one on the socket an \`error\` frame; the codes are in [errors.md](errors.md). At most ten faults are named at once.

## Defaults of the stack that are corrected

${table(['Given', 'In its place', 'Tests'], refused)}

## Objects: the body of every route, the data of every command

The routes are those of \`GET /api/openapi.json\`, the commands those of \`GET /api/asyncapi.json\`; the cases are made from
their schemas, so that a new field is tested without anybody thinking of it.

${kindsTable(FIELD_KINDS)}

## Requests: every route

${kindsTable(REQUEST_KINDS)}

## Frames: every command

${kindsTable(COMMAND_KINDS)}

## Bytes in the place of a request

A status alone is an answer without a body; "closed" is the end of the connection without a word.

${kindsTable(HTTP_KINDS)}

## Bytes in the place of a frame

The number is the code of the close. From 4000 on, a \`goodbye\` with the reason goes before it.

${kindsTable(FRAME_KINDS)}

## Limits

Each is tested at the limit and one past it. They are in \`src/protocol/limits.ts\`, in \`hello.limits\` and in
\`GET /api/v1/config\`; the times are in milliseconds.

${table(['Limit', 'Default', 'Test'], limits)}
`;

/** The page as it must be. */
export async function badInputPage(): Promise<string> {
  return format(TEXT, { ...(await resolveConfig(PAGE)), parser: 'markdown' });
}
