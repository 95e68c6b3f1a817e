import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RDSClient } from '@aws-sdk/client-rds';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../fixtures/core/until.ts';
import { askTwin, twinClientSettings } from '../fixtures/stages/twin.ts';
import system from '../kunren.config.ts';
import { machineClock } from '../probes/clock.ts';
import { done, Operator } from './operator.ts';
import { type Ended, kunren, testFolder } from './run-kunren.ts';

// Scenario 3 and drills 1 and 2 of the runbook by its own commands, with names and times filled in, run by the
// unmodified AWS CLI, psql and pg_dump. Where it is wrong the twin answers as AWS does, and the corrected command
// succeeds: docs/findings-on-the-runbook.md. The stories run beside each other: the CLI's waiters look every 30 s.

const awsCli = process.env['KUNREN_AWS_CLI'] ?? 'aws';
const client = process.env['KUNREN_PG_CLIENT'];
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const PROD = 'facility-prod-db';
const GROUP = 'sg-0f1e2d3c4b5a69788';
const GROUPS = `--vpc-security-group-ids ${GROUP} --db-subnet-group-name facility-prod-db-subnet-group`;
const PARAMETERS = '--db-parameter-group-name facility-prod-postgres18';
const ORDERS_LEFT = "SELECT count(*) FROM orders WHERE status = 'ordered'";

const missing = whatIsMissing();
if (missing !== undefined && process.env['KUNREN_REQUIRE_PG_CLIENT'] === '1')
  throw new Error(`${missing}, and KUNREN_REQUIRE_PG_CLIENT=1 asks for it.`);
if (missing !== undefined) process.stderr.write(`skipped: ${missing}\n`);

function whatIsMissing(): string | undefined {
  if (spawnSync(awsCli, ['--version']).status !== 0) return 'the AWS CLI is not installed (set KUNREN_AWS_CLI)';
  if (client === undefined) return 'no psql and pg_dump 18 (set KUNREN_PG_CLIENT; see .ci/postgres-client.sh)';
  if (spawnSync(join(client, 'bin/pg_dump'), ['--version']).status !== 0) return `there is no pg_dump in ${client}/bin`;
  return undefined;
}

interface Up {
  readonly endpoint: string;
  readonly databaseUrl: string;
  readonly hosts: { readonly [host: string]: { readonly address: string; readonly port: number } };
}

let home: string;
let env: { [name: string]: string };
let twin: Up;
let operator: Operator;

