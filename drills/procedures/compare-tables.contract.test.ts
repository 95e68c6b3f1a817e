import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../fixtures/app/throwaway-postgres.ts';
import { type CompareOptions, compareTables, type TableComparison } from '../../probes/integrity/compare-tables.ts';
import { explainDifferences } from '../../probes/integrity/core/differences.ts';
import { wholeTables, withSides } from '../../probes/integrity/side.ts';
import { asRole, type Pair, TwoDatabases } from './rows/two-databases.ts';

let databases: TwoDatabases;
beforeAll(async () => {
  databases = await TwoDatabases.start();
});
afterAll(() => databases.stop());

/** Compares all tables, the restored database being the left side. */
const compared = ({ from, to }: Pair, options?: CompareOptions): Promise<TableComparison[]> =>
  withSides({ left: { url: from, name: 'restored' }, right: { url: to, name: 'production' } }, async (left, right) =>
    compareTables(left, right, await wholeTables(right), options),
  );

/** One table `t`, and what is done to it in production. */
async function afterChange(made: string, change: string, options?: CompareOptions): Promise<TableComparison> {
  const pair = await databases.pair(made);
  await run(pair.to, [change]);
  return (await compared(pair, options)).find(({ table }) => table.name === 't')!;
}

/** For expectations: the findings alone. */
const found = ({ equal, onlyLeft, onlyRight, differing }: TableComparison) => ({
  ...{ equal, onlyLeft: onlyLeft.keys, onlyRight: onlyRight.keys },
  differing: differing.rows.map(({ key, columns }) => `${key}: ${columns.join(' ')}`),
  counts: [onlyLeft.count, onlyRight.count, differing.count].map(Number),
});

