import { readFileSync } from 'node:fs';
import { DEFAULT_LIMITS } from '../protocol/limits.js';
import type { ConfigView } from '../protocol/views.js';
import type { AppConfig } from './app-config.js';

/** The version in package.json, which stands two levels above in the sources and three in the build. */
const { version } = JSON.parse(readFileSync(findPackage(), 'utf8')) as { version: string };

/** What `GET /api/v1/config` and `hello` tell every client, signed in or not. */
export function clientConfig(config: AppConfig): ConfigView {
  const names = Object.keys(DEFAULT_LIMITS) as (keyof typeof DEFAULT_LIMITS)[];
  return {
    name: 'parley',
    version,
    limits: Object.fromEntries(names.map((name) => [name, config.limits[name]])),
    features: { guests: config.auth.guests, registration: config.auth.registration, search: config.search },
    minClient: '0.0.0',
  };
}

function findPackage(): URL {
  const here = import.meta.url;
  return new URL(here.includes('/dist/') ? '../../../package.json' : '../../package.json', here);
}