describe.skipIf(missing !== undefined)("the runbook's commands for data", { timeout: 240_000 }, () => {
  beforeAll(async () => {
    home = testFolder();
    env = { KUNREN_HOME: join(home, 'stages') };
    done(await kunren(['stage', 'up', '--config', slowSnapshots()], env));
    twin = JSON.parse(done(await kunren(['stage', 'status', '--json'], env))) as Up;
    const region = system.regions.primary;
    const rds = new RDSClient(twinClientSettings(twin.endpoint, region));
    operator = new Operator({ ...twin, awsCli, postgresClient: join(client!, 'bin'), home, region, rds });
    // Now is 70 minutes after MID, which is 12 hours after OLD.
    await place('OLD');
    await age(12 * HOUR_MS);
    await place('MID');
    await age(70 * MINUTE_MS);
  });
  afterAll(async () => {
    const down = await kunren(['stage', 'down'], env);
    rmSync(home, { recursive: true, force: true });
    expect(down.code).toBe(0);
  });

  test.concurrent('scenario 3 finds the deletion, restores to just before it, and brings the rows back', async () => {
    const deletedAtMs = await deleteByMistake();
    const [early, before] = [`${PROD}-pitr-1230`, `${PROD}-pitr-before`];
    await refusesTheTimeWithoutZone(early, deletedAtMs);
    done(await restoreTo(early, `${japan(deletedAtMs - 5 * MINUTE_MS)}+09:00`, GROUPS, PARAMETERS));
    // The log line is written after the commit, and RDS takes whole seconds.
    await operator.restorable(PROD, deletedAtMs);
    done(await restoreTo(before, `${japan(deletedAtMs - 1_000)}+09:00`, GROUPS, PARAMETERS));
    done(await operator.aws(`rds wait db-instance-available --db-instance-identifier ${early}`));
    expect(await operator.value(early, LATE)).toBe('0');
    await operator.available(before);
    expect(await operator.value(before, LATE)).toBe('1');
    await importsNothingAndMovesTheSequence(before);
    await bringsRowsBack(before);
    await deleteInstances(early, before);
  });

  test.concurrent('drill 1 waits for its snapshot before it restores it', async () => {
    const [drill, snapshot] = [`${PROD}-drill`, `${PROD}-drill-20251025`];
    const create = `rds create-db-snapshot --db-instance-identifier ${PROD} --db-snapshot-identifier ${snapshot}`;
    const restore = `rds restore-db-instance-from-db-snapshot --db-instance-identifier ${drill} --db-snapshot-identifier ${snapshot} ${GROUPS}`;
    done(await operator.aws(create));
    expect(refusal(await operator.aws(restore))).toContain('(InvalidDBSnapshotState)');
    expect(refusal(await operator.aws(create))).toContain('(DBSnapshotAlreadyExists)');
    await isNotThere(drill);

    done(await operator.aws(`rds wait db-snapshot-available --db-snapshot-identifier ${snapshot}`));
    const { DBInstance } = JSON.parse(done(await operator.aws(`${restore} ${PARAMETERS}`)));
    // Without a wait there is no host yet that psql could connect to.
    expect(DBInstance).toMatchObject({ DBInstanceStatus: 'creating' });
    expect(DBInstance).not.toHaveProperty('Endpoint');
    await operator.available(drill);
    expect(Number(await operator.value(drill, 'SELECT COUNT(*) FROM orders'))).toBeGreaterThan(4_000);
    await deleteInstances(drill);
    // What the drill made is not all gone.
    const kept = `rds describe-db-snapshots --db-snapshot-identifier ${snapshot} --query DBSnapshots[0].Status`;
    expect(done(await operator.aws(kept))).toContain('available');
    done(await operator.aws(`rds delete-db-snapshot --db-snapshot-identifier ${snapshot}`));
  });

  test.concurrent('drill 2 names the zone of its time, and lets its clients in', async () => {
    const drill = `${PROD}-pitr-drill`;
    const hourAgoMs = Date.now() - HOUR_MS;
    // A time without an offset is UTC to the AWS CLI, whatever the zone of the shell: right after `date -u` only.
    expect(refusal(await restoreTo(drill, japan(hourAgoMs)))).toMatch(TOO_LATE);
    done(await restoreTo(drill, utc(hourAgoMs)));
    done(await operator.aws(`rds wait db-instance-available --db-instance-identifier ${drill}`));

    // In the default security group nobody is let in: nothing answers.
    const hanging = await operator.psql(drill, ['-c', 'SELECT MAX(created_at) FROM orders']);
    expect(hanging).toMatchObject({ code: 2, stderr: expect.stringContaining('timeout expired') });
    done(
      await operator.aws(`rds modify-db-instance --db-instance-identifier ${drill} --vpc-security-group-ids ${GROUP}`),
    );
    expect(await operator.value(drill, KNOWN)).toBe('OLD MID');
    // In the default parameter group the same statement means another day.
    expect([await operator.value(drill, 'SHOW timezone'), await operator.value(PROD, 'SHOW timezone')]).toEqual([
      'UTC',
      'Asia/Tokyo',
    ]);
    await deleteInstances(drill);

    // Nobody needs backups of a database that lives for an hour.
    done(await restoreTo(drill, `${utc(hourAgoMs)}Z`, GROUPS, PARAMETERS, '--backup-retention-period 0'));
    await operator.available(drill);
    expect(await operator.value(drill, KNOWN)).toBe('OLD MID');
    expect(await operator.value(drill, 'SHOW timezone')).toBe('Asia/Tokyo');
    await deleteInstances(drill);
  });

  test.concurrent.each([
    {
      name: 'a master user called admin',
      command: `rds create-db-instance --db-instance-identifier new --engine postgres --db-instance-class db.t4g.medium --allocated-storage 20 --master-username admin --master-user-password of-a-test`,
      says: /\(InvalidParameterValue\).*MasterUsername admin cannot be used as it is a reserved word used by the engine/,
    },
    {
      name: 'a value after a switch (scenario 4)',
      command:
        'rds restore-db-instance-from-db-snapshot --db-instance-identifier new --db-snapshot-identifier any --publicly-accessible false',
      says: /Unknown options: false/,
    },
  ])('$name is refused', async ({ command, says }) => {
    expect(refusal(await operator.aws(command))).toMatch(says);
  });

  test.concurrent('psql as admin finds no such user', async () => {
    const { code, stderr } = await operator.psql(PROD, ['-c', 'SELECT 1'], 'admin');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('authentication failed for user "admin"'),
    });
  });
});

