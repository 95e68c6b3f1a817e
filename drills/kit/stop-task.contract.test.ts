import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { attachTwin } from '../../fixtures/stages/twin.ts';
import { type RunningTwin, startTwinStage } from '../../fixtures/stages/twin-process.ts';
import { loadSystem } from '../../fixtures/system-file.ts';
import { machineClock } from '../../probes/clock.ts';
import { summarizeOutages } from '../../probes/core/outage.ts';
import { startProber } from '../../probes/prober.ts';
import { planProbes } from './probing.ts';

// StopTask does not drain first: for seconds the balancer goes on sending half of the requests to a task
// that no longer answers. That is a partial outage, whatever the count of running tasks says.

let home: string;
let twin: RunningTwin;
const { system, directory } = await loadSystem('kunren.config.ts');

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'kunren-stop-'));
  chmodSync(home, 0o755); // The user that Postgres runs as must be able to enter.
  process.env['KUNREN_HOME'] = join(home, 'stages');
  // As on AWS the target leaves because ECS takes it out, long before enough health checks have failed.
  const lags = { deregisterAfterStopMs: 3_600, elbSecondMs: 400 };
  const slow = { ...system, twin: { sql: system.twin?.sql ?? [], lags } };
  twin = await startTwinStage({ system: slow, configDirectory: directory, seed: 1, owned: true });
});
afterAll(async () => {
  await twin?.stop();
  rmSync(home, { recursive: true, force: true });
});

test('a task stopped behind the balancer is a partial outage of about four seconds and half of the requests', async () => {
  const stage = attachTwin(twin.handle);
  const [fresh] = planProbes(system, stage, 'kunren-stop');
  const prober = await startProber({ probes: [{ ...fresh!.spec, intervalMs: 40 }], directory: home });
  await machineClock.sleep(1_000);
  const { ecs } = clientsOf(stage, system.regions.primary);
  const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: system.cluster }));
  await ecs.send(new StopTaskCommand({ cluster: system.cluster, task: taskArns![0]! }));
  await machineClock.sleep(7_000);
  await prober.stop();
  const samples = prober.samples(fresh!.spec.name);
  const { windows, partial, badSamples } = summarizeOutages(samples, { stableAnswers: 10 });
  expect(windows).toHaveLength(1);
  expect(windows[0]).toMatchObject({ kind: 'partial' });
  expect(partial.msMin).toBeGreaterThan(3_000);
  expect(partial.msMax).toBeLessThan(5_500);
  const share = badSamples / windows[0]!.samples;
  expect(share).toBeGreaterThan(0.35);
  expect(share).toBeLessThan(0.65);
});
