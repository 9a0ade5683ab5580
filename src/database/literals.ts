import { type SqlValue, escape } from 'mysql2';

/** What MySQL does not take as it is between quotes: controls, quotation marks, the backslash. */
const TO_ESCAPE = /[^ !#-&(-[\]-\uffff]/;

/** A value as it stands in a statement for MySQL. In most there is nothing to escape. */
export function literal(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string' && !TO_ESCAPE.test(value)) return `'${value}'`;
  return escape(value as SqlValue, false, 'Z');
}

/** Rows as they stand behind `VALUES`. */
export function tuples(rows: readonly (readonly unknown[])[]): string {
  let text = '';
  for (const row of rows) {
    let values = '';
    for (const value of row) values += values === '' ? literal(value) : `,${literal(value)}`;
    text += text === '' ? `(${values})` : `,(${values})`;
  }
  return text;
}

/**
 * A statement with its values in place. mysql2 looks for placeholders character by character, which costs as much as the
 * rest; our statements are constant texts, in which a `?` is nothing else.
 */
export function filled(sql: string, parameters: readonly unknown[]): string {
  if (parameters.length === 0) return sql;
  const parts = sql.split('?');
  if (parts.length !== parameters.length + 1)
    throw new Error('a statement has another number of places than of values');
  let text = parts[0];
  for (let i = 1; i < parts.length; i++) text += literal(parameters[i - 1]) + parts[i];
  return text;
}
