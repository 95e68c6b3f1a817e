import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Fault } from '../../fixtures/core/fault.ts';
import { patienceOf } from '../../fixtures/core/patience.ts';
import type { System } from '../../fixtures/core/system.ts';
import { forceFailover } from '../../fixtures/faults/force-failover.ts';
import { freezeTask } from '../../fixtures/faults/hurt-task.ts';
import { noFault } from '../../fixtures/faults/no-fault.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { attachTwin } from '../../fixtures/stages/twin.ts';
import type { RunningTwin } from '../../fixtures/stages/twin-process.ts';
import { dataLoss } from '../../probes/core/data-loss.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { startProber } from '../../probes/prober.ts';
import { readLedgerFile } from '../../probes/samples-file.ts';
import type { DrillEvidence } from '../../reports/core/evidence.ts';
import { Journal, openIntents, readJournal } from './journal.ts';
import { runDrill } from './run-drill.ts';
import type { DrillSpec } from './spec.ts';
import { holdSteady } from './steady.ts';
import { startTestTwin } from './test-twin.ts';

// Real but where a test says otherwise.
vi.mock(import('../../fixtures/core/patience.ts'), { spy: true });
vi.mock(import('../../probes/prober.ts'), { spy: true });
vi.mock(import('./steady.ts'), { spy: true });

let home: string;
let system: System;
let twin: RunningTwin;
let close: (() => Promise<void>) | undefined;
let drillNumber = 0;

beforeAll(async () => {
  ({ home, system, twin, close } = await startTestTwin({ spoil: 'lossy-commits' }));
});
afterAll(async () => await close?.());
beforeEach(() => {
  drillNumber++;
});

const journalPath = (): string => join(home, `journal-${drillNumber}.jsonl`);
const directory = (): string => join(home, `drill-${drillNumber}`);

function run(
  fault: Fault,
  signal: AbortSignal,
  progress: (line: string) => void = () => {},
  drilled = system,
): Promise<DrillEvidence> {
  const spec: DrillSpec = {
    title: { en: 'a claim', ja: '主張' },
    scenarios: [],
    fault,
    recovered: [],
    checks: [],
    limitMs: 60_000,
  };
  mkdirSync(directory(), { recursive: true });
  return runDrill(spec, {
    drillId: `drill-${drillNumber}`,
    runId: 'kit-test',
    directory: directory(),
    system: drilled,
    seed: drillNumber,
    stage: attachTwin(twin.handle),
    journal: new Journal(journalPath()),
    progress,
    step: (_name, work) => work(),
    signal,
  });
}

/** Ends the drill when it begins the named phase, as a time-out there would. */
function endedIn(phase: string): { signal: AbortSignal; progress: (line: string) => void } {
  const end = new AbortController();
  const progress = (line: string): void => {
    if (line === `${phase} …`) end.abort(new KunrenError('drill-time-out', 'Time is up.', 'nothing.'));
  };
  return { signal: end.signal, progress };
}

test('a drill that is ended before its fault never injects it', async () => {
  const { signal, progress } = endedIn('steady-state');
  const evidence = await run(freezeTask(), signal, progress);
  expect(evidence.fault.proof).toBe('not-injected');
  expect(evidence.undecided).toContain('Time is up');
  const made = readJournal(journalPath()).flatMap((line) => (line.state === 'intended' ? [line.intent.call] : []));
  // The lock on the system is all, and was given back.
  expect(made).toEqual(['ssm:PutParameter']);
  expect(openIntents(readJournal(journalPath()))).toEqual([]);
});

test('a drill whose probes do not start gives its lock back before it returns', async () => {
  vi.mocked(startProber).mockRejectedValueOnce(new Error('no thread can be had'));
  const { harnessFailed } = await run(noFault(), new AbortController().signal);
  expect(harnessFailed).toBe('no thread can be had');
  expect(readJournal(journalPath()).map(({ state }) => state)).toEqual(['intended', 'made', 'undone']);
});

test('a drill that is ended after its fault undoes it before it returns', async () => {
  vi.mocked(holdSteady).mockResolvedValueOnce();
  const { signal, progress } = endedIn('prove-fault');
  const evidence = await run(freezeTask(), signal, progress);
  expect(evidence.fault.injectedAtMs).toBeDefined();
  expect(evidence.undecided).toContain('Time is up');
  expect(evidence.phases.find(({ phase }) => phase === 'undo')).toMatchObject({ outcome: 'done' });
  const lines = readJournal(journalPath());
  expect(lines.some((line) => line.state === 'intended' && line.intent.call === 'stage:freeze')).toBe(true);
  expect(openIntents(lines)).toEqual([]);
  const thawed = (await attachTwin(twin.handle).abilities.truth?.())?.filter(({ what }) => what === 'task-thawed');
  expect(thawed).not.toHaveLength(0);
});

