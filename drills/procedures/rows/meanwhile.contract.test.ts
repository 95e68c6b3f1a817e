import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../../fixtures/app/throwaway-postgres.ts';
import { machineClock } from '../../../probes/clock.ts';
import type { KunrenError } from '../../../probes/core/error.ts';
import { applyRows, planRows } from './recover-rows.ts';
import { type Pair, TwoDatabases } from './two-databases.ts';

let databases: TwoDatabases;
beforeAll(async () => {
  databases = await TwoDatabases.start();
});
afterAll(() => databases.stop());

const T = 'CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2);';

describe('while a user holds a row that is to come back', () => {
  const UNIQUE =
    'CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY REFERENCES t, a text UNIQUE);';
  let pair: Pair;
  let user: pg.Client;
  /** A merge that has filled `t` and waits in `u` for the user's row. */
  let waiting: Promise<string[]>;
  let interrupt: AbortController;

  beforeEach(async () => {
    pair = await databases.pair(
      `${UNIQUE} INSERT INTO t VALUES (1), (2), (3); INSERT INTO u VALUES (1, 'x'), (2, 'y')`,
    );
    await run(pair.to, ['DELETE FROM u; DELETE FROM t WHERE id < 3']);
    user = new pg.Client({ connectionString: pair.to });
    await user.connect();
    await user.query("BEGIN; INSERT INTO u VALUES (3, 'x')");
    interrupt = new AbortController();
    waiting = applyRows({ ...pair, tables: ['t', 'u'], signal: interrupt.signal }).then(
      () => ['applied'],
      (error: KunrenError) => [error.code, error.message],
    );
    while ((await backends("wait_event_type = 'Lock'")).length === 0) await machineClock.sleep(5);
    return async () => {
      await user.end();
      expect(await backends('true')).toEqual([]);
    };
  });

  const backends = (condition: string) =>
    databases.admin([
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'kunren recover rows' AND datname = '${pair.to.split('/').at(-1)}' AND ${condition}`,
    ]);

  async function expectUnchanged(): Promise<void> {
    while ((await backends('true')).length > 0) await machineClock.sleep(5);
    expect(await run(pair.to, ['SELECT id FROM t'])).toEqual([{ id: 3 }]);
  }

  test('a connection that is lost leaves nothing half done', async () => {
    await databases.admin([`SELECT pg_terminate_backend(${(await backends("wait_event_type = 'Lock'"))[0]!['pid']})`]);
    expect(await waiting).toEqual([
      'connection-lost',
      expect.stringMatching(/^Production: .*Nothing was changed\. Remedy: [^\n]*$/),
    ]);
    await expectUnchanged();
  });

  test('a restored database that is lost leaves nothing half done', async () => {
    await databases.admin([
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${pair.from.split('/').at(-1)}'`,
    ]);
    await user.query('ROLLBACK');
    expect(await waiting).toEqual([
      'connection-lost',
      expect.stringMatching(/^The restored database: .*Nothing was changed\. Remedy: [^\n]*$/),
    ]);
    await expectUnchanged();
  });

  test('an interrupt leaves nothing half done', async () => {
    interrupt.abort();
    expect(await waiting).toEqual(['interrupted', expect.stringContaining('Nothing was changed')]);
    await user.query('ROLLBACK');
    await expectUnchanged();
  });

  test('a second operator is told, and does nothing', async () => {
    await expect(applyRows({ ...pair, tables: ['u'] })).rejects.toThrow(
      expect.objectContaining({ code: 'another-operator' }),
    );
    await user.query('ROLLBACK');
    expect(await waiting).toEqual(['applied']);
    while ((await backends('true')).length > 0) await machineClock.sleep(5);
  });

  test("the user's row, once committed, is never overwritten", async () => {
    await user.query('COMMIT');
    expect(await waiting).toEqual(['target-changed', expect.stringContaining('Key (a)=(x) already exists')]);
    await expectUnchanged();
    expect((await applyRows({ ...pair, tables: ['t', 'u'] })).plan.tables[1]).toMatchObject({
      toInsert: 1,
      conflicts: 1,
    });
    while ((await backends('true')).length > 0) await machineClock.sleep(5);
  });
});

test('a table that is altered meanwhile is noticed', async () => {
  const pair = await databases.pair(T);
  await run(pair.to, ['DELETE FROM t']);
  const other = new pg.Client({ connectionString: pair.to });
  await other.connect();
  await other.query('BEGIN; LOCK TABLE t IN SHARE MODE');
  const ended = applyRows({ ...pair, tables: ['t'] });
  const refused = expect(ended).rejects.toThrow(expect.objectContaining({ code: 'target-changed' }));
  const waits =
    "SELECT 1 FROM pg_stat_activity WHERE application_name = 'kunren recover rows' AND wait_event_type = 'Lock'";
  while ((await databases.admin([waits])).length === 0) await machineClock.sleep(5);
  await other.query('CREATE RULE r AS ON INSERT TO t DO NOTHING; COMMIT');
  await other.end();
  await refused;
  expect(await run(pair.to, ['SELECT FROM t'])).toEqual([]);
});

test('a replica is refused', async () => {
  const { from, to } = await databases.pair(T);
  await databases.becomeReplica();
  for (const act of [planRows, applyRows])
    await expect(act({ from, to, tables: ['t'] })).rejects.toThrow(
      expect.objectContaining({ code: 'target-is-replica' }),
    );
});
