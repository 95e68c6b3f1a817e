import pg from 'pg';
import { type Key, type Table, tableLabel } from '../../../probes/catalogue/catalogue.ts';
import { identifyingKey } from '../../../probes/catalogue/identifying-key.ts';
import { quoteColumns, relationOf } from '../../../probes/catalogue/quote.ts';
import { arrayText } from './core/copy-text.ts';

/** A table whose rows are brought back, as both sides have it. */
export interface RowTable {
  readonly label: string;
  readonly production: Table;
  readonly restored: Table;
  /** Finds a row again; none: a row is known by its whole content, and found by its place. */
  readonly key: Key | undefined;
  /** Columns that both sides have, in the order of the restored table. */
  readonly columns: readonly string[];
  /** The temporary table in production that lists the missing rows. */
  readonly list: string;
}

/** The values of a key, as text; of a table without a key, a row's `ctid` in the restored database. */
export type KeyText = readonly string[];

export function rowTable(restored: Table, production: Table, place: number): RowTable {
  const names = new Set(production.columns.map(({ name }) => name));
  const key = identifyingKey(production);
  const mayBeNull = production.columns.filter(({ notNull }) => !notNull).map(({ name }) => name);
  return {
    label: tableLabel(production),
    production,
    restored,
    // A null in a key is found by no index.
    key: key?.columns.some((name) => mayBeNull.includes(name)) ? undefined : key,
    columns: restored.columns.map(({ name }) => name).filter((name) => names.has(name)),
    list: `pg_temp.kunren_rows_${place}`,
  };
}

/** Names of the columns that carry the key's texts; no column of a user is called so. */
export const keyNames = ({ key }: Pick<RowTable, 'key'>): string[] =>
  (key?.columns ?? ['ctid']).map((_, i) => `"kunren key ${i + 1}"`);

/** Why a row of the list is left alone; null: it is inserted. */
export const LEFT = '"kunren left"';

/** The columns of the key as text, of rows that go by `alias`. */
export const keyTexts = ({ key }: RowTable, alias: string): string[] =>
  (key?.columns ?? ['ctid']).map((name) => `(${alias}.${pg.escapeIdentifier(name)})::text`);

/** Rows `t` of one side that have one of the keys `k`. The keys are an expression or parameters in SQL. */
export function keyedRows({ key }: RowTable, table: Table, keys: readonly string[]): string {
  const names = keyNames({ key });
  const types = key?.columns.map((name) => table.columns.find((column) => column.name === name)!.type) ?? ['tid'];
  const columns = key?.columns ?? ['ctid'];
  const match = columns.map((name, i) => `t.${pg.escapeIdentifier(name)} = (k.${names[i]})::${types[i]}`);
  return `${relationOf(table)} AS t JOIN unnest(${keys.join(', ')}) AS k(${names.join(', ')}) ON ${match.join(' AND ')}`;
}

/** As parameters: one array a column of the key. */
export const keyParameters = (row: RowTable): string[] => keyNames(row).map((_, i) => `$${i + 1}::text[]`);

export const keyValues = (row: RowTable, keys: readonly KeyText[]): string[][] =>
  keyNames(row).map((_, i) => keys.map((key) => key[i]!));

/** As literals, for COPY, which takes no parameters. */
export const keyLiterals = (row: RowTable, keys: readonly KeyText[]): string[] =>
  keyValues(row, keys).map((values) => `${literal(arrayText(values))}::text[]`);

/** The driver's own works letter by letter, which took hundreds of MB here. Backslashes mean themselves: see `Session`. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The whole content of a row as one text: equal texts are equal rows, the session's settings being pinned. */
export const rowText = ({ columns }: RowTable, alias: string): string =>
  `ROW(${columns.map((name) => `${alias}.${pg.escapeIdentifier(name)}`).join(', ')})::text`;

/** Its SHA-256. A row of more than 1 GB as text is beyond Postgres. */
export const rowDigest = (row: RowTable, alias: string): string =>
  `encode(sha256(convert_to(${rowText(row, alias)}, 'UTF8')), 'hex')`;

/** Columns that an insert may give a value to: Postgres computes the generated ones itself. */
export const writableColumns = ({ columns, production }: RowTable): string[] => {
  const generated = new Set(
    production.columns.filter((column) => column.generated !== undefined).map(({ name }) => name),
  );
  return columns.filter((name) => !generated.has(name));
};

export const selected = (alias: string, columns: readonly string[]): string =>
  columns.map((name) => `${alias}.${quoteColumns([name])}`).join(', ');
