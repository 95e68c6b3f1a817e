import { afterEach, expect, test, vi } from 'vitest';
import type { ExperimentSeen } from '../../../fixtures/core/fault.ts';
import { type Script, type TestAccount, testAccount } from '../../../fixtures/stages/test-account.ts';
import { machineClock } from '../../../probes/clock.ts';
import { DrillNotes } from '../record.ts';
import type { Running } from '../running.ts';
import { checkStillHeld } from './preflight.ts';
import { whileWatched } from './stop-watch.ts';

let account: TestAccount;
afterEach(async () => {
  vi.useRealTimers();
  await account.close();
});

/** A drill at work whose alarm `slow` is answered by the script. */
async function runningWith(answers: Script, waits: 'for what comes' | 'in vain' = 'for what comes') {
  account = await testAccount({ monitoring: { DescribeAlarms: answers } }, waits);
  const end = new AbortController();
  const record = new DrillNotes(
    machineClock,
    () => {},
    (_, work) => work(),
    'a fault',
  );
  const guardRails = { blastRadius: {}, stopIf: { alarms: ['slow'] } };
  const system = { ...account.field.system, guardRails };
  const field = { ...account.field, system, signal: end.signal };
  const endEarly = (reason: unknown): void => end.abort(reason);
  return { field, record, planned: [], prober: {}, stableAnswers: 3, endEarly } as unknown as Running;
}

const alarm = (StateValue: string): object => ({ MetricAlarms: [{ AlarmName: 'slow', StateValue }] });
const quiet = { ...alarm('OK') };

test('an alarm that rings before the work begins keeps it from being begun', async () => {
  const running = await runningWith([{ ...alarm('ALARM') }]);
  let begun = false;
  const work = whileWatched(running, async () => {
    begun = true;
  });
  await expect(work).rejects.toThrow('stopIf.alarms: slow is in ALARM');
  expect(begun).toBe(false);
  expect(running.record.stopped?.by).toBe('stopIf.alarms: slow is in ALARM');
});

test('an alarm that rings only when the work is done ends the drill all the same', async () => {
  const running = await runningWith([quiet, { ...alarm('ALARM') }]);
  await expect(whileWatched(running, async () => 'done')).rejects.toThrow('slow is in ALARM');
});

test('work that fails is told as it failed, whatever rings by then', async () => {
  const running = await runningWith([quiet, { ...alarm('ALARM') }]);
  const work = whileWatched(running, () => Promise.reject(new Error('it broke')));
  await expect(work).rejects.toThrow('it broke');
});

test('an alarm that cannot be seen for a while is told of', async () => {
  const running = await runningWith([quiet, { MetricAlarms: [] }, quiet]);
  const work = () => machineClock.sleep(100).then(() => 'done');
  expect(await whileWatched(running, work)).toBe('done');
  expect(running.record.warnings).toEqual([expect.stringContaining('there is no alarm slow any more')]);
});

test('an alarm that is gone when all is done may have rung: nothing is decided', async () => {
  const running = await runningWith([quiet, { MetricAlarms: [] }], 'in vain');
  await expect(whileWatched(running, async () => 'done')).rejects.toMatchObject({ code: 'alarms-unseen' });
});

const seen = (state: string): ExperimentSeen => ({
  ...{ id: 'EXP1', templateId: 'EXT1', state, reason: 'its alarm rang', targets: [], dryRun: 'done' },
});

test.each([
  ['stopped', 'proved', 'stopped'],
  ['failed', 'proved', 'stopped'],
  ['cancelled', 'proved', 'stopped'],
  ['completed', 'proved', 'done'],
  // Before the proof it is the proof that tells.
  ['stopped', 'not-observed', 'done'],
] as const)('an experiment that is %s once its fault is %s: the drill is %s', async (state, proof, outcome) => {
  const running = await runningWith([quiet]);
  const { record } = running;
  record.fault = { ...record.fault, proof };
  const work = whileWatched(running, async () => {
    record.experiment = seen(state);
    return 'done';
  });
  if (outcome === 'done') expect(await work).toBe('done');
  else await expect(work).rejects.toThrow(`AWS FIS: experiment EXP1 is ${state}: its alarm rang`);
});

test.each([
  ['ends the drill when it closes', {}, 'stopped'],
  ['does not when it was waived', { outsideWindow: 'why' }, 'done'],
])('the maintenance window %s, and none begins its fault then', async (_, context, outcome) => {
  const running = await runningWith([quiet]);
  const { system, stage } = running.field;
  const windows = [{ day: 'sunday' as const, from: '02:00', to: '04:00' }];
  const guardRails = { ...system.guardRails, windows };
  Object.assign(running, { context });
  Object.assign(running.field, {
    stage: { ...stage, kind: 'aws' },
    system: { ...system, guardRails, timeZone: 'UTC' },
  });
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-04-05T03:59:59Z') });
  await checkStillHeld(running);
  const work = whileWatched(running, async () => {
    vi.setSystemTime(new Date('2026-04-05T04:00:00Z'));
    return 'done';
  });
  if (outcome === 'done') expect(await work).toBe('done');
  else await expect(work).rejects.toThrow('stopped by maintenance-window: it has closed');
  const begin = checkStillHeld(running);
  if (outcome === 'done') await begin;
  else await expect(begin).rejects.toThrow('refused by maintenance-window: it is sunday 04:00 in UTC, outside');
});
