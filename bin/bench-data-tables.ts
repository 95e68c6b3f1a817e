import { readFileSync } from 'node:fs';
import { connected, type DatabaseUrl, execute } from './bench-data-server.ts';

/** Where the tables are, by what they are to the measurements. */
export interface DataTables {
  readonly restored: string;
  readonly production: string;
  /** The same tables; `orders` is empty. */
  readonly empty: string;
}

export const ROWS = 5_000_000;
/** Of the two tables that differ in width only. */
export const SLIM_ROWS = 1_000_000;
/** How many times the mean width of a row of `slim` a row of `wide` has. */
export const WIDTH_FACTOR = 4;

const sqlOf = (file: string): string => readFileSync(new URL(`../fixtures/app/data/${file}`, import.meta.url), 'utf8');
const COLUMNS = 'facility_id, staff_id, reference, title, status, amount, created_at, note';

/** Each of the sample's orders many times over, with a reference of its own. */
const manyOrders = `
  INSERT INTO orders (${COLUMNS})
  SELECT facility_id, staff_id, 'many-' || id || '-' || n, title, status, amount, created_at, note
  FROM orders CROSS JOIN generate_series(1, ${ROWS} / (SELECT count(*) FROM orders) - 1) AS n`;

/** Not compressible, and short enough to stay in the row: the note fills it up to so many times the mean width. */
const slimAndWide = (table: string, note: string): string[] => [
  `CREATE TABLE ${table} (LIKE orders INCLUDING ALL)`,
  `INSERT INTO ${table} (id, ${COLUMNS}) OVERRIDING SYSTEM VALUE
   SELECT ${['id', ...COLUMNS.split(', ').slice(0, -1), note].join(', ')} FROM orders WHERE id <= ${SLIM_ROWS}`,
];

/** Makes production and, by copying its files, what a restore of it would be. About a minute. */
export async function makeTables(url: DatabaseUrl): Promise<DataTables> {
  const admin = url('postgres');
  const [restored, production, empty] = [url('restored'), url('production'), url('empty')];
  await execute(admin, 'CREATE DATABASE production', 'CREATE DATABASE empty');
  await execute(empty, sqlOf('schema.sql'), sqlOf('rows.sql'), 'TRUNCATE orders');
  await execute(production, sqlOf('schema.sql'), sqlOf('rows.sql'), manyOrders);
  const mean = await meanWidth(production);
  const fill = `(SELECT string_agg(md5(id::text || n), '') FROM generate_series(1, ${Math.round((mean * (WIDTH_FACTOR - 1)) / 32)}) AS n)`;
  await execute(production, ...slimAndWide('slim', 'note'), ...slimAndWide('wide', fill));
  await execute(production, 'VACUUM (ANALYZE)', 'CHECKPOINT');
  await execute(admin, 'CREATE DATABASE restored TEMPLATE production STRATEGY file_copy');
  // A scan that is the first to read a copied page would pay for it.
  for (const copy of [restored, production]) await execute(copy, 'VACUUM (ANALYZE)');
  return { restored, production, empty };
}

const meanWidth = (url: string): Promise<number> =>
  connected(url, async (client) => {
    const { rows } = await client.query<{ mean: number }>(
      'SELECT avg(pg_column_size(orders))::float8 AS mean FROM orders WHERE id <= 10000',
    );
    return rows[0]!.mean;
  });

/** Deletes so many of a table's rows, spread evenly; those of a smaller number are among those of a larger. */
export const deleteSome = (url: string, { table, of, rows }: Deletion): Promise<void> =>
  execute(url, `DELETE FROM ${table} WHERE id % ${of / rows} = 0`, `VACUUM ${table}`, 'CHECKPOINT');

export interface Deletion {
  readonly table: string;
  /** How many rows the table has: a multiple of `rows`. */
  readonly of: number;
  readonly rows: number;
}
