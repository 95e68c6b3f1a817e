import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../../fixtures/app/throwaway-postgres.ts';
import { KunrenError } from '../../../probes/core/error.ts';
import { applyRows, planRows } from './recover-rows.ts';
import type { RowsRequest } from './rows-plan.ts';
import { asRole, contentsOf, TwoDatabases } from './two-databases.ts';

// Each ends with one clear line and leaves production as it was.

let databases: TwoDatabases;
beforeAll(async () => {
  databases = await TwoDatabases.start();
  await databases.admin(['CREATE ROLE clerk LOGIN']);
});
afterAll(() => databases.stop());

/** How a request ends that does nothing: the code of the error, or those of the refusals. */
async function endOf(request: RowsRequest, act: typeof planRows | typeof applyRows = applyRows): Promise<string[]> {
  const before = await contentsOf(asRole(request.to, 'postgres'));
  const codes = await act(request).then(
    (result) => {
      const { refusals } = 'plan' in result ? result.plan : result;
      return refusals.map(({ code, problem, remedy }) => {
        expect(`${problem} ${remedy}`).not.toMatch(/\n|undefined/);
        return code;
      });
    },
    (error: unknown) => {
      expect(error).toBeInstanceOf(KunrenError);
      expect((error as Error).message).not.toMatch(/\n|undefined/);
      return [(error as KunrenError).code];
    },
  );
  expect(await contentsOf(asRole(request.to, 'postgres'))).toEqual(before);
  return codes;
}

/** Both ways of asking end alike. */
async function expectRefused(request: RowsRequest, ...codes: string[]): Promise<void> {
  expect(await endOf(request, planRows)).toEqual(codes);
  expect(await endOf(request, applyRows)).toEqual(codes);
}

interface Case {
  readonly name: string;
  readonly sql?: string;
  /** In production, after the copy was made. */
  readonly since: string;
  readonly asAdmin?: true;
  readonly ask?: Partial<RowsRequest>;
  readonly role?: string;
  readonly codes: readonly string[];
}

const T = 'CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t VALUES (1, 1), (2, 2);';
const TRIGGER = `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER f BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();`;
const GRANTS =
  'GRANT ALL ON ALL TABLES IN SCHEMA public TO clerk; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO clerk;';

