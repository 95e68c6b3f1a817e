import { expect, test } from 'vitest';
import type { ExperimentSeen, Field } from '../../fixtures/core/fault.ts';
import { stopTaskTemplate } from '../../fixtures/fis/core/built-templates.ts';
import { Experiment } from '../../fixtures/fis/experiment.ts';
import { machineClock } from '../../probes/clock.ts';
import { drawnSamples } from '../../probes/core/drawn-samples.ts';
import type { Sample } from '../../probes/core/sample.ts';
import type { RecoveryEvidence } from '../../reports/core/evidence.ts';
import { Book } from '../procedures/book.ts';
import type { Facts } from './spec.ts';
import { recoversWhileLost, zoneComesBack } from './zone-checks.ts';

const field = () =>
  ({
    ...{
      system: { regions: { primary: 'eu-west-1' }, probing: { stableAnswers: 3 } },
      clock: machineClock,
      signal: AbortSignal.timeout(5_000),
    },
    patience: { settleMs: 30, pollMs: 5 },
  }) as unknown as Field;

const template = stopTaskTemplate(
  { roleArn: 'arn:aws:iam::123456789012:role/fis', stopAlarmArns: [] },
  'arn:aws:ecs:t',
);
const recovery = (recovered: boolean, endedAtMs: number): RecoveryEvidence => ({
  ...{ kind: 'automatic', name: 'by itself', startedAtMs: 0, endedAtMs, recovered },
});

const told = (probe: string, samples: readonly Sample[]) => [
  { probe, kind: 'health-fresh', total: samples.length, samples },
];

test.each([
  ['before the zone is back', 5_000, [recovery(true, 4_000)], 'yes', /still went on 1000 ms after/],
  ['once the zone may be back', 5_000, [recovery(true, 6_000)], 'no', /back 1000 ms before the recovery/],
  ['not at all', 5_000, [recovery(false, 6_000)], 'no', /nothing has recovered/],
  ['from an outage that nobody saw', undefined, [recovery(true, 4_000)], 'unknown', /no zone was seen cut off/],
] as const)('recovering %s is told apart', async (_, lostUntilMs, recoveries, outcome, seen) => {
  const drilled = field();
  new Experiment(drilled, template, []).lastCutAtMs = lostUntilMs;
  const check = recoversWhileLost('served-meanwhile', { en: 'served', ja: '応答' });
  const answers = told('api', drawnSamples('#'.repeat(100), { intervalMs: 100 }));
  const facts = { field: drilled, recoveries, answers } as unknown as Facts;
  expect(await check(facts)).toMatchObject({ outcome, seen: expect.stringMatching(seen) });
});

// One sign each 100 ms, from 0 on; three good ones in a row are stable. The zone is surely lost until 3 s.
test.each([
  ['all along', '#'.repeat(40), 'yes', /still went on 1000 ms after/],
  ['stably, once they were again', `#####.....${'#'.repeat(30)}`, 'yes', /still went on/],
  ['badly once more, and stably before the zone was back', '#####.....######...#####################', 'yes', /still/],
  ['badly once the zone is back', `#####.....${'#'.repeat(22)}.#######`, 'yes', /still went on/],
  [
    'for a while only, until the zone was back',
    '#####.....###############...........####',
    'no',
    /^api: .* 500 ms before/,
  ],
  ['by every second answer', '#####.....######.#.#.#.#.#.#.#.#.#.#####', 'no', /^api: .* 1400 ms before/],
  ['never again', `#####.....######${'.'.repeat(24)}`, 'no', /^api: .* 1400 ms before/],
  ['badly from the first answer on', '.'.repeat(40), 'no', /^api: no right answer/],
  ['by nobody who asked', '', 'unknown', /no probe asked/],
] as const)('of users who are served %s it is told whether they were while the zone was lost', async (...row) => {
  const [, drawing, outcome, seen] = row;
  const drilled = field();
  new Experiment(drilled, template, []).lastCutAtMs = 3_000;
  const samples = drawnSamples(drawing, { intervalMs: 100 });
  // What only the database was asked says nothing of users.
  const down = drawnSamples(`#${'.'.repeat(39)}`, { intervalMs: 100 });
  const answers = [{ probe: 'database', kind: 'sql', total: 40, samples: down }, ...told('api', samples)];
  const check = recoversWhileLost('served-meanwhile', { en: 'served', ja: '応答' });
  const facts = { field: drilled, recoveries: [recovery(true, 2_000)], answers } as unknown as Facts;
  expect(await check(facts)).toMatchObject({ outcome, seen: expect.stringMatching(seen) });
});

test.each([
  ['completed', undefined],
  ['stopped', /experiment EXP1 is stopped \(an alarm\)/],
  ['running', /experiment EXP1 is running/],
])('a zone whose experiment is %s is back only when it completed', async (state, problem) => {
  const drilled = field();
  const experiment = new Experiment(drilled, template, []);
  const seen: ExperimentSeen = {
    ...{ id: 'EXP1', templateId: 'EXT1', state, reason: 'an alarm', targets: [], dryRun: 'done' },
  };
  Object.defineProperties(experiment, {
    seen: { value: seen },
    hasEnded: { value: state !== 'running' },
  });
  const run = zoneComesBack().run(drilled, new Book());
  if (problem === undefined) await expect(run).resolves.toMatch('EXP1 is completed');
  else await expect(run).rejects.toThrow(problem);
});
