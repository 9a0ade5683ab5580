import { clockOf } from '../../i18n/times.js';

/** The time beside a message. */
export const Clock = ({ at }: { readonly at: string }) => <time dateTime={at}>{clockOf(at)}</time>;