test.each<Case>([
  { name: 'a table that does not exist', since: '', ask: { tables: ['tt'] }, codes: ['table-missing'] },
  { name: 'a view', since: 'CREATE VIEW v AS SELECT 1', ask: { tables: ['v'] }, codes: ['not-a-table'] },
  {
    name: 'a table that the restored database lacks',
    since: 'CREATE TABLE n ()',
    ask: { tables: ['n'] },
    codes: ['table-missing'],
  },
  { name: 'no table', since: '', ask: { tables: [] }, codes: ['no-table'] },
  { name: 'a column that is gone', since: 'ALTER TABLE t RENAME a TO b', codes: ['schema-drift'] },
  {
    name: 'several differences at once',
    since:
      'ALTER TABLE t ALTER a TYPE int USING a::int; ALTER TABLE t ADD c int; DELETE FROM t; ALTER TABLE t ALTER c SET NOT NULL',
    codes: ['schema-drift', 'schema-drift'],
  },
  {
    name: 'another key',
    since: 'ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t ADD PRIMARY KEY (a)',
    codes: ['schema-drift'],
  },
  {
    name: 'an enum without a label',
    sql: "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (id e[] PRIMARY KEY)",
    since: "DROP TABLE t; DROP TYPE e; CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (id e[] PRIMARY KEY)",
    codes: ['schema-drift'],
  },
  { name: 'no right to read', since: 'DELETE FROM t', role: 'clerk', codes: ['missing-right', 'missing-right'] },
  {
    name: 'no right to insert',
    sql: T + GRANTS,
    since: 'DELETE FROM t; REVOKE INSERT ON t FROM clerk',
    role: 'clerk',
    codes: ['missing-right'],
  },
  {
    name: "another's trigger",
    sql: T + TRIGGER + GRANTS,
    since: 'DELETE FROM t',
    role: 'clerk',
    codes: ['missing-right'],
  },
  {
    name: "another's sequence that is behind",
    sql: `CREATE TABLE t (id serial PRIMARY KEY); INSERT INTO t VALUES (7); ${GRANTS}`,
    since: 'DELETE FROM t',
    role: 'clerk',
    codes: ['missing-right'],
  },
  {
    name: "a cycle of another's tables",
    sql: `CREATE TABLE t (id int PRIMARY KEY, u int NOT NULL); CREATE TABLE u (id int PRIMARY KEY REFERENCES t);
      INSERT INTO t VALUES (1, 1); INSERT INTO u VALUES (1); ALTER TABLE t ADD FOREIGN KEY (u) REFERENCES u; ${GRANTS}`,
    since:
      'ALTER TABLE t DROP CONSTRAINT t_u_fkey; DELETE FROM u; DELETE FROM t; ALTER TABLE t ADD FOREIGN KEY (u) REFERENCES u',
    role: 'clerk',
    ask: { tables: ['t', 'u'] },
    codes: ['missing-right', 'missing-right'],
  },
  {
    name: 'row-level security that hides rows',
    sql: `${T + GRANTS} ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (id > 1)`,
    since: 'DELETE FROM t',
    role: 'clerk',
    codes: ['rows-hidden', 'rows-hidden'],
  },
  {
    name: 'row-level security forced on the owner',
    sql: T,
    since: 'DELETE FROM t; ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
    codes: ['rows-hidden'],
  },
  { name: 'a condition that is none', since: 'DELETE FROM t', ask: { where: 'b = 1' }, codes: ['where-unreadable'] },
  {
    name: 'a condition with a statement in it',
    since: '',
    ask: { where: 'true); DROP TABLE t; SELECT (1' },
    codes: ['where-unreadable'],
  },
  {
    name: 'no key, and rows that production has of its own',
    sql: 'CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2)',
    since: 'UPDATE t SET a = 3 WHERE a = 2',
    codes: ['rows-ambiguous'],
  },
  {
    name: 'no key, and fewer of equal rows',
    sql: 'CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)',
    since: 'DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t)',
    codes: ['rows-ambiguous'],
  },
  { name: 'no key, and partitions', sql: 'CREATE TABLE t (a int) PARTITION BY LIST (a)', since: '', codes: ['no-key'] },
  {
    name: 'large objects',
    sql: 'CREATE DOMAIN lo AS oid; CREATE TABLE t (id int PRIMARY KEY, o lo); INSERT INTO t VALUES (1, lo_create(4711))',
    since: 'DELETE FROM t',
    codes: ['large-objects'],
  },
  {
    name: 'a child table that only the restored database has',
    sql: `${T} CREATE TABLE u () INHERITS (t); INSERT INTO u VALUES (3)`,
    since: 'DROP TABLE u',
    codes: ['heir-missing'],
  },
  {
    name: 'children that have become partitions',
    sql: `${T} CREATE TABLE u () INHERITS (t); INSERT INTO u VALUES (3)`,
    since:
      'DROP TABLE t CASCADE; CREATE TABLE t (id int PRIMARY KEY, a text) PARTITION BY LIST (id); CREATE TABLE u PARTITION OF t DEFAULT',
    codes: ['heir-missing'],
  },
  {
    name: 'an unlogged table',
    sql: 'CREATE UNLOGGED TABLE t (id int)',
    since: 'INSERT INTO t VALUES (1)',
    codes: ['unlogged'],
  },
  {
    name: 'a foreign partition',
    asAdmin: true,
    sql: 'CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)',
    since:
      'DELETE FROM t; CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f () INHERITS (t) SERVER s',
    codes: ['foreign-table'],
  },
  {
    name: 'a cycle through a partition',
    sql: `CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL) PARTITION BY LIST (id); CREATE TABLE t PARTITION OF a DEFAULT;
      CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL); INSERT INTO a VALUES (1, 1); INSERT INTO b VALUES (1, 1);
      ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b; ALTER TABLE b ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES a`,
    since:
      'ALTER TABLE b DROP CONSTRAINT k; DELETE FROM a; DELETE FROM b; ALTER TABLE b ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES a',
    ask: { tables: ['t', 'b'] },
    codes: ['key-of-the-whole'],
  },
  {
    name: 'no key, and no right to lock',
    sql: 'CREATE TABLE t (a int); INSERT INTO t VALUES (1); GRANT SELECT, INSERT ON t TO clerk',
    since: 'DELETE FROM t',
    role: 'clerk',
    codes: ['missing-right'],
  },
  {
    name: 'a read-only target',
    since: `DELETE FROM t; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$`,
    codes: ['target-read-only'],
  },
  {
    name: 'triggers switched off for the whole session',
    asAdmin: true,
    since: `DELETE FROM t; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET session_replication_role = replica', current_database()); END $$`,
    codes: ['foreign-keys-off'],
  },
  {
    name: 'a database without temporary tables',
    asAdmin: true,
    since: `DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM public, facility_admin', current_database()); END $$`,
    codes: ['missing-right'],
  },
])('$name: $codes', async ({ sql = T, since, asAdmin, ask = {}, role = 'facility_admin', codes }) => {
  const pair = await databases.pair(sql);
  await (asAdmin ? databases.admin([since], pair.to) : run(pair.to, [since]));
  await expectRefused({ from: asRole(pair.from, role), to: asRole(pair.to, role), tables: ['t'], ...ask }, ...codes);
});

