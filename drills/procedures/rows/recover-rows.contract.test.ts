import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../../fixtures/app/throwaway-postgres.ts';
import { applyRows, planRows } from './recover-rows.ts';
import { contentsOf, type Pair, TwoDatabases } from './two-databases.ts';

let databases: TwoDatabases;
beforeAll(async () => {
  databases = await TwoDatabases.start();
});
afterAll(() => databases.stop());

/** Destroys rows, brings them back, and expects all tables to be as they were; then expects nothing more to do. */
async function expectBack(pair: Pair, tables: readonly string[], destroy: string) {
  const before = await contentsOf(pair.to);
  await run(pair.to, [destroy]);
  expect(await contentsOf(pair.to)).not.toEqual(before);
  const plan = await planRows({ ...pair, tables });
  const outcome = await applyRows({ ...pair, tables });
  expect(plan).toEqual(outcome.plan);
  expect(plan.refusals).toEqual([]);
  expect(outcome.applied).toBe(true);
  expect(await contentsOf(pair.to)).toEqual(before);
  await expectNothingToDo(pair, tables);
  return outcome;
}

async function expectNothingToDo(pair: Pair, tables: readonly string[]): Promise<void> {
  const before = await contentsOf(pair.to);
  expect(await applyRows({ ...pair, tables })).toMatchObject({ applied: true, inserted: [] });
  expect(await contentsOf(pair.to)).toEqual(before);
}

const CUSTOMERS = `
  CREATE TABLE customer (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text UNIQUE, note text);
  INSERT INTO customer (email) SELECT 'u' || i FROM generate_series(1, 1500) i;`;

describe('what is in the way', () => {
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
    await run(pair.to, [
      "DELETE FROM t; INSERT INTO t VALUES (11, 'a@X', true), (12, 'B@x', false), (13, 'C@x', true)",
    ]);
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
});

