import proxyAddr from '@fastify/proxy-addr';
import { Optional, Text, Whole, rule } from '../common/validators.js';
import { FromEnv, asItems, asWhole } from './env.js';

/** Addresses of proxies whose word on the client's address is taken, in the words of `proxy-addr`. */
const NEAR_PROXIES = 'loopback,linklocal,uniquelocal';
const ADDRESSES = /^[\da-f.:]+(\/\d{1,3})?$/i;

/** Where and how to listen. */
export class HttpConfig {
  /** The address to listen on. Default: this machine alone. */
  @FromEnv('HOST') @Text({ max: 255, line: true }) readonly host: string = '127.0.0.1';

  /** 0 takes a free one. */
  @FromEnv('PORT', asWhole) @Whole({ max: 65_535 }) readonly port: number = 3000;

  /** The address that people use, for absolute links; unset: the one listened on. */
  @FromEnv('PUBLIC_URL', asOrigin)
  @Optional()
  @rule({ code: 'url', message: 'must be an address such as https://chat.example.org', test: isOrigin })
  readonly publicUrl?: string;

  /** Origins of other pages that may use the API and the socket. Default: none but the own address. */
  @FromEnv('ALLOWED_ORIGINS', asOrigins)
  @rule({
    code: 'origins',
    message: 'must be origins such as https://chat.example.org, separated by commas',
    test: (value) => Array.isArray(value) && value.every(isOrigin),
  })
  readonly allowedOrigins: readonly string[] = [];

  /**
   * Whether `X-Forwarded-For` and its kind are believed: `off` (default), `on` for proxies on this machine and in
   * private networks, or their addresses and networks, separated by commas.
   */
  @FromEnv('TRUST_PROXY', (text) => (/^on$/i.test(text) ? NEAR_PROXIES : /^off$/i.test(text) ? false : text))
  @rule({
    code: 'proxies',
    message: 'must be on, off, or addresses and networks, separated by commas',
    test: isProxies,
  })
  readonly trustProxy: string | false = false;

  /** Files with the certificate and its key, in PEM. Unset: no TLS. */
  @FromEnv('TLS_CERT') @Optional() readonly tlsCert?: string;
  @FromEnv('TLS_KEY') @Optional() readonly tlsKey?: string;

  /** Milliseconds for ending in good order after SIGTERM or SIGINT. */
  @FromEnv('DRAIN_MS', asWhole) @Whole({ min: 0, max: 600_000 }) readonly drainMs: number = 5000;
}

/** As browsers write it: `https://Chat.example.org:443/` is `https://chat.example.org`. */
function asOrigin(text: string): string {
  return isOrigin(text) ? new URL(text).origin : text;
}

function asOrigins(text: string): string[] {
  return asItems(text).map(asOrigin);
}

function isOrigin(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, origin, pathname, search, hash, username } = new URL(value);
  const bare = pathname === '/' && !search && !hash && !username;
  return bare && origin !== 'null' && (protocol === 'http:' || protocol === 'https:');
}

function isProxies(value: unknown): boolean {
  if (value === false || value === NEAR_PROXIES) return true;
  return typeof value === 'string' && asItems(value).every((item) => ADDRESSES.test(item) && canTrust(item));
}

function canTrust(addresses: string): boolean {
  try {
    proxyAddr.compile(addresses);
    return true;
  } catch {
    return false;
  }
}
