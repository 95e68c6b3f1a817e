import pg from 'pg';
import type { Column, Key, Table } from '../catalogue/catalogue.ts';
import { relationOf } from '../catalogue/quote.ts';
import type { ColumnHashing } from './column-hashing.ts';
import type { KeyOrder } from './core/key-walk.ts';

/** Which equality two equal fingerprints prove. */
export type Equality =
  /** Values are equal as their types compare them: 1.0 and 1.00 are one number. */
  | 'typed'
  /** Values have the same text, digit by digit. */
  | 'text';

/** A table of one side, and what is known of its columns. */
export interface HashedTable {
  readonly table: Table;
  readonly hashing: ReadonlyMap<string, ColumnHashing>;
}

/** How each row of a table is hashed, on both sides alike. */
export interface RowHash {
  readonly equality: Equality;
  /** Under typed equality, the columns that are compared as text all the same: their types have no hash to rely on. */
  readonly columnsAsText: readonly string[];
  /** By column, the hash of its value alone, of rows that go by `t`. */
  readonly columns: ReadonlyMap<string, string>;
  /** The hash of a row: an int8. */
  readonly row: string;
}

/** int8, numeric, float4, float8 in pg_type. */
const INT8 = 20;
const NUMERIC = 1700;
const FLOATS: ReadonlySet<number> = new Set([700, 701]);
/** int8, int2, int4: their texts sort otherwise than they do. */
const INTEGERS: ReadonlySet<number> = new Set([INT8, 21, 23]);

const columnOf = (name: string): string => `t.${pg.escapeIdentifier(name)}`;

/** Chooses how to hash the columns that both sides have. */
export function rowHash(left: HashedTable, right: HashedTable, exact: boolean): RowHash {
  const shared = left.table.columns.filter(({ name }) => right.table.columns.some((other) => other.name === name));
  if (exact) {
    const textHash = (values: readonly string[]): string => `hashtextextended(ROW(${values.join(', ')})::text, 0)`;
    const values = shared.map(({ name }) => columnOf(name));
    const columns = new Map(shared.map(({ name }) => [name, textHash([columnOf(name)])]));
    return { equality: 'text', columnsAsText: [], columns, row: textHash(values) };
  }
  const asText = shared.filter((column) => !isHashable(column, left, right));
  const terms = shared.map((column) => termsOf(column, left.hashing.get(column.name)!, asText.includes(column)));
  const recordHash = (content: string): string => `hash_record_extended(ROW(${content}), 0)`;
  return {
    equality: 'typed',
    columnsAsText: asText.map(({ name }) => name),
    columns: new Map(shared.map(({ name }, i) => [name, recordHash(terms[i]!)])),
    // The hash of a record is a weighted sum of its columns' hashes: two rows that had exchanged a value would go unseen
    // in a sum of it. Hashed once more, it is a sum no longer.
    row: `hashint8extended(${recordHash(terms.join(', '))}, 1)`,
  };
}

function isHashable({ name, type }: Column, left: HashedTable, right: HashedTable): boolean {
  const sameType = right.table.columns.some((other) => other.name === name && other.type === type);
  return sameType && left.hashing.get(name)!.hashable && right.hashing.get(name)!.hashable;
}

function termsOf({ name }: Column, { baseType }: ColumnHashing, asText: boolean): string {
  const value = columnOf(name);
  if (asText) return `(${value})::text COLLATE "C"`;
  // Its hash mixes its halves, so that an int4 of the same value has the same: 0 and 4294967297 are one to it.
  return baseType === INT8 ? `${value}, ${value} >> 32` : value;
}

/** What a row is known by: its key, or without one the whole of its content. */
export interface RowIdentity {
  /** Texts in SQL, of rows that go by `t`; equal keys have equal texts. */
  readonly texts: readonly string[];
  readonly orders: readonly KeyOrder[];
  /** To sort by, in SQL, the same on every server. */
  readonly sort: readonly string[];
}

export function rowIdentity(key: Key | undefined, { hashing }: HashedTable, { row, equality }: RowHash): RowIdentity {
  if (key === undefined) return { texts: [`(${row})::text`], orders: ['integer'], sort: [row] };
  const types = key.columns.map((name) => hashing.get(name)!.baseType);
  const texts = key.columns.map((name, i) => keyText(columnOf(name), types[i]!, equality));
  const orders = types.map((type) => (INTEGERS.has(type) ? 'integer' : 'bytes'));
  const sort = texts.map((text, i) =>
    orders[i] === 'integer' ? columnOf(key.columns[i]!) : `convert_to(${text}, 'UTF8')`,
  );
  return { texts, orders, sort };
}

/** Under typed equality, numbers that are equal are written alike. */
function keyText(value: string, baseType: number, equality: Equality): string {
  if (equality === 'typed' && baseType === NUMERIC) return `trim_scale(${value})::text`;
  if (equality === 'typed' && FLOATS.has(baseType)) return `(${value} + 0)::text`;
  return `(${value})::text COLLATE "C"`;
}

/** For a FROM, as `t`. */
export const rowsOf = (table: Table): string => `${relationOf(table)} AS t`;
