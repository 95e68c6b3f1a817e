import { readFileSync } from 'node:fs';
import type { StartedPostgreSqlContainer } from '@testcontainers/postgresql';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../../probes/core/ledger.ts';
import { compareTables } from '../../probes/integrity/compare-tables.ts';
import { explainDifferences } from '../../probes/integrity/core/differences.ts';
import { driftText, findDrift } from '../../probes/integrity/drift.ts';
import { wholeTables, withSides } from '../../probes/integrity/side.ts';
import { findUnsound } from '../../probes/integrity/unsound.ts';
import { canarySides, judgeSides } from '../procedures/core/canary-sides.ts';
import { applyRows, planRows } from '../procedures/rows/recover-rows.ts';
import { archiveSoFar, startArchiving, startRecovered, takeBaseBackup } from './archiving-postgres.ts';
import { engineMissing } from './container-engine.ts';

// The same recovery as on the twin, and by the same procedures, on servers that no one here had a hand in.

/** One image or several, with commas between. */
const IMAGES = (process.env['KUNREN_POSTGRES_IMAGE'] ?? 'postgres:18').split(',');
const ENGINE_MS_MAX = 5_000;
/** Of one step: an image may have to be pulled. */
const STEP_MS_MAX = 180_000;
const CANARIES_EACH_SIDE = 10;

const missing = await engineMissing(ENGINE_MS_MAX);
if (missing !== undefined && process.env['KUNREN_REQUIRE_CONTAINERS'] === '1')
  throw new Error(`${missing}, and KUNREN_REQUIRE_CONTAINERS=1 asks for one.`);
if (missing !== undefined) console.log(`skipped: ${missing}`);

const sqlOf = (file: string): string =>
  readFileSync(new URL(`../../fixtures/app/data/${file}`, import.meta.url), 'utf8');

/** An ordinary role that owns what it writes, as an application's. */
const ROLE = 'facility_admin';
const PASSWORD = 'of-a-test';
const urlOf = (server: StartedPostgreSqlContainer): string =>
  `postgres://${ROLE}:${PASSWORD}@${server.getHost()}:${server.getPort()}/${server.getDatabase()}`;