const TOO_LATE = /\(InvalidParameterValue\).*cannot be restored to a time later than/;
const LATE = "SELECT count(*) FROM orders WHERE reference = 'LATE'";
const KNOWN = "SELECT string_agg(reference, ' ' ORDER BY id) FROM orders WHERE reference IN ('OLD', 'MID', 'LATE')";

/** What was asked for and not begun is deleted, as the runbook's step 1 finds it. Resolves to when. */
async function deleteByMistake(): Promise<number> {
  await place('LATE', 'ordered');
  await place('NOTE', 'received', 'DELETE nothing FROM these orders');
  // So that a whole second lies between the last order and its deletion.
  await machineClock.sleep(2_500);
  expect(await serve('DELETE', '/orders?status=ordered')).toBe(200);
  const found = async (pattern: string): Promise<{ timestamp: number; message: string }[]> => {
    const search = 'logs filter-log-events --log-group-name /ecs/staff-api --filter-pattern';
    return JSON.parse(done(await operator.aws(search, pattern))).events;
  };
  // Without quotation marks each word counts by itself, so that the note is found too.
  const wait = { name: 'both lines', limitMs: 20_000, everyMs: 100, remedy: 'look at the log group.' };
  await until(machineClock, wait, async () => ((await found('DELETE FROM orders')).length === 2 ? true : undefined));
  const events = await found('"DELETE FROM orders"');
  expect(events.map(({ message }) => JSON.parse(message).method)).toEqual(['DELETE']);
  // The users go on meanwhile; 32 values of a sequence may be lost in a recovery (PostgreSQL logs so many ahead).
  for (let n = 0; n < 40; n++) await place(`AFTER-${n}`);
  return events[0]!.timestamp;
}

/** 12:30 in Japan is no 12:30Z, which is still to come: nothing is made. */
async function refusesTheTimeWithoutZone(target: string, deletedAtMs: number): Promise<void> {
  const asWritten = await restoreTo(target, `${japan(deletedAtMs - 5 * MINUTE_MS)}Z`, GROUPS);
  expect(refusal(asWritten)).toMatch(TOO_LATE);
  await isNotThere(target);
}

/** psql says that all is well; no row is back, and the sequence has gone back: users' next orders fail. */
async function importsNothingAndMovesTheSequence(restored: string): Promise<void> {
  done(await operator.pgDump(restored, ['-t', 'orders', '--data-only', '-f', 'recovered_data.sql']));
  const imported = await operator.psql(PROD, ['-f', 'recovered_data.sql']);
  expect(imported.stderr).toContain('duplicate key value violates unique constraint "orders_pkey"');
  expect(imported.code).toBe(0);
  expect(await operator.value(PROD, ORDERS_LEFT)).toBe('0');
  expect(await operator.value(PROD, 'SELECT last_value < (SELECT max(id) FROM orders) FROM orders_id_seq')).toBe('t');
  expect(await serve('POST', '/orders', { facilityId: 1, title: '修繕', reference: 'REFUSED' })).toBe(409);
  // Once set right, an import that stops at its first error says so and leaves the sequence alone.
  done(await operator.psql(PROD, ['-c', "SELECT setval('orders_id_seq', max(id)) FROM orders"]));
  const stopping = ['--single-transaction', '-v', 'ON_ERROR_STOP=1', '-f', 'recovered_data.sql'];
  const stopped = await operator.psql(PROD, stopping);
  expect(stopped).toMatchObject({ code: 3, stderr: expect.stringContaining('duplicate key') });
  await place('SET RIGHT');
}

