import type pg from 'pg';
import { type Table, tableLabel } from '../catalogue/catalogue.ts';
import { identifyingKey } from '../catalogue/identifying-key.ts';
import { quoteColumns, relationOf } from '../catalogue/quote.ts';
import { ask, type Side } from './side.ts';

/** The rows that a table held at one instant, and what they are found by again. */
export interface KnownRows {
  readonly table: Table;
  readonly rows: bigint;
  /** Absent where no key tells rows apart. */
  readonly keys?: KnownKeys;
}

/** Hashes of the keys, of all rows or of a sample drawn by these hashes, which is the same sample at any time. */
export interface KnownKeys {
  readonly columns: readonly string[];
  /** A key is in the sample when its hash has none of these bits; 0: all are. */
  readonly mask: bigint;
  readonly hashes: BigInt64Array;
  /** Of a sampled table whose key is one integer: the highest, up to which no row may be missing. */
  readonly highest?: string;
}

/** Keys of a table are all kept up to about this many (8 bytes each), and of a larger one a sample. Assumed. */
const KEYS_MAX = 100_000;
/** int8, int2 and int4 in pg_type. */
const INTEGERS: ReadonlySet<number> = new Set([20, 21, 23]);

/** Reads the rows of a table once or twice, in a transaction of one snapshot whose content settings are set. */
export async function knownRows(client: pg.ClientBase, table: Table, keysMax = KEYS_MAX): Promise<KnownRows> {
  const counted = await client.query<{ count: string }>(`SELECT count(*)::text AS count FROM ${relationOf(table)}`);
  const rows = BigInt(counted.rows[0]!.count);
  const key = identifyingKey(table);
  if (key === undefined) return { table, rows };
  let mask = 0n;
  while (rows > BigInt(keysMax) * (mask + 1n)) mask = mask * 2n + 1n;
  const { columns } = key;
  const { rows: hashed } = await client.query<[string]>({ text: hashesOf(table, columns, mask), rowMode: 'array' });
  const hashes = BigInt64Array.from(hashed, ([hash]) => BigInt(hash));
  const highest = mask > 0n && isInteger(table, columns) ? await highestOf(client, table, columns) : undefined;
  return { table, rows, keys: { columns, mask, hashes, ...(highest !== undefined && { highest }) } };
}

/**
 * How many of the known rows the table lacks on this side: of a sampled one at least so many. 0 where no key tells, or
 * the side has no such table or key: that is a difference of its own.
 */
export async function rowsLacking(
  side: Side,
  tables: readonly Table[],
  { table, rows, keys }: KnownRows,
): Promise<number> {
  const label = tableLabel(table);
  const there = tables.find((one) => tableLabel(one) === label);
  if (keys === undefined || there === undefined) return 0;
  const { columns, mask, hashes, highest } = keys;
  if (!columns.every((name) => there.columns.some((column) => column.name === name))) return 0;
  const found = await ask<[string]>(side, label, { text: hashesOf(there, columns, mask), rowMode: 'array' });
  const present = new Set(found.map(([hash]) => BigInt(hash)));
  const missing = hashes.reduce((count, hash) => (present.has(hash) ? count : count + 1), 0);
  if (highest === undefined) return missing;
  const upTo = `SELECT count(*)::text AS count FROM ${relationOf(there)} WHERE ${quoteColumns(columns)} <= ${highest}`;
  const [counted] = await ask<{ count: string }>(side, label, upTo);
  return Math.max(missing, Number(rows - BigInt(counted!.count)));
}

function hashesOf(table: Table, columns: readonly string[], mask: bigint): string {
  const hash = `hashtextextended(ROW(${quoteColumns(columns)})::text COLLATE "C", 0)`;
  return `SELECT hash::text FROM (SELECT ${hash} AS hash FROM ${relationOf(table)}) AS hashed WHERE hash & ${mask} = 0`;
}

const isInteger = (table: Table, [name, ...others]: readonly string[]): boolean =>
  others.length === 0 && table.columns.some((column) => column.name === name && INTEGERS.has(column.typeOid));

async function highestOf(client: pg.ClientBase, table: Table, columns: readonly string[]): Promise<string | undefined> {
  const asked = `SELECT max(${quoteColumns(columns)})::text AS highest FROM ${relationOf(table)}`;
  return (await client.query<{ highest: string | null }>(asked)).rows[0]?.highest ?? undefined;
}
