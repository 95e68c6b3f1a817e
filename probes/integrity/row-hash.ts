import pg from 'pg';
import type { Column, Table } from '../catalogue/catalogue.ts';
import { relationOf } from '../catalogue/quote.ts';
import type { Side } from './side.ts';

/** Which equality two equal fingerprints prove. */
export type Equality =
  /** Values are equal as their types compare them: 1.0 and 1.00 are one number. */
  | 'typed'
  /** Values have the same text, digit by digit. */
  | 'text';

/** How each row of a table is hashed. */
export interface RowHash {
  readonly equality: Equality;
  /** Under typed equality, the columns that are compared as text all the same: their types have no hash function. */
  readonly columnsAsText: readonly string[];
  /** By column, what goes into the hash, of rows that go by `t`. */
  readonly expressions: ReadonlyMap<string, string>;
  /** The hash of a row: an int8. */
  readonly row: string;
}

/**
 * Chooses how to hash the columns that both sides have. `unhashable` are the type names that have no hash function on
 * either side, and `loose` the columns whose collation takes different texts for equal.
 */
export function rowHash(
  left: Table,
  right: Table,
  unknown: { readonly unhashable: ReadonlySet<string>; readonly loose: ReadonlySet<string> },
  exact: boolean,
): RowHash {
  const columns = left.columns.filter(({ name }) => right.columns.some((other) => other.name === name));
  const asText = columns.filter(({ type }) => exact || unknown.unhashable.has(type));
  const expressions = new Map(columns.map((column) => [column.name, expressionOf(column)]));

  function expressionOf(column: Column): string {
    const value = `t.${pg.escapeIdentifier(column.name)}`;
    if (asText.includes(column)) return `(${value})::text COLLATE "C"`;
    return unknown.loose.has(column.name) ? `${value} COLLATE "C"` : value;
  }

  const plain = asText.length === 0 && unknown.loose.size === 0 && sameColumns(left, right);
  // The row as it stands is hashed faster than one that is put together anew.
  const content = plain ? 't.*' : `ROW(${[...expressions.values()].join(', ')})`;
  return {
    equality: exact ? 'text' : 'typed',
    columnsAsText: exact ? [] : asText.map(({ name }) => name),
    expressions,
    row: `hash_record_extended(${content}, 0)`,
  };
}

const sameColumns = (left: Table, right: Table): boolean =>
  left.columns.length > 0 &&
  left.columns.length === right.columns.length &&
  left.columns.every(({ name, type }, i) => right.columns[i]?.name === name && right.columns[i].type === type);

/** For a FROM, as `t`. */
export const rowsOf = (table: Table): string => `${relationOf(table)} AS t`;

/**
 * Names of types that Postgres cannot hash a row with. Asked of the server itself, with a null of each type: it follows
 * arrays, domains, ranges and composites down to their elements. A statement that fails in here is no error in its log.
 */
export async function unhashableTypes({ client }: Side, tables: readonly Table[]): Promise<string[]> {
  const types = [...new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => type)))];
  if (types.length === 0) return [];
  const list = types.map((type) => pg.escapeLiteral(type)).join(', ');
  await client.query(`DO $kunren$
    DECLARE name text; failed text[] := '{}';
    BEGIN
      FOREACH name IN ARRAY ARRAY[${list}]::text[] LOOP
        BEGIN
          EXECUTE format('SELECT hash_record_extended(ROW(NULL::%s), 0)', name);
        EXCEPTION WHEN others THEN failed := failed || name;
        END;
      END LOOP;
      PERFORM set_config('kunren.unhashable', to_json(failed)::text, true);
    END $kunren$`);
  const { rows } = await client.query<{ failed: string }>("SELECT current_setting('kunren.unhashable') AS failed");
  return JSON.parse(rows[0]!.failed) as string[];
}

/** Columns, by table oid, whose collation is not deterministic: it finds different texts equal. */
export async function looseColumns({ client }: Side): Promise<Map<number, Set<string>>> {
  const { rows } = await client.query<{ oid: string; name: string }>(`
    SELECT a.attrelid::bigint AS oid, a.attname AS name
      FROM pg_attribute a JOIN pg_collation c ON c.oid = a.attcollation
     WHERE NOT c.collisdeterministic AND a.attnum > 0 AND NOT a.attisdropped`);
  const found = new Map<number, Set<string>>();
  for (const { oid, name } of rows) found.set(Number(oid), (found.get(Number(oid)) ?? new Set()).add(name));
  return found;
}
