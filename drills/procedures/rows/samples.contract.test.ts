import { existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../../fixtures/app/throwaway-postgres.ts';
import { applyRows } from './recover-rows.ts';
import { Session } from './session.ts';
import { asRole, contentsOf, TwoDatabases } from './two-databases.ts';

// Two sample databases that others have published, in a folder that KUNREN_SAMPLES names: tables with cycles of foreign keys,
// rules, triggers, sequences, inheritance and references to themselves.
const folder = process.env['KUNREN_SAMPLES'];
const FILES = ['sakila-schema.sql', 'sakila-data.sql', 'chinook.sql'];
const absent = FILES.filter((name) => !existsSync(`${folder}/${name}`));
const missing =
  folder === undefined ? 'KUNREN_SAMPLES names no folder' : absent.length > 0 && `${folder} lacks ${absent.join(', ')}`;
if (missing) process.stderr.write(`skipped: no sample databases (${missing})\n`);

let databases: TwoDatabases;
beforeAll(async () => {
  databases = await TwoDatabases.start();
});
afterAll(() => databases.stop());

const read = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8');

/** Lines for psql, and what names roles that are not ours. */
const FOREIGN =
  /^(ALTER .* OWNER TO|REVOKE|GRANT|ALTER PROCEDURAL|COMMENT ON|CREATE OR REPLACE PROCEDURAL|DROP DATABASE|CREATE DATABASE|\\c) ?.*$/gm;
const COPIED = /^COPY (.*) FROM stdin;\n([\s\S]*?)^\\\.\n/gm;

const chinook = (url: string): Promise<unknown> => run(url, [read('chinook.sql').replaceAll(FOREIGN, '')]);

/** As pg_dump wrote it: data goes in while all triggers rest, which only a superuser may demand. */
async function sakila(url: string): Promise<void> {
  const session = await Session.open(asRole(url, 'postgres'), 'production');
  try {
    await session.query('SET ROLE facility_admin');
    await session.query(read('sakila-schema.sql').replaceAll(FOREIGN, ''));
    await session.query('RESET ROLE');
    const data = read('sakila-data.sql');
    for (const [, target, lines] of data.matchAll(COPIED)) {
      const table = target!.split(' ')[0]!;
      await session.query(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
      await session.copyIn(target!, Readable.from([Buffer.from(lines!)]));
      await session.query(`ALTER TABLE ${table} ENABLE TRIGGER ALL`);
    }
    await session.query(data.match(/^SELECT pg_catalog.setval.*;$/gm)!.join('\n'));
    // Two thirds of the payments into the years of the tables that inherit, as its rules would have put them.
    await session.query('UPDATE ONLY payment SET payment_date = payment_date + $1::interval WHERE payment_id % 3 > 0', [
      '20 months',
    ]);
    for (const month of [1, 2, 3, 4])
      await session.query(`WITH moved AS (DELETE FROM ONLY payment WHERE to_char(payment_date, 'YYYY-MM') = '2007-0${month}' RETURNING *)
        INSERT INTO payment_p2007_0${month} SELECT * FROM moved`);
  } finally {
    session.close();
  }
}

test.skipIf(missing).for([
  {
    name: 'sakila: staff and store, which refer to each other, with all that refers to them',
    load: sakila,
    tables: ['staff', 'store', 'customer', 'inventory', 'rental', 'payment'],
    destroy: 'TRUNCATE staff, store CASCADE',
  },
  {
    name: 'sakila: payments, which rules send to tables that inherit',
    load: sakila,
    tables: ['payment'],
    destroy:
      "DELETE FROM payment WHERE payment_date > '2006-01-01' AND payment_date < '2007-03-15'; SELECT setval('payment_payment_id_seq', 5)",
  },
  {
    name: 'sakila: films, whose triggers write two of their columns',
    load: sakila,
    tables: ['film_actor', 'film', 'film_category', 'inventory', 'rental', 'payment', 'language'],
    destroy: 'TRUNCATE language, film CASCADE',
  },
  {
    name: 'chinook: employees, who report to each other, and what they have sold',
    load: chinook,
    tables: ['invoice_line', 'employee', 'invoice', 'customer'],
    destroy: 'TRUNCATE employee CASCADE',
  },
  {
    name: 'chinook: every album with its tracks',
    load: chinook,
    tables: ['playlist_track', 'album', 'track', 'invoice_line'],
    destroy: 'TRUNCATE album CASCADE',
  },
])('$name', async ({ load, tables, destroy }) => {
  const pair = await databases.pair(async (url) => void (await load(url)));
  const before = await contentsOf(pair.to);
  await run(pair.to, [destroy]);
  expect(await contentsOf(pair.to)).not.toEqual(before);
  const { plan, inserted } = await applyRows({ ...pair, tables });
  expect(plan.refusals).toEqual([]);
  expect(plan.tables.filter(({ conflicts, orphans }) => conflicts + orphans > 0)).toEqual([]);
  expect(inserted.length).toBeGreaterThan(0);
  expect(await contentsOf(pair.to)).toEqual(before);
  expect((await applyRows({ ...pair, tables })).inserted).toEqual([]);
});