const quoted = (value: string): string => `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

describe('two values of one type', () => {
  const TYPES = `CREATE TYPE mood AS ENUM ('low', 'high'); CREATE TYPE pair AS (a jsonb, b int[]);
    CREATE DOMAIN tags AS text[]; CREATE DOMAIN amount AS numeric;
    CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);`;
  // Postgres's own hash of a row takes many of these for one another.
  const DIFFERENT: readonly (readonly [type: string, a: string, b: string])[] = [
    ['int8', '0', '4294967297'],
    ['int8', '9007199254740993', '9007199254740992'],
    ['float8', '0.30000000000000004', '0.3'],
    ['float8', 'Infinity', 'NaN'],
    ['numeric', '1.0000000000000000000001', '1'],
    ['numeric(30,10)', '12345678901234567890.0123456789', '12345678901234567890.0123456788'],
    ['timestamptz', '2025-01-01 00:00:00.123456+09', '2025-01-01 00:00:00.123457+09'],
    ['date', 'infinity', '-infinity'],
    ['jsonb', '{"a":{"b":1},"c":2}', '{"a":{"b":1,"c":2}}'],
    ['jsonb', '[[1],2]', '[[1,2]]'],
    ['json', '{"a":1}', '{"a": 1}'],
    ['int[]', '{1,2}', '{{1,2}}'],
    ['int[]', '[2:3]={1,2}', '{1,2}'],
    ['tags', '{a,b}', '{{a},{b}}'],
    ['pair', '("[[1],2]",)', '("[[1,2]]",)'],
    ['pair', '(,"{1,2}")', '(,"{{1},{2}}")'],
    ['mood', 'low', 'high'],
    ['text', 'a', 'A'],
    ['text', '', ' '],
    ['text COLLATE loose', 'a', 'A'],
    ['bytea', '\\x00', '\\x0000'],
    ['point', '(0,0)', '(0,1)'],
    ['xml', '<a/>', '<a></a>'],
    ['bit(2)', '10', '01'],
    ['tsvector', "'a':1", "'a':2"],
    ['int4range', '[1,2)', '[1,3)'],
    ['money', '1.00', '1.01'],
    ['aclitem', 'facility_admin=r/postgres', 'postgres=r/facility_admin'],
    ['regclass', 'pg_class', 'pg_type'],
  ];

  test.each([false, true])('that differ never pass for one (exact: %s)', async (exact) => {
    const columns = DIFFERENT.map(([type], i) => `c${i} ${type}`).join(', ');
    const values = DIFFERENT.map(([, a]) => quoted(a)).join(', ');
    const changed = `CREATE TABLE t (id int PRIMARY KEY, ${columns}); INSERT INTO t
      SELECT n, ${DIFFERENT.map((_, i) => `x.c${i}`)} FROM generate_series(0, ${DIFFERENT.length}) n,
      (VALUES (${DIFFERENT.map(([type, a]) => `${quoted(a)}::${type.replace(/ .*/, '')}`).join(', ')}))
      AS x(${DIFFERENT.map((_, i) => `c${i}`).join(', ')})`;
    expect(values).not.toBe('');
    const updates = DIFFERENT.map(([, , b], i) => `UPDATE t SET c${i} = ${quoted(b)} WHERE id = ${i}`);
    const result = found(await afterChange(TYPES + changed, updates.join(';'), { exact, keysShown: 100 }));
    expect(result.differing).toEqual(DIFFERENT.map((_, i) => `id=${i}: c${i}`));
  });

  test('that their type finds equal are equal, and told apart digit by digit on demand', async () => {
    const made = `CREATE DOMAIN amount AS numeric; CREATE TABLE t (id numeric PRIMARY KEY, n numeric, d amount, f float8);
      INSERT INTO t VALUES (1.0, 1.0, 1.0, '-0'), (2, 2, 2, 'NaN')`;
    const change = 'UPDATE t SET n = 1.00, d = 1.000, f = 0, id = 1.000 WHERE id = 1';
    const typed = await afterChange(made, change);
    expect(typed).toMatchObject({ equality: 'typed', columnsAsText: [], equal: true });
    expect(await afterChange(made, change, { exact: true })).toMatchObject({ equality: 'text', equal: false });
    // The key still finds the row when another column has changed.
    expect(found(await afterChange(made, `${change}; UPDATE t SET n = 5 WHERE id = 1`)).differing).toEqual(['id=1: n']);
  });

  test('are compared as text where their type has no hash to rely on, and the columns are named', async () => {
    const made = `${TYPES} CREATE TABLE t (id int PRIMARY KEY, n numeric, j jsonb, m mood, a int[], l text COLLATE loose, v varchar(9))`;
    expect((await afterChange(made, 'SELECT')).columnsAsText).toEqual(['j', 'm', 'a', 'l']);
  });
});

test('databases made apart, whose types have other oids, are equal', async () => {
  const made = `CREATE TYPE mood AS ENUM ('low', 'high'); CREATE TABLE t (id int PRIMARY KEY, m mood, p regclass);
    INSERT INTO t VALUES (1, 'high', 'pg_class')`;
  const [one, other] = [await databases.pair(made), await databases.pair(`CREATE TYPE before AS (x int); ${made}`)];
  expect((await compared({ from: one.to, to: other.to })).map(({ equal }) => equal)).toEqual([true]);
});

test('settings of a database, a role and a session change nothing', async () => {
  const pair =
    await databases.pair(`CREATE TABLE t (id int PRIMARY KEY, f float8, z timestamptz, i interval, b bytea, a point, m money);
    INSERT INTO t VALUES (1, 0.1::float8 + 0.2, '2025-01-01 00:00:00.123456+09', '1 year -2 days 3 h', '\\x0001', '(0.1,1e300)', 12.34)`);
  const name = new URL(pair.to).pathname.slice(1);
  const settings = [
    ...["TimeZone = 'Asia/Tokyo'", "DateStyle = 'German'", 'extra_float_digits = 0', "bytea_output = 'escape'"],
    ...["IntervalStyle = 'sql_standard'", 'search_path = nowhere', 'statement_timeout = 50000', 'row_security = on'],
  ];
  await databases.admin(settings.map((setting) => `ALTER DATABASE ${name} SET ${setting}`));
  for (const exact of [false, true]) {
    const [t] = await compared(pair, { exact });
    expect(t).toMatchObject({ equal: true, leftRows: 1n });
  }
});

describe('a table that is not the same', () => {
  const ROWS = `CREATE TABLE t (id int PRIMARY KEY, a int, b text); INSERT INTO t VALUES (1, 10, 'x'), (2, 20, 'y'), (3, 30, 'z'), (11, 40, 'w')`;

  // The hash of a record is a sum over its columns: the sum over all rows is the same after each of these.
  test.each([
    ['one column shifted in all rows', 'UPDATE t SET a = CASE a WHEN 40 THEN 10 ELSE a + 10 END', 4, 'a'],
    [
      'two rows that have exchanged a value',
      `UPDATE t SET b = CASE b WHEN 'x' THEN 'y' ELSE 'x' END WHERE id < 3`,
      2,
      'b',
    ],
  ])('is unequal by the fingerprint: %s', async (_, change, count, column) => {
    const result = await afterChange(ROWS, change);
    expect(result).toMatchObject({ equal: false, leftRows: 4n, rightRows: 4n, differing: { count: BigInt(count) } });
    expect(result.differing.rows.every(({ columns }) => columns.join() === column)).toBe(true);
  });

  test('is told by the first keys of each kind, in the order of the key, and all are counted', async () => {
    const change = `DELETE FROM t WHERE id IN (2, 11); INSERT INTO t SELECT n, n, 'new' FROM generate_series(100, 5000) n;
      UPDATE t SET b = NULL, a = 0 WHERE id = 3`;
    expect(found(await afterChange(ROWS, change, { keysShown: 3 }))).toEqual({
      ...{ equal: false, onlyLeft: ['id=2', 'id=11'], onlyRight: ['id=100', 'id=101', 'id=102'] },
      ...{ differing: ['id=3: a b'], counts: [2, 4901, 1] },
    });
  });

  test('is told by a key of several columns, with names and values of any letters', async () => {
    const made = `CREATE TABLE t ("コード" text, "the ""年" int, v int, PRIMARY KEY ("コード", "the ""年"));
      INSERT INTO t VALUES ('a''b', 2025, 1), ('漢字', -1, 1), ('é', 5, 1), ('🐘', 10, 1), ('｡', 10, 1)`;
    expect(found(await afterChange(made, 'UPDATE t SET v = 2'))).toMatchObject({
      differing: [
        `コード=a'b, the "年=2025: v`,
        'コード=é, the "年=5: v',
        'コード=漢字, the "年=-1: v',
        'コード=｡, the "年=10: v',
        'コード=🐘, the "年=10: v',
      ],
    });
  });

  test('is told by counts where it has no key, repeated rows included', async () => {
    const made = 'CREATE TABLE t (a int, b text); INSERT INTO t SELECT n / 2, NULL FROM generate_series(0, 9) n';
    const result = await afterChange(
      made,
      `DELETE FROM t WHERE ctid = '(0,1)'; INSERT INTO t VALUES (1, NULL), (77, 'x')`,
    );
    expect(result).toMatchObject({ keyed: false, leftRows: 10n, rightRows: 11n });
    expect(found(result)).toMatchObject({ equal: false, onlyLeft: [], onlyRight: [], counts: [1, 2, 0] });
  });

  test('is no less unequal for a column that one side lacks, or a table', async () => {
    const pair = await databases.pair(`${ROWS}; CREATE TABLE gone (id int)`);
    await run(pair.from, ['ALTER TABLE t DROP COLUMN b', 'DROP TABLE gone']);
    const [gone, t] = await compared(pair);
    expect(gone).toMatchObject({ equal: false, absentFrom: 'left' });
    expect(t).toMatchObject({ equal: false, columnsOnlyRight: ['b'] });
    expect(explainDifferences([gone!, t!], { volatile: ['public.t', 'public.gone'] }).unintended).toEqual([
      'public.gone: missing from the restored database',
      'public.t: the restored database lacks column b',
    ]);
  });
});