describe.each(IMAGES)('in containers of %s', (image) => {
  const servers: StartedPostgreSqlContainer[] = [];
  const clients: pg.Client[] = [];
  const ledger: LedgerEntry[] = [];
  let production: StartedPostgreSqlContainer;
  let restored: StartedPostgreSqlContainer;
  let writer: pg.Client;
  let restoreTime: ServerTime;
  let tooLate: ServerTime;
  let deleted: number;

  const started = async (server: Promise<StartedPostgreSqlContainer>): Promise<StartedPostgreSqlContainer> => {
    servers.push(await server);
    return server;
  };
  const connected = async (url: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    client.on('error', () => {}); // The server is ended before its clients are.
    clients.push(client);
    await client.connect();
    return client;
  };

  beforeAll(async () => {
    if (missing !== undefined) return;
    production = await started(startArchiving(image));
    const admin = await connected(production.getConnectionUri());
    await admin.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD '${PASSWORD}'; GRANT CREATE ON SCHEMA public TO ${ROLE}`);
    writer = await connected(urlOf(production));
    await writer.query(sqlOf('schema.sql'));
    await writer.query(sqlOf('rows.sql'));
    await takeBaseBackup(production);

    await writeCanaries(writer, ledger);
    restoreTime = await serverTime(writer);
    deleted = (await writer.query("DELETE FROM orders WHERE status = 'cancelled'")).rowCount ?? 0;
    await writeCanaries(writer, ledger);
    await writer.query("UPDATE orders SET title = 'changed since' WHERE id = 2");
    tooLate = await serverTime(writer);
    await archiveSoFar(admin);
    restored = await started(startRecovered(production, image, restoreTime.text));
  }, STEP_MS_MAX);

  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()));
    await Promise.all(servers.map((server) => server.stop()));
  }, STEP_MS_MAX);

  beforeEach(({ skip }) => skip(missing !== undefined, missing));

  test('the state just before the deletion is back, and nothing later', async () => {
    expect(deleted).toBeGreaterThan(0);
    const found = await connected(urlOf(restored));
    const cancelled = await found.query("SELECT 1 FROM orders WHERE status = 'cancelled'");
    expect(cancelled.rowCount).toBe(deleted);
    expect(judgeSides(canarySides(ledger, restoreTime.ms), await canariesIn(found))).toEqual({
      outcome: 'yes',
      seen: '10 of 10 canaries from before the restore time are there, 0 of 10 from after it',
    });
  });

  test('a restore that comes too late is told from a right one', { timeout: STEP_MS_MAX }, async () => {
    const late = await started(startRecovered(production, image, tooLate.text));
    const found = await connected(urlOf(late));
    expect(judgeSides(canarySides(ledger, restoreTime.ms), await canariesIn(found)).outcome).toBe('no');
    const [plan] = (await planRows({ from: urlOf(late), to: urlOf(production), tables: ['orders'] })).tables;
    expect(plan).toMatchObject({ missing: 0, toInsert: 0 });
  });

  test('what differs is the deletion and what was written since, and nothing else', async () => {
    expect(await differences(urlOf(restored), urlOf(production))).toEqual([
      `public.orders: production lacks ${deleted} rows`,
      `public.orders: ${CANARIES_EACH_SIDE} rows written since`,
      'public.orders: other content in 1 row (id=2 in title)',
    ]);
  });

  test('the deleted rows come back, once, and what was written since stays as it is', async () => {
    const request = { from: urlOf(restored), to: urlOf(production), tables: ['orders'] };
    const first = await applyRows(request);
    expect(first.plan.refusals).toEqual([]);
    // The row that was changed since is left alone, and told.
    expect(first.plan.tables[0]).toMatchObject({ toInsert: deleted, conflicts: 1, orphans: 0 });
    expect(first.inserted).toEqual([{ table: 'public.orders', rows: deleted }]);
    expect((await applyRows(request)).inserted).toEqual([]);

    const changed = await writer.query('SELECT title FROM orders WHERE id = 2');
    expect(changed.rows).toEqual([{ title: 'changed since' }]);
    expect(await canariesIn(writer)).toHaveLength(2 * CANARIES_EACH_SIDE);
    expect(await differences(urlOf(restored), urlOf(production))).toEqual([
      `public.orders: ${CANARIES_EACH_SIDE} rows written since`,
      'public.orders: other content in 1 row (id=2 in title)',
    ]);
  });
});

/** All that differs in rows, schema, roles and settings, and what is unsound on either side. */
const differences = (restored: string, production: string): Promise<string[]> =>
  withSides(
    { left: { url: restored, name: 'restored' }, right: { url: production, name: 'production' } },
    async (left, right) => {
      const tables = await wholeTables(right);
      expect(tables).toHaveLength((await wholeTables(left)).length);
      const compared = await compareTables(left, right, tables);
      expect(compared.every(({ equality, keyed }) => equality === 'typed' && keyed)).toBe(true);
      const { intended, unintended } = explainDifferences(compared, { volatile: [], deletedFrom: 'public.orders' });
      const drift = (await findDrift(left, right)).map(driftText);
      return [...intended, ...unintended, ...drift, ...(await findUnsound(left)), ...(await findUnsound(right))];
    },
  );

/** An instant by the server's own clock, which its commits carry too. */
interface ServerTime {
  readonly text: string;
  readonly ms: number;
}

async function serverTime(client: pg.Client): Promise<ServerTime> {
  const { rows } = await client.query<ServerTime>(
    'SELECT at::text AS text, extract(epoch FROM at)::float8 * 1000 AS ms FROM clock_timestamp() AS at',
  );
  return rows[0]!;
}

async function writeCanaries(client: pg.Client, ledger: LedgerEntry[]): Promise<void> {
  for (let written = 0; written < CANARIES_EACH_SIDE; written++) {
    const n = ledger.length / 2;
    const reference = `canary-${n}`;
    ledger.push({ n, reference, state: 'intended', atMs: (await serverTime(client)).ms });
    await client.query("INSERT INTO orders (facility_id, reference, title) VALUES (1, $1, 'canary')", [reference]);
    ledger.push({ n, state: 'acknowledged', atMs: (await serverTime(client)).ms });
  }
}

async function canariesIn(client: pg.Client): Promise<number[]> {
  const { rows } = await client.query<{ reference: string }>(
    "SELECT reference FROM orders WHERE reference LIKE 'canary-%'",
  );
  return rows.map(({ reference }) => Number(reference.slice('canary-'.length)));
}
