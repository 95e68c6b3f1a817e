import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../../fixtures/app/throwaway-postgres.ts';
import { expectNothingToDo } from './expect-back.ts';
import { applyRows, planRows } from './recover-rows.ts';
import { contentsOf, TwoDatabases } from './two-databases.ts';

let databases: TwoDatabases;
beforeAll(async () => {
  databases = await TwoDatabases.start();
});
afterAll(() => databases.stop());

const CUSTOMERS = `
  CREATE TABLE customer (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text UNIQUE, note text);
  INSERT INTO customer (email) SELECT 'u' || i FROM generate_series(1, 1500) i;`;
test('rows made anew by users are left alone, listed with both versions, and never altered', async () => {
  const pair = await databases.pair(CUSTOMERS);
  await run(pair.to, [
    'DELETE FROM customer WHERE id <= 1000',
    `INSERT INTO customer OVERRIDING SYSTEM VALUE SELECT i, 'user' || i, 'new' FROM generate_series(1, 10) i`,
    `INSERT INTO customer (email) VALUES ('u500')`,
    `UPDATE customer SET note = note WHERE id = 1200`,
  ]);
  const before = await contentsOf(pair.to);
  const plan = await planRows({ ...pair, tables: ['customer'] });
  expect(await contentsOf(pair.to)).toEqual(before);
  const { inserted } = await applyRows({ ...pair, tables: ['customer'] });
  expect(inserted).toEqual([{ table: 'public.customer', rows: 989 }]);
  const [table] = plan.tables;
  expect(table).toMatchObject({ rowsRestored: 1_500, rowsProduction: 511, same: 500, missing: 990, toInsert: 989 });
  expect(table).toMatchObject({ conflicts: 11, orphans: 0 });
  expect(table!.leftAlone).toHaveLength(11);
  expect(table!.leftAlone.slice(-2)).toMatchObject([
    {
      why: 'same-key',
      restored: { id: '10', email: 'u10', note: null },
      production: { id: '10', email: 'user10', note: 'new' },
    },
    { why: 'other-unique', restored: { id: '500', email: 'u500' }, production: { id: '1501', email: 'u500' } },
  ]);
  const after = (await contentsOf(pair.to))['public.customer']!;
  for (const line of before['public.customer']!) expect(after).toContain(line);
  await expectNothingToDo(pair, ['customer']);
});

test('partial and expression indexes are seen before anything is inserted', async () => {
  const pair = await databases.pair(`
    CREATE TABLE t (id int PRIMARY KEY, email text, live bool);
    CREATE UNIQUE INDEX by_mail ON t (lower(email)) WHERE live;
    INSERT INTO t VALUES (1, 'A@x', true), (2, 'b@x', true), (3, 'c@x', false);`);
  await run(pair.to, ["DELETE FROM t; INSERT INTO t VALUES (11, 'a@X', true), (12, 'B@x', false), (13, 'C@x', true)"]);
  const { plan, inserted } = await applyRows({ ...pair, tables: ['t'] });
  expect(inserted).toEqual([{ table: 'public.t', rows: 2 }]);
  expect(plan.tables[0]!.leftAlone).toMatchObject([
    { why: 'other-unique', restored: { id: '1' }, production: { id: '11' } },
  ]);
});

test('keys that are equal, yet written otherwise, are one key', async () => {
  const pair = await databases.pair(
    'CREATE TABLE t (n numeric PRIMARY KEY, a text); INSERT INTO t VALUES (1.0, 1), (2.0, 2)',
  );
  await run(pair.to, ['UPDATE t SET n = 1.00 WHERE n = 1; DELETE FROM t WHERE n = 2']);
  const { plan, inserted } = await applyRows({ ...pair, tables: ['t'] });
  expect(inserted).toEqual([{ table: 'public.t', rows: 1 }]);
  expect(plan.tables[0]!.leftAlone).toMatchObject([
    { why: 'same-key', restored: { n: '1.0' }, production: { n: '1.00' } },
  ]);
});

test('a row whose parent is gone is left alone, and the table to add is named', async () => {
  const sql = `CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
    CREATE TABLE c (id int PRIMARY KEY, b int REFERENCES b);
    INSERT INTO a VALUES (1), (2); INSERT INTO b VALUES (1, 1), (2, 2), (3, NULL); INSERT INTO c VALUES (1, 1), (2, 2), (3, 3)`;
  const pair = await databases.pair(sql);
  await run(pair.to, ['DELETE FROM c; DELETE FROM b; DELETE FROM a WHERE id = 1']);
  const { plan, inserted } = await applyRows({ ...pair, tables: ['c', 'b'] });
  expect(inserted).toEqual([
    { table: 'public.b', rows: 2 },
    { table: 'public.c', rows: 2 },
  ]);
  expect(plan.tables.map(({ orphans }) => orphans)).toEqual([1, 1]);
  expect(plan.tables[0]!.leftAlone[0]).toMatchObject({
    why: 'no-parent',
    reason: expect.stringContaining('--table public.a'),
  });
  expect((await applyRows({ ...pair, tables: ['a', 'b', 'c'] })).inserted.map(({ rows }) => rows)).toEqual([1, 1, 1]);
});

