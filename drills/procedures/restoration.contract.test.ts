import { join } from 'node:path';
import { CreateDBSnapshotCommand, DescribeDBInstancesCommand, DescribeDBSnapshotsCommand } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Fault } from '../../fixtures/core/fault.ts';
import { patienceOf } from '../../fixtures/core/patience.ts';
import type { System } from '../../fixtures/core/system.ts';
import { mistakenDelete } from '../../fixtures/faults/mistaken-delete.ts';
import { nothingBroken } from '../../fixtures/faults/nothing-broken.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { attachTwin } from '../../fixtures/stages/twin.ts';
import type { RunningTwin } from '../../fixtures/stages/twin-process.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { askDatabase } from '../../probes/sql-connection.ts';
import type { DrillEvidence } from '../../reports/core/evidence.ts';
import { canariesAreOnBothSides } from '../kit/canary-check.ts';
import { Journal, openIntents, readJournal } from '../kit/journal.ts';
import { runDrill } from '../kit/run-drill.ts';
import type { DrillSpec, Step } from '../kit/spec.ts';
import { holdSteady } from '../kit/steady.ts';
import { startTestTwin } from '../kit/test-twin.ts';
import { canariesAfter, canariesBefore } from './arrange-canaries.ts';
import { checkDifference } from './check-integrity.ts';
import { chooseState } from './choose-restore.ts';
import { deleteRestored, deleteTaken, stopTask } from './clean-up.ts';
import { compareConfiguration } from './compare-configuration.ts';
import { connectApplication } from './connect-application.ts';
import { countRows } from './count-rows.ts';
import { noteTime } from './note-time.ts';
import { restoreDatabase } from './restore-database.ts';
import { takeSnapshot } from './take-snapshot.ts';

// Nothing is broken here but by a step: there is no steady state to hold, and no aftermath to watch.
vi.mock(import('../kit/steady.ts'), { spy: true });
vi.mock(import('../../fixtures/core/patience.ts'), { spy: true });
vi.mocked(holdSteady).mockResolvedValue();
vi.mocked(patienceOf).mockReturnValue({ ...patienceOf('twin'), watchMs: 0 });

let home: string;
let system: System;
let twin: RunningTwin;
let close: (() => Promise<void>) | undefined;
let drillNumber = 0;

beforeAll(async () => {
  ({ home, system, twin, close } = await startTestTwin());
});
afterAll(async () => await close?.());

const journalPath = (): string => join(home, 'journal.jsonl');
const rds = () => clientsOf(attachTwin(twin.handle), system.regions.primary).rds;

interface Practice {
  readonly arrange?: readonly Step[];
  readonly steps: readonly Step[];
  readonly cleanUp?: readonly Step[];
  readonly restoreTo?: Date;
  readonly of?: System;
  readonly fault?: Fault;
  readonly signal?: AbortSignal;
  readonly checks?: DrillSpec['checks'];
}

/** Practises the steps as a drill does. */
function practise({ arrange = [], steps, cleanUp = [], checks = [], ...given }: Practice): Promise<DrillEvidence> {
  const spec: DrillSpec = {
    title: { en: 'a claim', ja: '主張' },
    ...{ scenarios: [], fault: given.fault ?? nothingBroken(), exercise: true, recovered: [] },
    ...{ arrange, restoration: { name: 'a procedure', steps }, cleanUp, checks },
    limitMs: 60_000,
  };
  const drillId = `drill-${++drillNumber}`;
  return runDrill(spec, {
    ...{
      drillId,
      runId: 'restoration-test',
      directory: join(home, drillId),
      system: given.of ?? system,
      seed: drillNumber,
    },
    ...{ stage: attachTwin(twin.handle), journal: new Journal(journalPath()) },
    ...{ progress: () => {}, step: (_name, work) => work(), signal: given.signal ?? new AbortController().signal },
    ...(given.restoreTo && { restoreTo: given.restoreTo }),
  });
}

const outcomes = ({ steps = [] }: DrillEvidence): string[] => steps.map(({ outcome }) => outcome);
const checkOf = ({ checks }: DrillEvidence, id: string) => checks.find((check) => check.id === id);

