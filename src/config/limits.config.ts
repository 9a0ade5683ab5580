import { Whole } from '../common/validators.js';
import { DEFAULT_LIMITS, type Limits } from '../protocol/limits.js';
import { type Env, FromEnv, Switch, asSwitch, asWhole, readSection } from './env.js';

/** The limits in force. `rates` is false where rates and counts are lifted for a load test. */
export type LimitsConfig = Limits & { readonly rates: boolean };

type LimitName = keyof Limits;

/** What `LIMITS=off` lifts: rates of commands, sends, sign-in and registration, and counts of sockets. Never sizes. */
const LIFTED: readonly LimitName[] = [
  'commandsPerSecond',
  'commandsBurst',
  'sendsPerSecond',
  'sendsBurst',
  'requestsPerSecond',
  'requestsBurst',
  'connectionsPerUser',
  'connectionsPerAddress',
  'friendRequestsPerHour',
  'uploadsPerMinute',
  'exportsPerHour',
  'searchesPerSecond',
  'searchesBurst',
  'picturesPerSecond',
  'picturesBurst',
  'loginsPerAccountMinute',
  'loginsPerAddressMinute',
  'accountsPerAddressHour',
  'inviteGuessesPerMinute',
];
const LIFTED_TO = 1_000_000_000;

/** Bounds other than 1 to 10^9, each with its reason. */
const BOUNDS: Partial<Record<LimitName, { readonly min?: number; readonly max: number }>> = {
  // A larger frame ends the socket before it could be told why.
  frameBytes: { min: 1024, max: 1_048_576 },
  // The check of a frame's depth calls itself.
  frameDepth: { min: 4, max: 64 },
  // A text column of MySQL holds 65,535 bytes, and a character takes up to four.
  textLength: { max: 16_383 },
  changesPage: { max: 500 },
  page: { max: 500 },
  // Files on their way and pixels in memory are this large.
  pictureBytes: { min: 1024, max: 104_857_600 },
  picturePixels: { max: 268_402_689 },
  // A form is received in one request, and its size is a number that doubles hold.
  attachmentBytes: { min: 1024, max: 10_737_418_240 },
  attachmentQuotaBytes: { min: 1024, max: Number.MAX_SAFE_INTEGER },
  // Each word is looked up, and the request line must hold it.
  searchLength: { max: 1000 },
  bodyBytes: { min: 1024, max: 16_777_216 },
};

class LimitsEnv {
  @FromEnv('LIMITS', asSwitch) @Switch() readonly rates: boolean = true;
}

const NAMES = Object.keys(DEFAULT_LIMITS) as LimitName[];

Object.assign(LimitsEnv.prototype, DEFAULT_LIMITS);
for (const name of NAMES) {
  FromEnv(limitVariable(name), asWhole)(LimitsEnv.prototype, name);
  Whole({ min: 1, max: LIFTED_TO, ...BOUNDS[name] })(LimitsEnv.prototype, name);
}

/** The environment variable that sets a limit: `LIMIT_FRAME_BYTES` for `frameBytes`. */
export function limitVariable(name: string): string {
  return `LIMIT_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`;
}

/** Reads `LIMITS` and every `LIMIT_…`. */
export function readLimits(env: Env, production: boolean, faults: string[]): LimitsConfig {
  const section = readSection(LimitsEnv, env, faults) as LimitsEnv & Limits;
  const limits = Object.fromEntries(NAMES.map((name) => [name, section[name]])) as Record<LimitName, number>;
  if (section.rates) return Object.freeze({ ...limits, rates: true });
  if (production) faults.push('LIMITS: off is for load tests and is refused in production');
  for (const name of LIFTED) limits[name] = LIFTED_TO;
  return Object.freeze({ ...limits, rates: false });
}
