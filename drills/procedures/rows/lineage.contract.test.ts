import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../../fixtures/app/throwaway-postgres.ts';
import { planRows } from './recover-rows.ts';
import { type Pair, TwoDatabases } from './two-databases.ts';

// Of a table as large as these, rows are taken for the same by the transaction that wrote them, where that is sound.

let databases: TwoDatabases;
beforeAll(async () => {
  databases = await TwoDatabases.start();
});
afterAll(() => databases.stop());

const ROWS = 2_500;
const WIDE = `CREATE TYPE mood AS ENUM ('calm', 'busy');
  CREATE TABLE t (id int PRIMARY KEY, m mood, a text STORAGE EXTERNAL);
  INSERT INTO t SELECT i, 'calm', repeat('x', 7000) FROM generate_series(1, ${ROWS}) i`;

const tableOf = async (pair: Pair) => (await planRows({ ...pair, tables: ['t'] })).tables[0];

test('rows that nobody wrote since are the same', async () => {
  const pair = await databases.pair(WIDE);
  await run(pair.to, ['DELETE FROM t WHERE id = 7']);
  expect(await tableOf(pair)).toMatchObject({ same: ROWS - 1, toInsert: 1, conflicts: 0 });
});

test.each([
  ['a column that was dropped and added again', 'ALTER TABLE t DROP a; ALTER TABLE t ADD a text'],
  [
    'a label that means something else now',
    "ALTER TYPE mood RENAME VALUE 'calm' TO 'x'; ALTER TYPE mood ADD VALUE 'calm'",
  ],
])('%s makes conflicts of all rows', async (_, since) => {
  const pair = await databases.pair(WIDE);
  await run(pair.to, [since]);
  expect(await tableOf(pair)).toMatchObject({ same: 0, toInsert: 0, conflicts: ROWS });
});