async function bringsRowsBack(restored: string): Promise<void> {
  const rows = ['recover', 'rows', '--from', await operator.urlOf(restored), '--to', await operator.urlOf(PROD)];
  done(await kunren([...rows, '--table', 'public.orders', '--plan'], env));
  expect(await operator.value(PROD, ORDERS_LEFT)).toBe('0');
  done(await kunren([...rows, '--table', 'public.orders', '--apply'], env));
  const content = "SELECT count(*), md5(string_agg(o::text, ',' ORDER BY id)) FROM orders o WHERE status = 'ordered'";
  expect(await operator.value(PROD, content)).toBe(await operator.value(restored, content));
  expect(done(await kunren([...rows, '--table', 'public.orders', '--plan'], env))).toContain('to insert: 0');
  await place('NEXT');
}

async function deleteInstances(...instances: string[]): Promise<void> {
  for (const instance of instances)
    done(await operator.aws(`rds delete-db-instance --db-instance-identifier ${instance} --skip-final-snapshot`));
  for (const instance of instances) await operator.gone(instance);
}

const restoreTo = (target: string, time: string, ...more: string[]): Promise<Ended> =>
  operator.aws(
    `rds restore-db-instance-to-point-in-time --source-db-instance-identifier ${PROD} --target-db-instance-identifier ${target} --restore-time ${time}`,
    ...more.flatMap((words) => words.split(' ')),
  );

const isNotThere = async (instance: string): Promise<void> =>
  expect(refusal(await operator.aws(`rds describe-db-instances --db-instance-identifier ${instance}`))).toContain(
    '(DBInstanceNotFound)',
  );

/** What a clock on the wall shows, without its zone. */
const japan = (atMs: number): string => utc(atMs + 9 * HOUR_MS);
const utc = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19);

/** What a command was refused with. */
const refusal = ({ code, stderr }: Ended): string => (code === 0 ? 'it was not refused' : stderr);

const age = (ms: number): Promise<unknown> => askTwin(twin.endpoint, 'POST', `/history/${ms}`);

/** A request to the service, as its users make it. */
async function serve(method: 'POST' | 'DELETE', path: string, order?: object): Promise<number> {
  const [service] = system.services;
  const { address, port } = twin.hosts[service!.host]!;
  const headers = { host: service!.host, 'content-type': 'application/json' };
  const body = order === undefined ? null : JSON.stringify(order);
  const answer = await request(`http://${address}:${port}${path}`, { method, headers, body });
  await answer.body.dump();
  return answer.statusCode;
}

async function place(reference: string, status = 'received', title = '修繕'): Promise<void> {
  expect(await serve('POST', '/orders', { facilityId: 1, title, reference, status })).toBe(201);
}

/** The same system, but that a snapshot takes 10 s, so that a command can come too early. */
function slowSnapshots(): string {
  const absolute = (name: string): string => (name.includes('/') ? join(import.meta.dirname, '..', name) : name);
  const slow = {
    ...system,
    services: system.services.map((service) => ({ ...service, command: service.command.map(absolute) })),
    twin: { sql: system.twin!.sql.map(absolute), lags: { snapshotMs: 10_000 } },
  };
  const file = join(home, 'slow-snapshots.mjs');
  writeFileSync(file, `export default ${JSON.stringify(slow)};\n`);
  return file;
}