async function everythingMade(): Promise<unknown[]> {
  const { DBInstances = [] } = await rds().send(new DescribeDBInstancesCommand({}));
  const { DBSnapshots = [] } = await rds().send(new DescribeDBSnapshotsCommand({ SnapshotType: 'manual' }));
  const names = DBInstances.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier);
  return [
    ...names.filter((name) => name !== system.database.id),
    ...DBSnapshots.map((one) => one.DBSnapshotIdentifier),
  ];
}

const failing = (error: Error): Step => ({
  ...{ id: 'failing', name: { en: 'This fails', ja: '失敗する' } },
  run: () => Promise.reject(error),
});

/** As a restore that does not bring all: in production its rows look like ones that were written since. */
const losingRows: Step = {
  ...{ id: 'losing', name: { en: 'Rows are lost', ja: '行が失われる' } },
  async run(_, book) {
    await askDatabase(book.need('restored').url, 5_000, (client) =>
      client.query('DELETE FROM orders WHERE id IN (SELECT id FROM orders ORDER BY id LIMIT 100)'),
    );
    return '100 rows of orders';
  },
};
const choosingNow: Step = {
  ...{ id: 'now', name: { en: 'The state of now is wanted', ja: '現在の状態を復元する' } },
  async run(_, book) {
    book.restoreTo = new Date();
    return book.restoreTo.toISOString();
  },
};

test('a restore that lacks rows is found out, deleted, and the steps behind are not carried out', async () => {
  const evidence = await practise({
    arrange: [countRows, choosingNow],
    steps: [chooseState, restoreDatabase, losingRows, checkDifference, connectApplication],
  });
  expect(outcomes(evidence)).toEqual(['done', 'done', 'done', 'done', 'done', 'failed', 'skipped']);
  const seen = expect.stringMatching(/public\.orders: \d+ rows restored, and \d+ were counted before/);
  expect(checkOf(evidence, 'integrity')).toMatchObject({ outcome: 'no', seen });
  expect(checkOf(evidence, 'application-connects')).toMatchObject({ outcome: 'unknown' });
  expect(evidence.recoveries).toEqual([expect.objectContaining({ kind: 'manual', recovered: false, detail: seen })]);
  expect(evidence.harnessFailed).toBeUndefined();
  expect(openIntents(readJournal(journalPath()))).toEqual([]);
  expect(await everythingMade()).toEqual([]);
});

test('no row is deleted where the log could not be searched for it', async () => {
  const services = system.services.map((service) => ({ ...service, logGroup: '/ecs/misspelt' }));
  const evidence = await practise({ of: { ...system, services }, fault: mistakenDelete(), steps: [] });
  expect(evidence.undecided).toContain('/ecs/misspelt cannot be searched');
  expect(evidence.harnessFailed).toBeUndefined();
});

test('a drill that is ended while a restore runs leaves nothing', async () => {
  const end = new AbortController();
  const ending: Step = {
    ...{ id: 'ending', name: { en: 'Time is up', ja: '時間切れ' } },
    async run(field, book) {
      setTimeout(() => end.abort(new KunrenError('drill-time-out', 'Time is up.', 'nothing.')), 200);
      return await restoreDatabase.run(field, book);
    },
  };
  const evidence = await practise({ restoreTo: new Date(), steps: [chooseState, ending], signal: end.signal });
  expect(evidence).toMatchObject({ undecided: expect.stringContaining('Time is up') });
  expect(evidence.harnessFailed).toBeUndefined();
  expect(await everythingMade()).toEqual([]);
});

