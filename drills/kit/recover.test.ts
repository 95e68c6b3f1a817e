import { expect, test } from 'vitest';
import { machineClock } from '../../probes/clock.ts';
import type { RecoveryEvidence } from '../../reports/core/evidence.ts';
import { recover } from './recover.ts';
import type { Running } from './running.ts';

/** A system whose users are answered all along, and that is whole from the moment its procedure is begun. */
function drilled(procedure: () => Promise<void>) {
  const recoveries: RecoveryEvidence[] = [];
  let begun = false;
  const run = async () => {
    begun = true;
    await procedure();
  };
  const running = {
    spec: {
      recovered: [{ missing: async () => (begun ? [] : ['a task']) }],
      procedure: { name: 'force a new deployment', run },
    },
    field: {
      ...{ system: { services: [{ name: 's' }] }, clock: machineClock, signal: AbortSignal.timeout(5_000) },
      patience: { automaticMs: 30, manualMs: 500, settleMs: 1_000, pollMs: 5 },
    },
    ...{ record: { recoveries, note: () => {} }, prober: { samples: () => [] }, planned: [], stableAnswers: 1 },
  } as unknown as Running;
  return { running, recoveries };
}

test('a system that comes back by its procedure has recovered by it', async () => {
  const { running, recoveries } = drilled(async () => {});
  await recover(running, machineClock.nowMs());
  expect(recoveries).toMatchObject([
    { kind: 'automatic', recovered: false, detail: expect.stringContaining('a task') },
    { kind: 'manual', recovered: true },
  ]);
});

test('a system that comes back although its procedure failed has not recovered by it, and the failure is told', async () => {
  const { running, recoveries } = drilled(async () => {
    throw new Error('Access denied.');
  });
  await recover(running, machineClock.nowMs());
  expect(recoveries.at(-1)).toMatchObject({
    ...{ kind: 'manual', recovered: false },
    detail: expect.stringContaining('Access denied. The system came back without it.'),
  });
});
