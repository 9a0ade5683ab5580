/**
 * The import table of docs/architecture.md: imports point left only, type-only ones too. Folders in one row are
 * siblings and do not know each other.
 */
const ROWS = [
  ['protocol'],
  ['common'],
  ['config'],
  ['metrics'],
  ['database'],
  ['bus'],
  ['events'],
  ['access'],
  ['limits', 'audit', 'outbox', 'storage'],
  ['media'],
  ['users'],
  ['auth'],
  ['friends'],
  ['rooms'],
  ['attachments'],
  ['messages'],
  ['search'],
  ['receipts'],
  ['presence'],
  ['notifications'],
  ['accounts'],
  ['realtime', 'admin', 'health'],
];
const FEATURES = [
  'users',
  'auth',
  'friends',
  'rooms',
  'attachments',
  'messages',
  'search',
  'receipts',
  'presence',
  'notifications',
  'accounts',
];
/** What a feature shows to the others. */
const OPEN =
  '\\.(module|service|entity|view|queries)\\.ts$|-(access|store)\\.ts$|/(room-(log|head)|message-content)\\.ts$';

const folders = (names) => `^src/(${names.join('|')})/`;

const leftOnly = ROWS.flatMap((row, at) =>
  row.map((name) => ({
    name: `${name}-imports-left-only`,
    severity: 'error',
    from: { path: folders([name]) },
    to: {
      path: folders([...ROWS.slice(at + 1).flat(), ...row.filter((sibling) => sibling !== name), 'none']),
    },
  })),
);

const narrow = FEATURES.map((name) => ({
  name: `${name}-shows-little`,
  severity: 'error',
  comment: 'From another feature only its module, services, entities, views, queries, access and stores.',
  // The gateway checks commands by the request classes of their features.
  from: { path: '^src/[^/]+/', pathNot: `${folders([name])}|^src/realtime/(presence/)?\\w+\\.gateway\\.ts$` },
  to: { path: folders([name]), pathNot: OPEN },
}));

const gateway = FEATURES.map((name) => ({
  name: `${name}-shows-the-gateway-requests`,
  severity: 'error',
  from: { path: '^src/realtime/(presence/)?\\w+\\.gateway\\.ts$' },
  to: { path: folders([name]), pathNot: `${OPEN}|\\.dto\\.ts$` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    ...leftOnly,
    ...narrow,
    ...gateway,
    {
      name: 'folders-do-not-know-the-app',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'protocol-has-no-package',
      severity: 'error',
      from: { path: '^src/protocol/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^src/protocol/' },
    },
    {
      name: 'the-server-stands-alone',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(sdk|web|conformance|test|scripts)/' },
    },
    {
      name: 'sdk-knows-the-protocol-alone',
      severity: 'error',
      comment: 'No package either: it runs in browsers as it is. The examples are programs for Node.',
      from: { path: '^sdk/', pathNot: '\\.spec\\.ts$|^sdk/(testing|examples)/' },
      to: { pathNot: '^(sdk|src/protocol)/' },
    },
    {
      name: 'web-knows-sdk-and-protocol',
      severity: 'error',
      comment: 'And what it is drawn with; a linked node_modules has another path before it.',
      from: { path: '^web/', pathNot: '\\.spec\\.ts$' },
      to: {
        pathNot: '^(web|sdk|src/protocol)/|(^|/)node_modules/(preact|@preact/signals(-core)?|lucide|emojibase-data)/',
      },
    },
    {
      name: 'conformance-knows-the-protocol-alone',
      severity: 'error',
      comment: 'It plays the server, and must not be the server. Of the SDK it knows what any app knows.',
      from: { path: '^conformance/', pathNot: '^conformance/adapters/sdk-client\\.ts$' },
      to: { path: '^(src|sdk|web|test|scripts)/', pathNot: '^src/(protocol/|common/error-catalogue\\.ts$)' },
    },
    {
      name: 'sockets-in-realtime-alone',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/realtime/' },
      to: { path: 'node_modules/ws/' },
    },
    {
      name: 'no-dev-packages',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unknown-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules/@types)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