test('what carries the tag of the run and is in no journal makes the run red, by its name, beside a mistake', async () => {
  const DBSnapshotIdentifier = 'forgotten';
  const forgetting: Step = {
    ...{ id: 'forgetting', name: { en: 'A snapshot is forgotten', ja: '忘れられたスナップショット' } },
    async run({ runId }) {
      const Tags = [{ Key: 'kunren:run', Value: runId }];
      await rds().send(
        new CreateDBSnapshotCommand({ DBInstanceIdentifier: system.database.id, DBSnapshotIdentifier, Tags }),
      );
      return 'forgotten';
    },
  };
  const evidence = await practise({ steps: [forgetting, failing(new TypeError('x is not a function'))] });
  expect(evidence.harnessFailed).toContain(`snapshot ${DBSnapshotIdentifier} in ${system.regions.primary}`);
  expect(evidence.harnessFailed).toContain('x is not a function');
  const deleting: Step = { ...forgetting, run: async (field, book) => await deleteTaken.run(field, book) };
  const choosing: Step = {
    ...forgetting,
    async run(_, book) {
      const snapshot = { id: DBSnapshotIdentifier, takenAt: new Date() };
      book.choice = { kind: 'snapshot', snapshot, lostMsMax: 0 };
      return 'chosen';
    },
  };
  expect(outcomes(await practise({ steps: [choosing, deleting] }))).toEqual(['done', 'done']);
  expect(await everythingMade()).toEqual([]);
});

test('nothing is deleted that does not carry the tag of the run', async () => {
  const foreign: Step = {
    ...{ id: 'foreign', name: { en: 'A foreign database is deleted', ja: '他のDBを削除する' } },
    async run(field, book) {
      book.restored = { id: system.database.id, url: '' };
      return await deleteRestored.run(field, book);
    },
  };
  const evidence = await practise({ steps: [foreign] });
  expect(checkOf(evidence, 'foreign')).toMatchObject({ outcome: 'no', seen: expect.stringContaining('kunren:run') });
});

test.each([
  { what: 'in the future', byMs: 60_000, why: 'later than the latest restorable time' },
  { what: 'older than any backup', byMs: -365 * 86_400_000, why: 'no manual snapshot was taken before it' },
])('a wish for a state $what is refused: it says nothing about the system', async ({ byMs, why }) => {
  const evidence = await practise({
    restoreTo: new Date(Date.now() + byMs),
    arrange: [noteTime],
    steps: [chooseState, restoreDatabase],
  });
  expect(evidence.undecided).toContain(why);
  expect(evidence).toMatchObject({ recoveries: [] });
  expect(evidence.harnessFailed).toBeUndefined();
});

test('a restore time nine hours ahead, as Tokyo’s read as UTC is, is refused before anything is created', async () => {
  const restoreTo = new Date(Date.now() + 9 * 3_600_000);
  const evidence = await practise({ restoreTo, steps: [chooseState, restoreDatabase] });
  expect(outcomes(evidence)).toEqual(['failed', 'skipped']);
  expect(checkOf(evidence, 'restore-time-chosen')?.seen).toContain('later than the latest restorable time');
  const intended = readJournal(journalPath()).flatMap((line) => ('intent' in line ? [line] : []));
  const calls = intended.filter(({ drillId }) => drillId === `drill-${drillNumber}`).map(({ intent }) => intent.call);
  // The lock alone: nothing of the system was touched.
  expect(calls).toEqual(['ssm:PutParameter']);
});

// The last: it dates all that the twin knows more than a month earlier.
test('a state older than the automated backups is taken from the newest manual snapshot before it', async () => {
  const daysMs = 36 * 86_400_000;
  const wanted = new Date(Date.now() - daysMs + 3_600_000);
  const aging: Step = {
    ...{ id: 'aging', name: { en: 'More than a month goes by', ja: '一か月以上が過ぎる' } },
    async run({ stage }, book) {
      book.calendar.age(daysMs, new Date(await stage.abilities.ageHistory!(daysMs)));
      delete book.choice;
      return 'aged';
    },
  };
  const evidence = await practise({
    restoreTo: wanted,
    arrange: [canariesBefore, takeSnapshot, canariesAfter, aging],
    steps: [chooseState, restoreDatabase, compareConfiguration, connectApplication],
    cleanUp: [stopTask, deleteRestored, deleteTaken],
    checks: [canariesAreOnBothSides],
  });
  expect(checkOf(evidence, 'restore-time-chosen')?.seen).toMatch(/^snapshot facility-prod-db-snapshot-.* of/);
  expect(new Set(outcomes(evidence))).toEqual(new Set(['done']));
  expect(checkOf(evidence, 'canaries-on-both-sides')).toMatchObject({ outcome: 'yes' });
  expect(evidence.harnessFailed).toBeUndefined();
  expect(await everythingMade()).toEqual([]);
});