// Whatever keeps two rows from standing beside each other, and a user's row that is there already.
test.each([
  {
    name: 'an exclusion constraint',
    sql: 'CREATE TABLE t (id int PRIMARY KEY, v int4range, EXCLUDE USING gist (v WITH &&))',
    rows: "(1, '[1,5)'), (2, '[5,9)')",
    users: "(10, '[2,3)')",
  },
  {
    name: 'a unique index of another collation',
    sql: `CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      CREATE TABLE t (id int PRIMARY KEY, v text); CREATE UNIQUE INDEX ON t (v COLLATE ci)`,
    rows: "(1, 'Abc'), (2, 'x')",
    users: "(10, 'aBC')",
  },
  {
    name: 'a unique key that is checked at the end only',
    sql: 'CREATE TABLE t (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, v int UNIQUE DEFERRABLE INITIALLY DEFERRED)',
    rows: '(1, 1), (2, 2)',
    users: '(10, 1)',
  },
  {
    name: 'a unique key in which nulls are equal',
    sql: 'CREATE TABLE t (id int PRIMARY KEY, v int UNIQUE NULLS NOT DISTINCT)',
    rows: '(1, NULL), (2, 2)',
    users: '(10, NULL)',
  },
  {
    name: 'an index of a type whose = is not on the search path',
    sql: `CREATE SCHEMA s; CREATE TYPE s.n AS (a int); CREATE FUNCTION s.eq(s.n, s.n) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT abs(($1).a) = abs(($2).a)';
      CREATE FUNCTION s.lt(s.n, s.n) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT abs(($1).a) < abs(($2).a)';
      CREATE FUNCTION s.cmp(s.n, s.n) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT abs(($1).a) - abs(($2).a)';
      CREATE OPERATOR s.= (LEFTARG = s.n, RIGHTARG = s.n, FUNCTION = s.eq, COMMUTATOR = OPERATOR(s.=), MERGES);
      CREATE OPERATOR s.< (LEFTARG = s.n, RIGHTARG = s.n, FUNCTION = s.lt);
      CREATE OPERATOR CLASS s.absolute FOR TYPE s.n USING btree AS OPERATOR 1 s.<, OPERATOR 3 s.=, FUNCTION 1 s.cmp(s.n, s.n);
      CREATE TABLE t (id int PRIMARY KEY, v s.n); CREATE UNIQUE INDEX ON t (v s.absolute)`,
    asAdmin: true,
    rows: "(1, '(-3)'), (2, '(4)')",
    users: "(10, '(3)')",
  },
])('$name is respected before anything is inserted', async ({ sql, rows, users, asAdmin }) => {
  const pair = await databases.pair(async (url) => {
    const owned = ['GRANT ALL ON ALL TABLES IN SCHEMA public TO facility_admin'];
    if (asAdmin) await databases.admin([sql, ...owned, 'GRANT USAGE ON SCHEMA s TO facility_admin'], url);
    else await run(url, [sql]);
    await run(url, [`INSERT INTO t VALUES ${rows}`]);
  });
  await run(pair.to, [`DELETE FROM t; INSERT INTO t VALUES ${users}`]);
  const { plan, inserted } = await applyRows({ ...pair, tables: ['t'] });
  expect(inserted).toEqual([{ table: 'public.t', rows: 1 }]);
  expect(plan.tables[0]!.leftAlone).toMatchObject([
    { why: 'other-unique', restored: { id: '1' }, production: { id: '10' } },
  ]);
  await expectNothingToDo(pair, ['t']);
});

test('of a key without overlaps, a row that a user has put there since is not overlapped', async ({ skip }) => {
  const [version] = await databases.admin(["SELECT current_setting('server_version_num')::int >= 180000 AS known"]);
  if (!version!['known']) skip('Postgres has such keys from version 18 on');
  const pair = await databases.pair(`
    CREATE TABLE t (id int4range, at daterange, PRIMARY KEY (id, at WITHOUT OVERLAPS));
    INSERT INTO t VALUES ('[1,2)', '[2025-01-01,2025-02-01)'), ('[1,2)', '[2025-02-01,2025-03-01)')`);
  await run(pair.to, ["DELETE FROM t; INSERT INTO t VALUES ('[1,2)', '[2025-01-05,2025-01-07)')"]);
  expect((await applyRows({ ...pair, tables: ['t'] })).plan.tables[0]).toMatchObject({ toInsert: 1, conflicts: 1 });
});

test('a row that has moved to another table of the same inheritance is not brought back twice', async () => {
  const pair = await databases.pair(`
    CREATE TABLE t (id int PRIMARY KEY, a text); CREATE TABLE old (PRIMARY KEY (id)) INHERITS (t);
    INSERT INTO t VALUES (1, 'x'), (2, 'y'); INSERT INTO old VALUES (3, 'z'), (4, 'w')`);
  await run(pair.to, [
    `WITH m AS (DELETE FROM ONLY t WHERE id = 1 RETURNING *) INSERT INTO old SELECT * FROM m`,
    `CREATE TABLE new () INHERITS (t); DELETE FROM old WHERE id = 4`,
    `WITH m AS (DELETE FROM old WHERE id = 3 RETURNING *) INSERT INTO new SELECT * FROM m; DELETE FROM t WHERE id = 2`,
  ]);
  const { plan, inserted } = await applyRows({ ...pair, tables: ['t'] });
  expect(plan.refusals).toEqual([]);
  expect(inserted).toEqual([
    { table: 'public.t', rows: 1 },
    { table: 'public.old', rows: 1 },
  ]);
  const left = plan.tables.flatMap(({ leftAlone }) => leftAlone);
  expect(left.map(({ why, restored }) => [why, restored['id']])).toEqual([
    ['other-table', '1'],
    ['other-table', '3'],
  ]);
  expect(await run(pair.to, ['SELECT id FROM t ORDER BY 1'])).toEqual([1, 2, 3, 4].map((id) => ({ id })));
});
