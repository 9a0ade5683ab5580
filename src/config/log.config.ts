import { Word } from '../common/validators.js';
import { FromEnv } from './env.js';

/** What is logged, and how. */
export class LogConfig {
  /** The least that is logged. */
  @FromEnv('LOG_LEVEL') @Word('error', 'warn', 'info', 'debug') readonly level: 'error' | 'warn' | 'info' | 'debug' =
    'info';

  /** `text` for people, `json` for machines; `auto` is text on a terminal and JSON elsewhere. */
  @FromEnv('LOG_FORMAT') @Word('auto', 'text', 'json') readonly format: 'auto' | 'text' | 'json' = 'auto';
}
