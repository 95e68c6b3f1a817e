import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../fixtures/app/throwaway-postgres.ts';
import type { Catalogue } from '../../probes/catalogue/catalogue.ts';
import { findTable } from '../../probes/catalogue/find-table.ts';
import { identifyingKey } from '../../probes/catalogue/identifying-key.ts';
import { quoteTable } from '../../probes/catalogue/quote.ts';
import { readCatalogue } from '../../probes/catalogue/read-catalogue.ts';
import { asRole, TwoDatabases } from './rows/two-databases.ts';

let databases: TwoDatabases;
beforeAll(async () => {
  databases = await TwoDatabases.start();
});
afterAll(() => databases.stop());

/** As a role that may read nothing of it. */
async function catalogueOf(made: string): Promise<Catalogue> {
  const { to } = await databases.pair(made);
  const client = new pg.Client({ connectionString: asRole(to, 'stranger') });
  await client.connect();
  try {
    return await readCatalogue(client);
  } finally {
    await client.end();
  }
}

test('a catalogue tells what a database holds, to a role that may read nothing of it', async () => {
  await databases.admin(['CREATE ROLE stranger LOGIN']);
  const catalogue = await catalogueOf(`
    CREATE SCHEMA "注文"; CREATE TYPE mood AS ENUM ('low');
    CREATE SEQUENCE shared INCREMENT -2; CREATE SEQUENCE "it's ""late"""; CREATE SEQUENCE "注文".held;
    CREATE TABLE parent (a int, b text NOT NULL, "we""ird" mood, gone int, PRIMARY KEY (b, a), UNIQUE ("we""ird"));
    ALTER TABLE parent DROP COLUMN gone;
    CREATE UNIQUE INDEX positive ON parent (a) WHERE a > 0; CREATE UNIQUE INDEX lowered ON parent (lower(b));
    CREATE TABLE "注文"."明細 2025" (
      id int GENERATED ALWAYS AS IDENTITY, n numeric(12,0) DEFAULT 1, twice numeric GENERATED ALWAYS AS (n * 2) STORED,
      s bigserial, d int DEFAULT nextval('shared'), e int DEFAULT nextval('"it''s ""late"""'::text), h int,
      b text, a int, CHECK (n > 0), FOREIGN KEY (b, a) REFERENCES parent DEFERRABLE, UNIQUE NULLS NOT DISTINCT (n));
    ALTER SEQUENCE "注文".held OWNED BY "注文"."明細 2025".h;
    ALTER TABLE "注文"."明細 2025" ADD CONSTRAINT late CHECK (a > 0) NOT VALID, ENABLE ROW LEVEL SECURITY;
    CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER on_write BEFORE INSERT OR UPDATE ON parent FOR EACH ROW EXECUTE FUNCTION act();
    ALTER TABLE parent DISABLE TRIGGER on_write;
    CREATE RULE quiet AS ON DELETE TO parent DO INSTEAD NOTHING;
    CREATE TABLE part (id int) PARTITION BY LIST (id); CREATE TABLE part1 PARTITION OF part FOR VALUES IN (1);
    CREATE TABLE heir (x int) INHERITS (parent); CREATE VIEW seen AS SELECT 1`);
  expect(catalogue.tables.map(quoteTable)).toEqual([
    ...['"public"."heir"', '"public"."parent"', '"public"."part"', '"public"."part1"', '"注文"."明細 2025"'],
  ]);
  const parent = findTable(catalogue, 'parent');
  expect(parent).toMatchObject({
    ...{ kind: 'r', owner: 'facility_admin', inherits: [], rowSecurity: false },
    rules: [{ name: 'quiet', event: 'delete', enabled: 'O' }],
    triggers: [{ name: 'on_write', enabled: 'D', timing: 'before', row: true, onInsert: true, onUpdate: true }],
  });
  expect(parent.columns.map(({ name, type, notNull }) => [name, type, notNull])).toEqual([
    ['a', 'integer', true],
    ['b', 'text', true],
    ['we"ird', 'public.mood', false],
  ]);
  expect(parent.keys.map(({ columns, primary }) => ({ columns, primary }))).toEqual([
    { columns: ['b', 'a'], primary: true },
    { columns: ['we"ird'], primary: false },
  ]);
  expect(identifyingKey(parent)?.columns).toEqual(['b', 'a']);
  expect(findTable(catalogue, 'part1').partitionOf).toEqual({ schema: 'public', name: 'part' });
  expect(findTable(catalogue, 'part')).toMatchObject({ kind: 'p' });
  expect(findTable(catalogue, 'heir').inherits).toEqual([{ schema: 'public', name: 'parent' }]);

  const details = findTable(catalogue, '"注文"."明細 2025"');
  expect(details).toMatchObject({ rowSecurity: true, forceRowSecurity: false, unvalidated: ['late'] });
  expect(details.columns.slice(0, 3)).toMatchObject([
    { name: 'id', identity: 'a', hasDefault: false },
    { name: 'n', type: 'numeric(12,0)', hasDefault: true },
    { name: 'twice', generated: 's', hasDefault: false },
  ]);
  expect(identifyingKey(details)).toMatchObject({ columns: ['n'], nullsNotDistinct: true });
  expect(details.foreignKeys).toMatchObject([
    {
      ...{ columns: ['b', 'a'], referencedColumns: ['b', 'a'], deferrable: true },
      references: { schema: 'public', name: 'parent' },
    },
  ]);
  expect(details.sequences.map(({ column, sequence, increment }) => [column, sequence.name, increment])).toEqual([
    ...[
      ['id', '明細 2025_id_seq', 1n],
      ['s', '明細 2025_s_seq', 1n],
      ['d', 'shared', -2n],
    ],
    ...[
      ['e', 'it\'s "late"', 1n],
      ['h', 'held', 1n],
    ],
  ]);
});

// As Postgres cuts it, and says so in a notice only.
test('a name that Postgres cuts is the name that the refusal tells', async () => {
  const name = `x${'注'.repeat(21)}`;
  await databases.admin(['DO $$ BEGIN CREATE ROLE stranger LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$']);
  const { to } = await databases.pair(`CREATE TABLE "${name}" (id int)`);
  const [row] = await run(to, ["SELECT relname FROM pg_class WHERE relname LIKE 'x%'"]);
  const catalogue = await catalogueOf('SELECT');
  expect(() => findTable(catalogue, name)).toThrow(`cuts to 63: ${row!['relname']}`);
});