test('one database under two URLs is refused', async () => {
  const { to } = await databases.pair(T);
  await expectRefused(
    { from: `${to.replace('127.0.0.1', 'localhost')}?application_name=x`, to, tables: ['t'] },
    'same-database',
  );
});

test('a role and a server that are not there are told in one line', async () => {
  const { from, to } = await databases.pair(T);
  expect(await endOf({ from: asRole(from, 'nobody'), to, tables: ['t'] })).toEqual(['missing-right']);
  expect(await endOf({ from: 'postgres://a@127.0.0.1:1/b', to, tables: ['t'] })).toEqual(['connection-lost']);
  expect(await endOf({ from: 'orders', to, tables: ['t'] })).toEqual(['url-unreadable']);
});

test.each([
  ['a full disk', "RAISE EXCEPTION 'No space left' USING ERRCODE = '53100'", 'disk-full'],
  ['a statement timeout', 'PERFORM pg_sleep(5)', 'statement-timeout'],
  ['a rule that production has now', 'RETURN false', 'row-not-accepted'],
])('%s half-way rolls everything back', async (_, what, code) => {
  const pair = await databases.pair(
    `${T} CREATE TABLE u (id int PRIMARY KEY REFERENCES t); INSERT INTO u VALUES (1), (2)`,
  );
  await run(pair.to, [
    'DELETE FROM u; DELETE FROM t',
    `CREATE FUNCTION bad(id int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN IF id = 2 THEN ${what}; END IF; RETURN true; END $$`,
    'ALTER TABLE u ADD CHECK (bad(id))',
  ]);
  await databases.admin([`ALTER DATABASE ${pair.to.split('/').at(-1)} SET statement_timeout = '400ms'`]);
  expect(await endOf({ ...pair, tables: ['t', 'u'] })).toEqual([code]);
});

test('a limit of time is kept', async () => {
  const pair = await databases.pair(T);
  await run(pair.to, ['DELETE FROM t']);
  expect(await endOf({ ...pair, tables: ['t'], where: 'pg_sleep(9) IS NOT NULL', limitMs: 300 })).toEqual([
    'limit-exceeded',
  ]);
});
