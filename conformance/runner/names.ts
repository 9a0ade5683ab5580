import { createHash } from 'node:crypto';
import { type Json, type JsonObject, isObject } from './vector.js';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The ULID that `#name` stands for: the same in every run. */
export function ulidOf(name: string): string {
  const bytes = createHash('sha256').update(name).digest();
  const digits = [...bytes.subarray(0, 23)].map((byte) => ALPHABET[byte & 31]);
  return `01J${digits.join('')}`;
}

/**
 * The names of one run of a vector. `#garden` stands for an id that the kit made, `?first` for one that the client made
 * and that the kit has learnt; two names never stand for the same id.
 */
export class Names {
  readonly #known = new Map<string, string>();
  readonly #learnt = new Map<string, string>();

  /** A value of a vector with ids in the place of names. */
  resolve<T extends Json>(value: T): T {
    return this.#each(value, (text) => this.#idOf(text)) as T;
  }

  /** A value of the wire with names in the place of ids, for people to read. */
  humanize<T extends Json>(value: T): T {
    const names = new Map([...this.#known, ...this.#learnt].map(([name, id]) => [id, name]));
    return this.#each(value, (text) => names.get(text) ?? text) as T;
  }

  /**
   * Where `actual`, with names already, is not what `expected` says, in words; null where it is. An object has at least the fields expected,
   * a list exactly the items; `$absent` stands for no value, `$some` for any, `{"$atMost": n}` bounds how many there are.
   */
  difference(expected: Json, actual: Json | undefined, path = ''): string | null {
    if (typeof expected === 'string') return this.#differenceOfText(expected, actual, path);
    if (isObject(expected) && '$atMost' in expected) return this.#tooMany(Number(expected['$atMost']), actual, path);
    if (Array.isArray(expected)) return this.#differenceOfList(expected, actual, path);
    if (isObject(expected)) {
      if (!isObject(actual)) return this.#tell(path, expected, actual);
      return firstOf(
        Object.entries(expected).map(
          ([name, value]) =>
            () =>
              this.difference(value, actual[name], `${path}.${name}`),
        ),
      );
    }
    return expected === (actual ?? null) ? null : this.#tell(path, expected, actual);
  }

  #differenceOfText(expected: string, actual: Json | undefined, path: string): string | null {
    if (expected === '$absent') return actual === undefined ? null : this.#tell(path, 'nothing', actual);
    if (expected === '$some') return actual === undefined ? this.#tell(path, 'something', actual) : null;
    const isNew = expected.startsWith('?') && !this.#learnt.has(expected);
    if (!isNew || typeof actual !== 'string') return expected === actual ? null : this.#tell(path, expected, actual);
    if (/^[?#]/.test(actual)) return this.#tell(path, `another id for ${expected}`, actual);
    this.#learnt.set(expected, actual);
    return null;
  }

  #differenceOfList(expected: readonly Json[], actual: Json | undefined, path: string): string | null {
    if (!Array.isArray(actual) || actual.length !== expected.length) return this.#tell(path, expected, actual);
    const items = actual as readonly Json[];
    return firstOf(expected.map((value, at) => () => this.difference(value, items[at], `${path}[${at}]`)));
  }

  #tooMany(most: number, actual: Json | undefined, path: string): string | null {
    const count = Object.keys(actual ?? {}).length;
    return count <= most ? null : this.#tell(path, `at most ${most}`, actual);
  }

  #tell(path: string, expected: Json, actual: Json | undefined): string {
    const came = actual === undefined ? 'nothing' : JSON.stringify(this.humanize(actual));
    return `${path.replace(/^\./, '') || 'it'}: expected ${JSON.stringify(this.humanize(expected))}, came ${came}`;
  }

  #idOf(text: string): string {
    if (text.startsWith('?')) return this.#learnt.get(text) ?? text;
    if (!/^#[a-z][\w-]*$/.test(text)) return text;
    const id = this.#known.get(text) ?? ulidOf(text);
    this.#known.set(text, id);
    return id;
  }

  #each(value: Json, change: (text: string) => string): Json {
    if (typeof value === 'string') return change(value);
    if (Array.isArray(value)) return value.map((item: Json) => this.#each(item, change));
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(([name, item]) => [change(name), this.#each(item, change)] as const);
    return Object.fromEntries(entries) as JsonObject;
  }
}

function firstOf(checks: readonly (() => string | null)[]): string | null {
  for (const check of checks) {
    const found = check();
    if (found !== null) return found;
  }
  return null;
}
