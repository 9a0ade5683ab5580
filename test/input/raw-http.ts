import { CANARY } from './fields.js';
import type { HttpKind } from './kinds.js';

const CONFIG = '/api/v1/config';
const GUEST = '/api/v1/auth/guest';

/** A request from its head; it asks for the end of the connection, so that the answer has an end. */
const ask = (line: string, fields: readonly string[] = [], body = ''): string =>
  [`${line} HTTP/1.1`, 'Host: a', 'Connection: close', ...fields, '', body].join('\r\n');

const post = (fields: readonly string[], body = ''): string =>
  ask(`POST ${GUEST}`, ['Content-Type: application/json', ...fields], body);

const chunked = (body: string, coding = 'chunked'): string => post([`Transfer-Encoding: ${coding}`], body);

const UPGRADE = ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];

const upgrade = (path: string, fields: readonly string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: chat.example', 'Connection: Upgrade', ...fields, '', ''].join('\r\n');

const from = (origin: string): string => upgrade('/ws', [...UPGRADE, `Origin: ${origin}`]);

const without = (field: string, ...others: readonly string[]): string =>
  upgrade('/ws', [...UPGRADE.filter((line) => !line.startsWith(field)), ...others]);

/** The kinds that are bytes sent at once; the others need a hand of their own. */
export type WholeKind = Exclude<HttpKind, 'slowHead' | 'slowBody' | 'half' | 'refusedAndStays'>;

/** Whole requests by kind. Headers are bytes, so these are latin1 texts. */
export const WHOLE: Readonly<Record<WholeKind, readonly string[]>> = {
  noHttp: [
    `${CANARY}\r\n\r\n`,
    `${CANARY} ${CONFIG} HTTP/1.1\r\nHost: a\r\n\r\n`,
    `get ${CONFIG} HTTP/1.1\r\nHost: a\r\n\r\n`,
    `GET ${CONFIG} HTTP/9.9\r\nHost: ${CANARY}\r\n\r\n`,
    `GET ${CONFIG} ${CANARY}/1.1\r\nHost: a\r\n\r\n`,
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + '\x00'.repeat(64),
    '\x00'.repeat(64),
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  ],
  badHead: [
    ask(`GET ${CONFIG}`, [`X: a\0${CANARY}`]),
    ask(`GET ${CONFIG}`, [`X: a\r${CANARY}`]),
    ask(`GET ${CONFIG}`, [`X ${CANARY}: a`]),
    ask(`GET ${CONFIG}`, [`X${CANARY} : a`]),
    ask(`GET ${CONFIG}`, ['X: a', ` ${CANARY}: b`]),
    ask(`GET ${CONFIG}`, [`(${CANARY}): a`]),
    ask(`GET ${CONFIG}`, [CANARY]),
    ask(`GET ${CONFIG}`, [': a']),
  ],
  noHost: [`GET ${CONFIG} HTTP/1.1\r\nConnection: close\r\n\r\n`],
  hugeHead: [
    ask(`GET ${CONFIG}`, [`X: ${CANARY.repeat(2000)}`]),
    ask(
      `GET ${CONFIG}`,
      Array.from({ length: 2000 }, (_, i) => `${CANARY}${i}: a`),
    ),
    ask(`GET ${CONFIG}?${CANARY.repeat(2000)}`),
  ],
  headTwice: [
    ask(`GET ${CONFIG}`, [`Host: ${CANARY}`]),
    ask(`GET ${CONFIG}`, ['host: a']),
    ask(`GET ${CONFIG}`, ['Authorization: Bearer a', `authorization: Bearer ${CANARY}`]),
    post(['Content-Type: text/plain', 'Content-Length: 2'], '{}'),
    post(['Content-Type: application/json', 'Content-Length: 2'], '{}'),
    post(['Content-Encoding: identity', 'Content-Encoding: gzip', 'Content-Length: 2'], '{}'),
    post(['Idempotency-Key: a', `Idempotency-Key: ${CANARY}`, 'Content-Length: 2'], '{}'),
  ],
  badLength: ['-1', '+5', '0x5', CANARY, '5,5', '5 5', '1e3', '99999999999999999999999', '5;'].map((length) =>
    post([`Content-Length: ${length}`], '{}   '),
  ),
  lengthTwice: [
    post(['Content-Length: 2', 'Content-Length: 5'], '{}   '),
    post(['Content-Length: 2', 'Content-Length: 2'], '{}'),
    post(['Content-Length: 2', 'Transfer-Encoding: chunked'], '2\r\n{}\r\n0\r\n\r\n'),
    post(['Transfer-Encoding: chunked', 'Content-Length: 2'], '2\r\n{}\r\n0\r\n\r\n'),
  ],
  badCoding: [
    chunked('2\r\n{}\r\n0\r\n\r\n', CANARY),
    chunked('2\r\n{}\r\n0\r\n\r\n', 'chunked, identity'),
    chunked('2\r\n{}\r\n0\r\n\r\n', 'xchunked'),
    chunked('{}', 'identity'),
  ],
  badChunks: [
    chunked('\r\n{}\r\n0\r\n\r\n'),
    chunked(`${CANARY}\r\n{}\r\n0\r\n\r\n`),
    chunked('-2\r\n{}\r\n0\r\n\r\n'),
    chunked('0x2\r\n{}\r\n0\r\n\r\n'),
    chunked('fffffffffffffffff\r\n{}\r\n0\r\n\r\n'),
    chunked('2\r\n{}{}\r\n0\r\n\r\n'),
    chunked('2\n{}\r\n0\r\n\r\n'),
  ],
  tooMuch: [
    post(['Content-Length: 1000000000']),
    chunked(`40001\r\n${'{}'.padEnd(0x40001, ' ')}\r\n0\r\n\r\n`),
    chunked(`2\r\n{}\r\n${`4000\r\n${' '.repeat(0x4000)}\r\n`.repeat(17)}0\r\n\r\n`),
  ],
  traced: [
    ...['/livez', '/readyz', '/metrics', '/api/openapi.json'].map((path) => ask(`POST ${path}`, ['Content-Length: 0'])),
    ask(`TRACE ${CONFIG}?${CANARY}`),
    ask(`PROPFIND ${CONFIG}`),
    ask(`TRACE ${GUEST}`),
    ask(`LOCK ${GUEST}`),
  ],
  connect: [ask(`CONNECT ${CANARY}.example:443`)],
  expectation: [post([`Expect: ${CANARY}`, 'Content-Length: 2'], '{}')],
  strangePath: [
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/..%5cpackage.json',
    '/assets/../../package.json',
    '/./package.json',
    '/api/v1/../v1/config',
    '/api/v1/./config',
    '/api//v1/config',
    '//api/v1/config',
    '/api/v1/config;a=1',
    '/api/v1/config%00',
    '/api/v1/config%20',
    '/api/v1/config%2f',
    '/api%2fv1%2fconfig',
    '/api\\v1\\config',
    '/API/V1/CONFIG',
    '/Livez',
    '/livez/',
    `/${CANARY}`,
    '*',
  ].map((path) => ask(`GET ${path}`)),
  brokenPath: ['/%zz', '/%', '/%f', '/%ff', '/api/%zz', '/api/v1/%ed%a0%80', '/%c0%ae%c0%ae/package.json'].map((path) =>
    ask(`GET ${path}${CANARY}`),
  ),
  otherUpgrade: [
    upgrade('/', UPGRADE),
    upgrade(`/ws/${CANARY}`, UPGRADE),
    upgrade('/WS', UPGRADE),
    upgrade('/ws/', UPGRADE),
    upgrade('//ws', UPGRADE),
    upgrade(CONFIG, UPGRADE),
    upgrade(CONFIG, ['Upgrade: h2c']),
  ],
  foreignOrigin: [
    `https://${CANARY}.example`,
    'https://chat.example.evil.example',
    'https://chat.example:8443',
    'http://chat.example:80.evil.example',
    'https://evil.example/chat.example',
    'https://evil.example?chat.example',
    'null',
    'file://',
    '',
    CANARY,
    'https://evil.example, http://chat.example',
    'http://localhost',
  ].map(from),
  badUpgrade: [
    without('Sec-WebSocket-Key'),
    without('Sec-WebSocket-Key', `Sec-WebSocket-Key: ${CANARY}`),
    without('Sec-WebSocket-Version'),
    without('Sec-WebSocket-Version', 'Sec-WebSocket-Version: 7'),
    without('Sec-WebSocket-Version', `Sec-WebSocket-Version: ${CANARY}`),
    without('Upgrade', `Upgrade: ${CANARY}`),
    upgrade('/ws', [...UPGRADE, `Sec-WebSocket-Protocol: a b, ${CANARY}`]),
    upgrade('/ws', [...UPGRADE, 'Sec-WebSocket-Protocol: a, a']),
    upgrade('/ws', [...UPGRADE, 'Sec-WebSocket-Protocol: ,']),
  ],
};