test('whatever one cell is changed, it is found by its key and its column', async () => {
  const TYPES = [
    'int8',
    'numeric',
    'float8',
    'text',
    'timestamptz',
    'bool',
    'uuid',
    'jsonb',
    'int[]',
    'bytea',
    'date',
  ] as const;
  const VALUES: { readonly [type in (typeof TYPES)[number]]: fc.Arbitrary<string | null> } = {
    int8: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
    numeric: fc.bigInt().map((n) => `${n}e-9`),
    float8: fc
      .double()
      .filter((n) => !Object.is(n, -0))
      .map(String),
    text: fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
    timestamptz: fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((date) => date.toISOString()),
    ...{
      bool: fc.boolean().map(String),
      uuid: fc.uuid(),
      date: fc.integer({ min: 1, max: 28 }).map((n) => `2025-02-${n}`),
    },
    jsonb: fc
      .jsonValue()
      .map((value) => JSON.stringify(value))
      .filter((text) => !text.includes('u0000')),
    'int[]': fc.array(fc.nat(), { maxLength: 3 }).map((numbers) => `{${numbers}}`),
    bytea: fc.uint8Array({ maxLength: 5 }).map((bytes) => `\\x${Buffer.from(bytes).toString('hex')}`),
  };
  const pair = await databases.pair(
    `CREATE TABLE t (id text PRIMARY KEY, ${TYPES.map((type, i) => `c${i} ${type}`).join(', ')})`,
  );
  const cell = fc.constantFrom(...TYPES).chain((type) => fc.tuple(fc.constant(type), fc.option(VALUES[type])));
  const rows = fc.array(fc.tuple(...TYPES.map((type) => fc.option(VALUES[type]))), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(rows, fc.nat(), cell, async (drawn, place, [type, value]) => {
      const [row, column] = [place % drawn.length, `c${TYPES.indexOf(type)}`];
      const literal = (text: string | null): string => (text === null ? 'NULL' : quoted(text));
      const insert = drawn.map((values, i) => `('k${i}', ${values.map(literal).join(', ')})`).join(', ');
      for (const url of [pair.from, pair.to]) await run(url, [`TRUNCATE t; INSERT INTO t VALUES ${insert}`]);
      const changed = await run(pair.to, [
        `UPDATE t SET ${column} = ${literal(value)} WHERE id = 'k${row}' AND ${column} IS DISTINCT FROM ${literal(value)}::${type} RETURNING id`,
      ]);
      const [result] = await compared(pair);
      expect(found(result!).differing).toEqual(changed.map(() => `id=k${row}: ${column}`));
      expect(result!.equal).toBe(changed.length === 0);
    }),
    { numRuns: 25 },
  );
});