test('rows that the service does not remove are left, and with them the lock', async () => {
  vi.mocked(holdSteady).mockImplementationOnce(async ({ field }) => {
    await field.clock.sleep(300);
    throw new KunrenError('interrupted', 'Enough was written.', 'nothing.');
  });
  const cleanUp = { method: 'DELETE' as const, path: '/no-such-route/{reference}' };
  const canary = { marker: 'kunren-', cleanUp, consent: { by: 'the owner', on: '2026-04-01' } };
  const drilled = { ...system, guardRails: { ...system.guardRails, canary } };
  const { harnessFailed } = await run(noFault(), new AbortController().signal, () => {}, drilled);
  expect(harnessFailed).toMatch(
    /undo failed: rows:write: [1-9]\d* rows are still there .*; ssm:PutParameter: kept while/,
  );
  const left = openIntents(readJournal(journalPath())).map(({ intent }) => intent.call);
  expect(left).toEqual(['rows:write', 'ssm:PutParameter']);
});

test('a drill that another has taken the lock from meanwhile breaks nothing', async () => {
  vi.mocked(holdSteady).mockResolvedValueOnce();
  const Name = `/kunren/lock/${system.name}`;
  // By any clock it has expired for the next drill.
  const expiresAt = new Date(Date.now() - 60_000).toISOString();
  const theirs = { runId: 'theirs', drillId: 'd', who: 'arn', host: 'h', pid: 1, expiresAt };
  const Value = JSON.stringify(theirs);
  const robbed: Fault = {
    ...freezeTask(),
    arm: async (field) => ({
      ...(await freezeTask().arm(field)),
      prepare: async () => {
        const { ssm } = clientsOf(field.stage, system.regions.primary);
        await ssm.send(new PutParameterCommand({ Name, Value, Overwrite: true }));
      },
    }),
  };
  const { notRun, fault } = await run(robbed, new AbortController().signal);
  expect(notRun).toMatch(/^refused by lock: .* is not surely this drill's any more: it holds .*theirs/);
  expect(fault.proof).toBe('not-injected');
});

test('a fault whose injection fails half-way is undone, and decides nothing', async () => {
  vi.mocked(holdSteady).mockResolvedValueOnce();
  let undone = 0;
  const failing: Fault = {
    ...noFault(),
    arm: async (field) => ({
      ...(await noFault().arm(field)),
      inject: async () => {
        throw new Error('cut off half-way');
      },
      undo: async () => {
        undone++;
      },
    }),
  };
  const evidence = await run(failing, new AbortController().signal);
  expect(undone).toBe(1);
  expect(evidence.fault).toMatchObject({ proof: 'not-observed', injectedAtMs: expect.any(Number) });
  expect(evidence.undecided).toContain('cut off half-way');
});

test('an undo that does not end is given up, and what is left is listed', async () => {
  vi.mocked(holdSteady).mockResolvedValueOnce();
  vi.mocked(patienceOf).mockReturnValueOnce({ ...patienceOf('twin'), watchMs: 0, undoMs: 5_000 });
  const stuck: Fault = {
    ...noFault(),
    arm: async (field) => ({
      ...(await noFault().arm(field)),
      inject: () =>
        field.change(
          {
            call: 'stage:freeze',
            region: 'any',
            parameters: {},
            undo: { call: 'stage:thaw', parameters: { task: 'gone' } },
          },
          async () => {},
        ),
      undo: () => new Promise(() => {}),
    }),
  };
  const evidence = await run(stuck, new AbortController().signal);
  expect(evidence.harnessFailed).toMatch(/undo failed: it did not end within 5000 ms; left behind: stage:freeze/);
  // The lock stays as well: nobody drills a system on which something is left.
  const left = openIntents(readJournal(journalPath())).map(({ intent }) => intent.call);
  expect(left).toEqual(['stage:freeze', 'ssm:PutParameter']);
  const next = await run(noFault(), new AbortController().signal);
  expect(next.notRun).toMatch(
    /^refused by nothing-in-progress: .* taken back \(stage:freeze of drill-\d, ssm:PutParameter/,
  );
});

test('the lost writes that the ledger counts are those that the database lacks', async () => {
  const evidence = await run(forceFailover(), new AbortController().signal);
  expect(evidence.fault.proof).toBe('proved');
  const probe = evidence.probes.find(({ kind }) => kind === 'write')!;
  const { entries } = readLedgerFile(join(directory(), probe.ledger!));
  const present = evidence.readBack[0]!.present!;
  const measured = dataLoss(entries, present, evidence.fault.injectedAtMs!);
  const client = new pg.Client({ connectionString: twin.handle.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ reference: string }>('SELECT reference FROM orders WHERE reference LIKE $1', [
    `kunren-kit-test-drill-${drillNumber}-%`,
  ]);
  await client.end();
  const inDatabase = new Set(rows.map(({ reference }) => Number(reference.slice(-6))));
  const acknowledged = entries.filter(({ state }) => state === 'acknowledged').map(({ n }) => n);
  const truth = acknowledged.filter((n) => !inDatabase.has(n));
  expect(truth.length).toBeGreaterThanOrEqual(1);
  expect(measured.lost).toHaveLength(truth.length);
});
