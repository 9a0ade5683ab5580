import { Column, type ColumnOptions, PrimaryColumn, type QueryRunner, type TableColumnOptions } from 'typeorm';

/**
 * Column shapes that mean the same on SQLite, MySQL and MariaDB: decorators for entities above, `tableColumns` for
 * migrations below. Column names are property names. Nothing has a database default, because TypeORM would read such
 * a column back after every insert: values are set in code.
 */

/** The length of a ULID; a `varchar` of this length is `char` with `ascii_bin` on MySQL. */
export const ULID_LENGTH = 26;

const NUMBER_TRANSFORMER = {
  to: (value: unknown) => value,
  from: (value: unknown) => (value === null || value === undefined ? null : Number(value)),
};
const JSON_TRANSFORMER = {
  to: (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value)),
  from: (value: unknown) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : null),
};
const FLAG_TRANSFORMER = { to: (value: unknown) => (value ? 1 : 0), from: (value: unknown) => Number(value) === 1 };

type Nullable = { readonly nullable?: boolean };

/** A ULID, as (part of) the primary key. */
export const IdColumn = (): PropertyDecorator => PrimaryColumn({ type: 'varchar', length: ULID_LENGTH });
/** A number, as part of the primary key. */
export const NumberKeyColumn = (): PropertyDecorator =>
  PrimaryColumn({ type: 'bigint', transformer: NUMBER_TRANSFORMER });
/** The ULID of another row. */
export const RefColumn = (options: Nullable = {}): PropertyDecorator =>
  Column({ type: 'varchar', length: ULID_LENGTH, ...options });
/** Text that is compared byte by byte. */
export const KeyColumn = (length: number, options: Nullable = {}): PropertyDecorator =>
  Column({ type: 'varchar', length, ...options });
/** Such text as (part of) the primary key. */
export const TextKeyColumn = (length: number): PropertyDecorator => PrimaryColumn({ type: 'varchar', length });
/** A short text for people. */
export const NameColumn = (length: number, options: Nullable = {}): PropertyDecorator =>
  Column({ type: 'varchar', length, ...options });
/** A text of up to 65,535 bytes. */
export const TextColumn = (options: Nullable = {}): PropertyDecorator => Column({ type: 'text', ...options });
/** Epoch milliseconds. */
export const TimeColumn = (options: Nullable = {}): PropertyDecorator => Column(bigint(options));
/** A whole number up to 2^53. */
export const NumberColumn = (options: Nullable = {}): PropertyDecorator => Column(bigint(options));
/** True or false. */
export const FlagColumn = (): PropertyDecorator => Column({ type: 'smallint', transformer: FLAG_TRANSFORMER });
/** A small document, stored as text. */
export const JsonColumn = (options: Nullable = {}): PropertyDecorator =>
  Column({ type: 'text', transformer: JSON_TRANSFORMER, ...options });

const bigint = (options: Nullable): ColumnOptions => ({ type: 'bigint', transformer: NUMBER_TRANSFORMER, ...options });

/** The same shapes for `createTable` in migrations, and the table options that go with them. */
export function tableColumns(runner: QueryRunner) {
  const lite = runner.dataSource.options.type === 'better-sqlite3';
  const collated = (charset: string, collation: string) => (lite ? {} : { charset, collation });
  const ascii = collated('ascii', 'ascii_bin');
  const binary = collated('utf8mb4', 'utf8mb4_bin');
  const varchar = (name: string, length: number, more: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
    name,
    type: 'varchar',
    length: String(length),
    ...more,
  });
  const ulid = (name: string, more: Partial<TableColumnOptions> = {}): TableColumnOptions =>
    varchar(name, ULID_LENGTH, { ...(lite ? {} : { type: 'char' }), ...ascii, ...more });
  return {
    /** MySQL: InnoDB, and text that people read is compared without regard to case and accents. */
    table: lite ? {} : { engine: 'InnoDB' },
    id: (name = 'id') => ulid(name, { isPrimary: true }),
    numberKey: (name: string): TableColumnOptions => ({ name, type: 'bigint', isPrimary: true }),
    textKey: (name: string, length: number) => varchar(name, length, { ...binary, isPrimary: true }),
    ref: (name: string, more: { isNullable?: boolean } = {}) => ulid(name, more),
    key: (name: string, length: number, more: { isNullable?: boolean } = {}) =>
      varchar(name, length, { ...binary, ...more }),
    name: (name: string, length: number, more: { isNullable?: boolean } = {}) =>
      varchar(name, length, { ...collated('utf8mb4', 'utf8mb4_unicode_520_ci'), ...more }),
    text: (name: string, more: { isNullable?: boolean } = {}): TableColumnOptions => ({
      name,
      type: 'text',
      ...collated('utf8mb4', 'utf8mb4_unicode_520_ci'),
      ...more,
    }),
    number: (name: string, more: { isNullable?: boolean } = {}): TableColumnOptions => ({
      name,
      type: 'bigint',
      ...more,
    }),
    flag: (name: string): TableColumnOptions => ({ name, type: 'smallint' }),
  };
}