test('a table whose columns stand in another order is equal, as is a partitioned one with its rows elsewhere', async () => {
  const rows = `INSERT INTO t SELECT n, n % 3, n::text FROM generate_series(1, 50) n`;
  const one = await databases.pair(`CREATE TABLE t (id int PRIMARY KEY, a int, b text); ${rows}`);
  const other =
    await databases.pair(`CREATE TABLE t (b text, x int, id int, a int, PRIMARY KEY (id)) PARTITION BY HASH (id);
    CREATE TABLE t0 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0);
    CREATE TABLE t1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1);
    ALTER TABLE t DROP COLUMN x; ${rows.replace('INTO t', 'INTO t (id, a, b)')}`);
  expect((await compared({ from: one.to, to: other.to })).map(found)).toMatchObject([{ equal: true }]);
});

test('what the role may not read is refused by name', async () => {
  const made = 'CREATE TABLE t (id int PRIMARY KEY, open int, secret int); INSERT INTO t VALUES (1, 1, 1)';
  await databases.admin(['CREATE ROLE guest LOGIN']);
  const asGuest = async (statement: string): Promise<unknown> => {
    const pair = await databases.pair(made);
    for (const url of [pair.from, pair.to]) await run(url, [statement]);
    return compared({ from: asRole(pair.from, 'guest'), to: asRole(pair.to, 'guest') });
  };
  await expect(asGuest('GRANT SELECT (id, open) ON t TO guest')).rejects.toThrow(
    /public\.t .*restored.* may not read secret/,
  );
  await expect(asGuest('SELECT')).rejects.toThrow(/public\.t .* may not read id, open, secret/);
  const hidden =
    'GRANT SELECT ON t TO guest; ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (id > 1)';
  await expect(asGuest(hidden)).rejects.toThrow(/public\.t cannot be read whole .* row-level security/);
  expect(await asGuest('GRANT SELECT ON t TO guest')).toMatchObject([{ equal: true }]);
});
