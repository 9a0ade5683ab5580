import { validateSync } from 'class-validator';
import { rule } from '../common/validators.js';

/** What `loadConfig` reads from: `process.env`, or a made-up one in tests. */
export type Env = Readonly<Record<string, string | undefined>>;

type Read = (text: string) => unknown;
type Section<T extends object> = new () => T;

interface Variable {
  readonly key: string;
  readonly name: string;
  readonly read: Read;
}

const variables = new Map<unknown, Variable[]>();

// A text that a reader does not understand stays a text, and the field's own rule refuses it.
export const asText: Read = (text) => text;
export const asWhole: Read = (text) => (/^\d{1,16}$/.test(text) ? Number(text) : text);
export const asItems = (text: string): string[] => text.split(',').map((item) => item.trim());
export const asSwitch: Read = (text) => {
  if (/^(on|true|1)$/i.test(text)) return true;
  return /^(off|false|0)$/i.test(text) ? false : text;
};

/** The field is set by this environment variable; unset or empty, it keeps its default. */
export function FromEnv(name: string, read: Read = asText): PropertyDecorator {
  return (target, key) => {
    const known = variables.get(target.constructor) ?? [];
    variables.set(target.constructor, [...known, { key: String(key), name, read }]);
  };
}

/** The field is on or off; read with `asSwitch`. */
export const Switch = (): PropertyDecorator =>
  rule({ code: 'switch', message: 'must be on or off', test: (value) => typeof value === 'boolean' });

/** Fills one section and checks it; what is wrong is added to `faults` under the variable's name. */
export function readSection<T extends object>(section: Section<T>, env: Env, faults: string[]): T {
  const filled = new section();
  const names = new Map<string, string>();
  for (const { key, name, read } of variables.get(section) ?? []) {
    names.set(key, name);
    const text = env[name]?.trim();
    if (text) Object.assign(filled, { [key]: read(text) });
  }
  for (const { property, constraints } of validateSync(filled, {
    stopAtFirstError: true,
    forbidUnknownValues: false,
  })) {
    faults.push(`${names.get(property) ?? property}: ${Object.values(constraints ?? {}).join(', ')}`);
  }
  return filled;
}

/** The names of all variables that sections read, for the test of `.env.example`. */
export const variableNames = (): string[] => [...variables.values()].flat().map(({ name }) => name);
