import { Evidence } from './evidence.js';
import type { History } from './history.js';
import { MEMBER_RULES } from './rules/member-rules.js';
import { ORDER_RULES } from './rules/order-rules.js';
import { STORE_RULES } from './rules/store-rules.js';
import { STREAM_RULES } from './rules/stream-rules.js';
import type { Store } from './store.js';

/** Returns a sentence for everything that breaks the rule. */
export type Rule = (evidence: Evidence) => string[];
export type Rules = Readonly<Record<string, Rule>>;

export const RULES = { ...STORE_RULES, ...ORDER_RULES, ...STREAM_RULES, ...MEMBER_RULES } satisfies Rules;
export type RuleName = keyof typeof RULES;

/** Rules that are broken, each with how often and the first few cases. */
export type Verdict = Partial<Record<RuleName, { readonly times: number; readonly cases: readonly string[] }>>;

/** Holds a history and the rows at its end against every rule. An empty verdict: all promises were kept. */
export function check(history: History, store: Store): Verdict {
  const evidence = new Evidence(history, store);
  const verdict: Verdict = {};
  for (const name of Object.keys(RULES) as RuleName[]) {
    const cases = RULES[name](evidence);
    if (cases.length > 0) verdict[name] = { times: cases.length, cases: cases.slice(0, 5) };
  }
  return verdict;
}