describe('what must come back as it was', () => {
  test('identities of both kinds, stored generated columns, sequences that were behind, and none that is ahead', async () => {
    const pair = await databases.pair(`
      CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, qty int, price numeric(30,10),
        total numeric GENERATED ALWAYS AS (qty * price) STORED);
      CREATE TABLE line (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, orders int NOT NULL REFERENCES orders, big bigint);
      CREATE TABLE old (id serial PRIMARY KEY, down int);
      CREATE SEQUENCE down INCREMENT BY -5 MINVALUE -1000 MAXVALUE -1; ALTER TABLE old ALTER down SET DEFAULT nextval('down');
      INSERT INTO orders (qty, price) SELECT i, i / 7.0 FROM generate_series(1, 100) i;
      INSERT INTO line (orders, big) SELECT i, 9007199254740993 + i FROM generate_series(1, 100) i;
      INSERT INTO old (down) SELECT nextval('down') FROM generate_series(1, 100)`);
    const { plan } = await expectBack(
      pair,
      ['line', 'orders', 'old'],
      `
      DELETE FROM line; DELETE FROM orders; DELETE FROM old;
      SELECT setval('orders_id_seq', 10), setval('line_id_seq', 5000), setval('old_id_seq', 100, false), setval('down', -11)`,
    );
    expect(plan.tables.map(({ table }) => table)).toEqual(['public.orders', 'public.line', 'public.old']);
    expect(plan.sequences).toEqual([
      { sequence: 'public.orders_id_seq', from: '10', to: '100' },
      { sequence: 'public.old_id_seq', from: '100', to: '100' },
      { sequence: 'public.down', from: '-11', to: '-496' },
    ]);
    const next = ['orders_id_seq', 'line_id_seq', 'old_id_seq', 'down'].map((name) => `nextval('${name}')`).join(', ');
    expect(Object.values((await run(pair.to, [`SELECT array[${next}]::text AS n`]))[0]!)).toEqual([
      '{101,5001,101,-501}',
    ]);
  });

  test('what triggers would alter or write is neither altered nor written, and they fire again afterwards', async () => {
    const pair = await databases.pair(`
      CREATE TABLE t (id int PRIMARY KEY, changed timestamptz(6), a text); CREATE TABLE audit (what text);
      CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.changed := now(); RETURN NEW; END $$;
      CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit VALUES (TG_OP); RETURN NULL; END $$;
      INSERT INTO t VALUES (1, '2025-01-01T00:00:00.123456+09', 'x'), (2, 'infinity', NULL);
      CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
      CREATE TRIGGER note AFTER INSERT ON t FOR EACH STATEMENT EXECUTE FUNCTION note();
      CREATE TRIGGER off BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION touch();
      ALTER TABLE t DISABLE TRIGGER off, ENABLE ALWAYS TRIGGER note`);
    const { plan } = await expectBack(pair, ['t'], 'DELETE FROM t');
    expect(plan.locks).toMatchObject([{ table: 'public.t', mode: 'SHARE ROW EXCLUSIVE' }]);
    expect(plan.tables[0]!.notes).toEqual(['triggers of public.t do not fire for these rows: note, touch']);
    const enabled = await run(pair.to, ['SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1']);
    expect(enabled.map(({ tgenabled }) => tgenabled)).toEqual(['A', 'D', 'O']);
  });

  test('references to itself, and cycles that may not be deferred, checked again before the end', async () => {
    const pair = await databases.pair(`
      CREATE TABLE staff (id int PRIMARY KEY, boss int REFERENCES staff, store int NOT NULL);
      CREATE TABLE store (id int PRIMARY KEY, manager int NOT NULL);
      INSERT INTO staff SELECT i, CASE WHEN i > 1 THEN i - 1 END, 1 + i % 2 FROM generate_series(1, 20) i;
      INSERT INTO store VALUES (1, 1), (2, 2);
      ALTER TABLE staff ADD CONSTRAINT works FOREIGN KEY (store) REFERENCES store;
      ALTER TABLE store ADD CONSTRAINT led FOREIGN KEY (manager) REFERENCES staff`);
    const { plan } = await expectBack(
      pair,
      ['staff', 'store'],
      `
      ALTER TABLE staff DROP CONSTRAINT works; DELETE FROM store; DELETE FROM staff;
      ALTER TABLE staff ADD CONSTRAINT works FOREIGN KEY (store) REFERENCES store`,
    );
    expect(plan.deferred).toEqual([
      { table: 'public.staff', constraint: 'works', altered: true },
      { table: 'public.store', constraint: 'led', altered: true },
    ]);
    const [left] = await run(pair.to, ['SELECT count(*)::int AS n FROM pg_constraint WHERE condeferrable']);
    expect(left).toEqual({ n: 0 });
  });

  test('rules do not rewrite what comes back', async () => {
    const pair = await databases.pair(`
      CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE other (id int PRIMARY KEY);
      INSERT INTO t VALUES (1), (2);
      CREATE RULE away AS ON INSERT TO t DO INSTEAD INSERT INTO other VALUES (new.id)`);
    const { plan } = await expectBack(pair, ['t'], 'DELETE FROM t');
    expect(plan.tables[0]!.notes).toEqual(['rules do not apply, since COPY fires none: away']);
  });

  test('partitions, through the root or one by one, with the triggers of each', async () => {
    const sql = `
      CREATE TABLE log (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at); CREATE TABLE seen (id int);
      CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (id);
      CREATE TABLE log_1_a PARTITION OF log_1 FOR VALUES IN (1, 2, 3); CREATE TABLE log_1_b PARTITION OF log_1 DEFAULT;
      CREATE TABLE log_2 PARTITION OF log DEFAULT;
      INSERT INTO log SELECT i, '2025-06-01' FROM generate_series(1, 9) i; INSERT INTO log VALUES (1, '2024-01-01');
      CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen VALUES (NEW.id); RETURN NEW; END $$;
      CREATE TRIGGER see BEFORE INSERT ON log FOR EACH ROW EXECUTE FUNCTION see();
      CREATE TRIGGER own AFTER INSERT ON log_1_b FOR EACH ROW EXECUTE FUNCTION see();`;
    const pair = await databases.pair(sql);
    await expectBack(pair, ['log'], 'DELETE FROM log');
    await expectBack(pair, ['log_1_b', 'log_2'], 'DELETE FROM log_1_b; DELETE FROM log_2');
    await run(pair.to, ["INSERT INTO log VALUES (8, '2025-07-01')"]);
    expect(await run(pair.to, ['SELECT id FROM seen'])).toEqual([{ id: 8 }, { id: 8 }]);
  });

  test('a table that others inherit from brings theirs, even without a key', async () => {
    const pair = await databases.pair(`
      CREATE TABLE payment (id serial PRIMARY KEY, amount numeric(5,2)); CREATE TABLE payment_1 (CHECK (id < 100)) INHERITS (payment);
      INSERT INTO payment VALUES (500, 1); INSERT INTO payment_1 SELECT i, i / 3.0 FROM generate_series(1, 20) i`);
    const { plan } = await expectBack(pair, ['payment'], 'DELETE FROM payment WHERE id > 10');
    expect(plan.tables.map(({ table, key, toInsert }) => [table, key, toInsert])).toEqual([
      ['public.payment', ['id'], 1],
      ['public.payment_1', [], 10],
    ]);
  });

  test('names of any kind', async () => {
    const long = '注'.repeat(21);
    const names = [
      ['注文', '明細 2025'],
      ['public', 'Order'],
      ['public', 'a.b'],
      ['public', 'we"ird'],
      ['public', long],
    ] as const;
    const quoted = names.map((pair) => pair.map((name) => `"${name.replaceAll('"', '""')}"`).join('.'));
    const pair = await databases.pair(`CREATE SCHEMA "注文"; CREATE DOMAIN "bıgınt" AS bigint CHECK (VALUE > 0);
      ${quoted
        .map(
          (name) => `CREATE TABLE ${name} ("k e""y" text, "Zahl" "bıgınt", PRIMARY KEY ("Zahl", "k e""y"));
        INSERT INTO ${name} VALUES ('タブ	"''', 1), (E'\\\\N\\n', 9007199254740993)`,
        )
        .join(';')}`);
    await expectBack(pair, quoted, quoted.map((name) => `DELETE FROM ${name}`).join(';'));
  });

  test('values keep their text whatever the settings of roles and databases', async () => {
    const pair =
      await databases.pair(`CREATE TABLE t (id timestamptz PRIMARY KEY, i interval, f float8, b bytea, m money);
      INSERT INTO t VALUES ('2025-01-01T00:00:00.123456+09', '1 day 02:03:04.5', 0.1::float8 + 0.2, '\\xff00', 12.34), ('-infinity', '-1 mon', '-0', '', 0), ('infinity', NULL, 'NaN', NULL, NULL)`);
    const name = pair.to.split('/').at(-1);
    for (const setting of [
      "timezone = 'Asia/Tokyo'",
      "datestyle = 'German'",
      'extra_float_digits = 0',
      "intervalstyle = 'sql_standard'",
      "bytea_output = 'escape'",
    ])
      await databases.admin([`ALTER DATABASE ${name} SET ${setting}`]);
    await expectBack(pair, ['t'], 'DELETE FROM t');
  });

  test('a condition names the rows, and only these', async () => {
    const pair = await databases.pair(CUSTOMERS);
    await run(pair.to, ['DELETE FROM customer WHERE id <= 100']);
    const where = "customer.id > 90 AND email LIKE 'u%' -- all of them";
    const { plan, inserted } = await applyRows({ ...pair, tables: ['customer', 'public.customer'], where });
    expect(inserted).toEqual([{ table: 'public.customer', rows: 10 }]);
    expect(plan).toMatchObject({ where, tables: [{ rowsRestored: 1_410, rowsProduction: 1_400 }] });
  });
});
