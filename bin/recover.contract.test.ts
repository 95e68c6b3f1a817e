import { spawn } from 'node:child_process';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RowsOutcome, RowsPlan } from '../drills/procedures/rows/rows-plan.ts';
import { TwoDatabases } from '../drills/procedures/rows/two-databases.ts';
import { run } from '../fixtures/app/throwaway-postgres.ts';
import { machineClock } from '../probes/clock.ts';
import { KUNREN, kunren } from './run-kunren.ts';

let databases: TwoDatabases;
beforeAll(async () => {
  databases = await TwoDatabases.start();
});
afterAll(() => databases.stop());

const SQL = `CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t SELECT i, 'row ' || i FROM generate_series(1, 9) i;
  CREATE TABLE u (id int); INSERT INTO u VALUES (1), (1)`;

const recover = (pair: { from: string; to: string }, ...more: string[]) =>
  kunren(['recover', 'rows', '--from', pair.from, '--to', pair.to, ...more]);

test('a plan is shown, then done; the second time there is nothing to do', async () => {
  const pair = await databases.pair(SQL);
  await run(pair.to, ['DELETE FROM t WHERE id > 4']);
  const plan = await recover(pair, '--table', 't');
  expect(plan).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('missing: 5; to insert: 5') });
  const asked = await recover(pair, '--table', 't', '--plan', '--json', '--where', 'id < 7');
  expect((JSON.parse(asked.stdout) as RowsPlan).tables[0]).toMatchObject({ table: 'public.t', toInsert: 2 });
  expect(await run(pair.to, ['SELECT count(*)::int AS n FROM t'])).toEqual([{ n: 4 }]);
  const done = await recover(pair, '--table', 't', '--apply', '--json');
  expect((JSON.parse(done.stdout) as RowsOutcome).inserted).toEqual([{ table: 'public.t', rows: 5 }]);
  expect(await run(pair.to, ['SELECT count(*)::int AS n FROM t'])).toEqual([{ n: 9 }]);
  const again = await recover(pair, '--table', 't', '--apply');
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to insert: nothing was changed.') });
});

test('rows that are left alone end with 1, a refusal with 3 and one line', async () => {
  const pair = await databases.pair(SQL);
  await run(pair.to, ["UPDATE t SET a = 'new' WHERE id = 1; DELETE FROM u WHERE ctid = '(0,1)'"]);
  const left = await recover(pair, '--table', 't', '--apply');
  expect(left).toMatchObject({ code: 1, stderr: '', stdout: expect.stringContaining('production: id="1" a="new"') });
  const refused = await recover(pair, '--table', 'u', '--apply');
  expect(refused).toMatchObject({ code: 3, stdout: expect.stringMatching(/Refused: nothing was changed\.\n$/) });
  expect(refused.stderr).toMatch(/^kunren: public\.u has no key[^\n]* Remedy: [^\n]* \[rows-ambiguous\]\n$/);
});

test.each([
  { args: ['--table', 'tt'], says: /no table tt\. Remedy: .*\[table-missing\]/ },
  { args: ['--table', 't', '--plan', '--apply'], says: /--plan and --apply exclude each other/ },
  { args: [], says: /--table <name>' not specified/ },
])('$args is refused in one line', async ({ args, says }) => {
  const ended = await recover(await databases.pair(SQL), ...args);
  expect(ended).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(/^kunren: [^\n]*\n$/) });
  expect(ended.stderr).toMatch(says);
});

test('Ctrl-C half-way ends with 130 and nothing changed', async () => {
  const pair = await databases.pair(SQL);
  await run(pair.to, ['DELETE FROM t']);
  const user = new pg.Client({ connectionString: pair.to });
  await user.connect();
  await user.query("BEGIN; INSERT INTO t VALUES (5, 'mine')");
  const args = ['recover', 'rows', '--from', pair.from, '--to', pair.to, '--table', 't', '--apply'];
  const child = spawn(process.execPath, [KUNREN, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const waits =
    "SELECT 1 FROM pg_stat_activity WHERE application_name = 'kunren recover rows' AND wait_event_type = 'Lock'";
  while ((await databases.admin([waits])).length === 0) await machineClock.sleep(5);
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(stderr).toMatch(/^kunren: It was interrupted\. Nothing was changed\. Remedy: [^\n]* \[interrupted\]\n$/);
  await user.query('ROLLBACK');
  await user.end();
  while ((await databases.admin([waits])).length > 0) await machineClock.sleep(5);
  expect(await run(pair.to, ['SELECT FROM t'])).toEqual([]);
});
