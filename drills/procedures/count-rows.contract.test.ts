import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../fixtures/app/throwaway-postgres.ts';
import type { Field } from '../../fixtures/core/fault.ts';
import { readCatalogue } from '../../probes/catalogue/read-catalogue.ts';
import { compareTables } from '../../probes/integrity/compare-tables.ts';
import { knownRows, rowsLacking } from '../../probes/integrity/known-rows.ts';
import { PINNED, wholeTables, withSides } from '../../probes/integrity/side.ts';
import { askDatabase } from '../../probes/sql-connection.ts';
import { Book } from './book.ts';
import { countRows, fewerThanCounted } from './count-rows.ts';
import { type Pair, TwoDatabases } from './rows/two-databases.ts';

let databases: TwoDatabases;
beforeAll(async () => {
  databases = await TwoDatabases.start();
});
afterAll(() => databases.stop());

const fieldOf = ({ to }: Pair): Field =>
  ({ stage: { abilities: { databaseUrl: to } }, patience: { manualMs: 10_000 } }) as unknown as Field;

/** What is told of a restore: `before` the rows are counted, `after` by the restore and by what was written since. */
async function told(before: string, after: string, volatile: string[] = []): Promise<string[]> {
  const pair = await databases.pair(before);
  const book = new Book();
  await countRows.run(fieldOf(pair), book);
  book.restoredState = new Date(Date.now() + 1_000);
  await run(pair.from, [after]);
  const sides = { left: { url: pair.from, name: 'restored' }, right: { url: pair.to, name: 'production' } };
  return await withSides(sides, async (restored, production) => {
    const comparisons = await compareTables(restored, production, await wholeTables(production));
    return await fewerThanCounted(book, restored, comparisons, volatile);
  });
}

const SERIAL =
  'CREATE TABLE t (id serial PRIMARY KEY, a text); INSERT INTO t (a) SELECT n FROM generate_series(1, 50) n';
const UUIDS = `CREATE TABLE t (id uuid PRIMARY KEY); INSERT INTO t SELECT gen_random_uuid() FROM generate_series(1, 50)`;
const PAIRS = `CREATE TABLE t (a text, b timestamptz, UNIQUE NULLS NOT DISTINCT (a, b));
  INSERT INTO t VALUES ('x', now()), ('x', NULL), (NULL, NULL)`;
const NO_KEY = 'CREATE TABLE t (a int); INSERT INTO t SELECT n FROM generate_series(1, 50) n';
const WRITTEN = 'INSERT INTO t (a) SELECT n FROM generate_series(1, 20) n';

test.each([
  ['all, and more were written', SERIAL, WRITTEN, []],
  ['fewer', SERIAL, 'DELETE FROM t WHERE id <= 5', ['public.t: 45 rows restored, and 50 were counted before']],
  [
    'old ones too few, and more new ones',
    SERIAL,
    `DELETE FROM t WHERE id <= 5; ${WRITTEN}`,
    ['public.t: of the 50 rows that were counted before, at least 5 are not restored'],
  ],
  [
    'old ones too few, told by keys that do not ascend',
    UUIDS,
    `DELETE FROM t WHERE id IN (SELECT id FROM t LIMIT 3); INSERT INTO t SELECT gen_random_uuid() FROM generate_series(1, 9)`,
    ['public.t: of the 50 rows that were counted before, at least 3 are not restored'],
  ],
  [
    'old ones too few, told by a key with nulls and a time',
    PAIRS,
    `DELETE FROM t WHERE a IS NULL; INSERT INTO t VALUES ('y', NULL), ('z', NULL)`,
    ['public.t: of the 3 rows that were counted before, at least 1 are not restored'],
  ],
  ['no table at all', SERIAL, 'DROP TABLE t', ['public.t: 0 rows restored, and 50 were counted before']],
  ['another key, which is a difference of its own', SERIAL, 'ALTER TABLE t RENAME id TO other', []],
  ['what no key tells apart', NO_KEY, `DELETE FROM t WHERE a <= 5; ${WRITTEN}`, []],
])('of a table that was restored with %s', async (_, before, after, fewer) => {
  expect(await told(before, after)).toEqual(fewer);
  expect(await told(before, after, ['public.t'])).toEqual([]);
});

/** The rows that are missed of a table of 1,000 of which some hundred keys are kept. */
async function lackingOf(made: string, after: string): Promise<{ kept: number; lacking: number }> {
  const pair = await databases.pair(made);
  const known = await askDatabase(pair.to, 10_000, async (client) => {
    await client.query('BEGIN');
    await client.query(PINNED);
    return await knownRows(client, (await readCatalogue(client)).tables[0]!, 100);
  });
  await run(pair.from, [after]);
  const sides = { left: { url: pair.from, name: 'restored' }, right: { url: pair.to, name: 'production' } };
  const lacking = await withSides(sides, async (restored) => rowsLacking(restored, await wholeTables(restored), known));
  return { kept: known.keys!.hashes.length, lacking };
}

const MANY =
  'CREATE TABLE t (id bigserial PRIMARY KEY, a int); INSERT INTO t (a) SELECT n FROM generate_series(1, 1000) n';
const MANY_TEXTS = `CREATE TABLE t (id text PRIMARY KEY); INSERT INTO t SELECT md5(n::text) FROM generate_series(1, 1000) n`;

test.each([
  ['all of a large table', MANY, WRITTEN, 0, 0],
  ['a large table but one row, told by the highest key', MANY, `DELETE FROM t WHERE id = 7; ${WRITTEN}`, 1, 1],
  ['all of a large table whose keys do not ascend', MANY_TEXTS, `INSERT INTO t VALUES ('new')`, 0, 0],
  ['half of it, told by a sample', MANY_TEXTS, `DELETE FROM t WHERE id < '8'`, 20, 130],
])('of a sample, %s', async (_, made, after, min, max) => {
  const { kept, lacking } = await lackingOf(made, after);
  expect(kept).toBeGreaterThan(20);
  expect(kept).toBeLessThanOrEqual(130);
  expect(lacking).toBeGreaterThanOrEqual(min);
  expect(lacking).toBeLessThanOrEqual(max);
});
