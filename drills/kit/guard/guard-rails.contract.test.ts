import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutMetricAlarmCommand, type PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { ListTasksCommand } from '@aws-sdk/client-ecs';
import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Fault } from '../../../fixtures/core/fault.ts';
import type { System } from '../../../fixtures/core/system.ts';
import { until } from '../../../fixtures/core/until.ts';
import { azOutage } from '../../../fixtures/faults/az-outage.ts';
import { noFault } from '../../../fixtures/faults/no-fault.ts';
import { type Clients, clientsOf } from '../../../fixtures/stages/clients.ts';
import { describeDatabase } from '../../../fixtures/stages/describe.ts';
import { attachTwin } from '../../../fixtures/stages/twin.ts';
import type { RunningTwin } from '../../../fixtures/stages/twin-process.ts';
import { raw } from '../../../fixtures/twin/fis/test-fis.ts';
import { machineClock } from '../../../probes/clock.ts';
import { KunrenError } from '../../../probes/core/error.ts';
import type { DrillEvidence } from '../../../reports/core/evidence.ts';
import { judgeDrillFolder } from '../../../reports/judge-run.ts';
import { drillFolder, runFolder } from '../../../reports/run-folder.ts';
import { writeDrillEvidence } from '../../../reports/write-evidence.ts';
import { Journal, openIntents, readJournal } from '../journal.ts';
import { runDrill } from '../run-drill.ts';
import { holdSteady } from '../steady.ts';
import { startTestTwin } from '../test-twin.ts';
import { alarmStates } from './alarm-states.ts';
import { readLockHolder } from './core/lock-holder.ts';

// Real but where a test says otherwise.
vi.mock(import('../steady.ts'), { spy: true });

let home: string;
let system: System;
let twin: RunningTwin;
let close: (() => Promise<void>) | undefined;
let clients: Clients;
let drills = 0;

beforeAll(async () => {
  ({ home, system, twin, close } = await startTestTwin());
  clients = clientsOf(attachTwin(twin.handle), system.regions.primary);
});
afterAll(async () => await close?.());

const journal = (): string => join(home, 'journal.jsonl');
const folder = () => runFolder(home, 'guard-test');

/** Runs a drill under guard rails of its own. */
async function drill(
  rails: Partial<System['guardRails']>,
  { fault = noFault(), endIn = '', fis }: { fault?: Fault; endIn?: string; fis?: System['fis'] } = {},
): Promise<DrillEvidence> {
  const drillId = `drill-${++drills}`;
  const end = new AbortController();
  return await runDrill(
    {
      ...{ title: { en: 'a claim', ja: '主張' }, scenarios: ['task-failure'], fault },
      ...{ recovered: [], checks: [], limitMs: 60_000 },
    },
    {
      ...{ drillId, runId: 'guard-test', directory: drillFolder(folder(), drillId), seed: drills },
      system: { ...system, guardRails: { ...system.guardRails, ...rails }, ...(fis && { fis }) },
      stage: attachTwin(twin.handle),
      journal: new Journal(journal()),
      progress: (line) => line === `${endIn} …` && end.abort(new KunrenError('interrupted', 'Enough.', 'nothing.')),
      step: (_name, work) => work(),
      signal: end.signal,
    },
  );
}

/** An alarm on what the balancer of the first target group really sees, brought to a state by what it compares. */
async function alarm(name: string, compares: Partial<PutMetricAlarmCommandInput>, state: string): Promise<void> {
  const { TargetGroups = [] } = await clients.elb.send(new DescribeTargetGroupsCommand({}));
  const { TargetGroupArn = '', LoadBalancerArns: [balancer = ''] = [] } = TargetGroups[0]!;
  const Dimensions = [
    { Name: 'TargetGroup', Value: TargetGroupArn.slice(TargetGroupArn.lastIndexOf(':') + 1) },
    { Name: 'LoadBalancer', Value: balancer.slice(balancer.indexOf('/') + 1) },
  ];
  const measured = { Namespace: 'AWS/ApplicationELB', Dimensions, Statistic: 'Maximum', Period: 60 } as const;
  const judged = { EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' } as const;
  const input = { AlarmName: name, MetricName: 'UnHealthyHostCount', ...measured, ...judged, ...compares };
  await clients.cloudwatch.send(new PutMetricAlarmCommand(input));
  const stage = attachTwin(twin.handle);
  const wait = { name: `${name} to be ${state}`, limitMs: 10_000, everyMs: 50, remedy: 'look at the twin.' };
  await until(machineClock, wait, async () => {
    const states = await alarmStates({ stage, system, signal: AbortSignal.timeout(5_000) }, [name]);
    return states.get(name) === state || undefined;
  });
}

const madeBy = (drillId: string): string[] =>
  readJournal(journal()).flatMap((line) =>
    line.state === 'intended' && line.drillId === drillId ? [line.intent.call] : [],
  );

test('an alarm that is in ALARM before the drill refuses it, and one that is not there too', async () => {
  await alarm('hosts', { MetricName: 'HealthyHostCount' }, 'ALARM');
  const ringing = await drill({ alarms: ['hosts'] });
  expect(ringing.notRun).toMatch(/^refused by alarms-quiet: hosts is in ALARM before the drill. Remedy: /);
  const deleted = await drill({ stopIf: { alarms: ['hosts', 'gone'] } });
  expect(deleted.notRun).toMatch(/^refused by alarms-quiet: there is no alarm gone in /);
  expect([...madeBy(ringing.drillId), ...madeBy(deleted.drillId)]).toEqual([]);
});

const targets = { hit: { resourceType: 'aws:ec2:subnet', resourceTags: { part: 'net' }, selectionMode: 'ALL' } };
const cut = {
  ...{ actionId: 'aws:network:disrupt-connectivity', targets: { Subnets: 'hit' } },
  parameters: { scope: 'availability-zone', duration: 'PT1M' },
};

test.each([
  {
    what: 'whose own stop condition rings',
    actions: { cut },
    why: /^refused by alarms-quiet: hosts is in ALARM before the drill\./,
  },
  {
    what: 'with an action that the stage has not',
    actions: { pods: { actionId: 'aws:eks:pod-delete' }, cut },
    why: /^stage twin cannot run this experiment: it does not implement the action aws:eks:pod-delete\./,
  },
])('a template of the config $what is not run', async ({ actions, why }) => {
  await alarm('hosts', { MetricName: 'HealthyHostCount' }, 'ALARM');
  const template = join(home, 'template.json');
  const value = `arn:aws:cloudwatch:${system.regions.primary}:123456789012:alarm:hosts`;
  const stopConditions = [{ source: 'aws:cloudwatch:alarm', value }];
  const roleArn = 'arn:aws:iam::123456789012:role/fis';
  writeFileSync(template, JSON.stringify({ description: 'cut', targets, actions, stopConditions, roleArn }));
  const { notRun, drillId } = await drill({}, { fault: azOutage('primary'), fis: { roleArn, template } });
  expect(notRun).toMatch(why);
  expect(madeBy(drillId)).toEqual([]);
});

/** The account's own stop of all experiments. */
async function lever(status: 'engaged' | 'disengaged'): Promise<void> {
  const state = { status, reason: 'a launch is on' };
  const { body } = await raw({ url: twin.handle.endpoint }, 'PATCH', '/safetyLevers/default/state', { state });
  expect(body).toMatchObject({ safetyLever: { state } });
}

/** Where the database is, and which tasks run. */
const placed = async () => [
  (await describeDatabase({ stage: attachTwin(twin.handle), system })).AvailabilityZone,
  (await clients.ecs.send(new ListTasksCommand({ cluster: system.cluster }))).taskArns,
];

test.each([
  ['before the drill', () => lever('engaged'), /lever of AWS FIS is engaged \("a launch is on"\): .* cancelled/, []],
  [
    'once the drill has looked at it',
    async () => void vi.mocked(holdSteady).mockImplementationOnce(() => lever('engaged')),
    /cancelled: .*safety lever/i,
    ['fis:CreateExperimentTemplate', 'fis:StartExperiment'],
  ],
])('a safety lever that is engaged %s leaves the zone as it is, and is told of', async (_, engage, why, made) => {
  const before = await placed();
  await engage();
  const evidence = await drill({}, { fault: azOutage('primary') }).finally(() => lever('disengaged'));
  await writeDrillEvidence(folder(), evidence);
  const judged = await judgeDrillFolder(folder(), evidence.drillId, system, true);
  expect(judged).toMatchObject({ verdict: 'unknown', why: expect.stringMatching(why) });
  expect(evidence.harnessFailed).toBeUndefined();
  expect(madeBy(evidence.drillId).filter((call) => call.startsWith('fis:'))).toEqual(made);
  expect(openIntents(readJournal(journal()))).toEqual([]);
  expect(await placed()).toEqual(before);
});

test('an alarm with too few data is warned of', async () => {
  const none = [
    { Name: 'TargetGroup', Value: 'targetgroup/none/1' },
    { Name: 'LoadBalancer', Value: 'app/none/1' },
  ];
  await alarm('blind', { Dimensions: none }, 'INSUFFICIENT_DATA');
  const { guardRails, warnings } = await drill({ alarms: ['blind'] }, { endIn: 'steady-state' });
  expect(guardRails).toContainEqual({ rule: 'alarms-quiet', outcome: 'held', seen: 'blind INSUFFICIENT_DATA' });
  expect(warnings).toContainEqual(expect.stringContaining('blind has too few data'));
});

const lockName = () => ({ Name: `/kunren/lock/${system.name}` });
const theirs = (expiresAt: Date): string =>
  JSON.stringify({
    ...{ runId: 'theirs', drillId: 'x', who: 'arn:aws:iam::1:user/a', host: 'another', pid: 1 },
    expiresAt: expiresAt.toISOString(),
  });

test('a lock that another drill holds refuses this one; an expired one is taken over and given back', async () => {
  const held = theirs(new Date(Date.now() + 60_000));
  await clients.ssm.send(new PutParameterCommand({ ...lockName(), Value: held, Type: 'String' }));
  const refused = await drill({});
  expect(refused.notRun).toMatch(
    /^refused by lock: another drill is in progress: .*run theirs \(arn:aws:iam::1:user\/a/,
  );
  expect(madeBy(refused.drillId)).toEqual([]);
  const { Parameter } = await clients.ssm.send(new GetParameterCommand(lockName()));
  expect(readLockHolder(Parameter?.Value)?.runId).toBe('theirs');

  await clients.ssm.send(new DeleteParameterCommand(lockName()));
  const expired = theirs(new Date(Date.now() - 1_000));
  await clients.ssm.send(new PutParameterCommand({ ...lockName(), Value: expired, Type: 'String' }));
  const { guardRails = [] } = await drill({}, { endIn: 'steady-state' });
  expect(guardRails.at(-1)).toMatchObject({ rule: 'lock', seen: expect.stringMatching(/taken over from run theirs/) });
  await expect(clients.ssm.send(new GetParameterCommand(lockName()))).rejects.toThrow(/does not exist|NotFound/);
});

/** Each task is hurt: an outage that users really meet. */
const everyTask = (name: string, hurt: 'freeze' | 'crash', mend?: 'thaw'): Fault => ({
  ...noFault(),
  name,
  arm: async (field) => {
    const { taskControl } = field.stage.abilities;
    const { taskArns = [] } = await clientsOf(field.stage, field.system.regions.primary).ecs.send(
      new ListTasksCommand({ cluster: field.system.cluster }),
    );
    const each = (work: 'freeze' | 'thaw' | 'crash') => Promise.all(taskArns.map((task) => taskControl![work](task)));
    return {
      target: 'every task',
      blastRadius: 'all',
      inject: async () => void (await each(hurt)),
      prove: async () => ({ proved: true, why: 'every task was hurt' }),
      undo: async () => void (mend && (await each(mend))),
    };
  },
});
const freezeAll = everyTask('freeze every task', 'freeze', 'thaw');
/** ECS starts others in their place. */
const crashAll = everyTask('crash every task', 'crash');

/** An experiment that was running well, until one of its own stop conditions ended it. */
const haltedExperiment: Fault = {
  ...noFault(),
  arm: async (field) => ({
    ...(await noFault().arm(field)),
    async prove() {
      const seen = {
        id: 'EXP1',
        templateId: 'EXT1',
        targets: [{ name: 'tasks', resolved: 1 }],
        dryRun: 'done' as const,
      };
      field.noteExperiment({ ...seen, state: 'stopped', reason: 'Experiment halted by stop condition.' });
      return { proved: true, why: 'it was seen to strike' };
    },
  }),
};

interface Case {
  readonly name: string;
  readonly rails: () => Promise<Parameters<typeof drill>[0]>;
  readonly by: RegExp;
  readonly fault?: Fault;
}

test.each<Case>([
  {
    name: 'an experiment that AWS FIS has broken off',
    rails: async () => ({}),
    by: /^AWS FIS: experiment EXP1 is stopped: Experiment halted by stop condition\.$/,
    fault: haltedExperiment,
  },
  {
    name: 'its length',
    rails: async () => ({ blastRadius: { lengthMax: { ms: 1 } } }),
    by: /^blastRadius\.lengthMax: /,
  },
  {
    name: 'a measured outage',
    rails: async () => ({ stopIf: { alarms: [], downtimeExceeds: { ms: 400 } } }),
    by: /^stopIf\.downtimeExceeds: probe .*longer than 400 ms/,
  },
  // The last: its tasks are still being replaced when it has ended.
  {
    name: 'an alarm that a real outage trips',
    async rails() {
      // Tasks that died are replaced one after the other: both need never be missing for a whole period.
      const tooFew = { Statistic: 'Minimum', Threshold: 2, ComparisonOperator: 'LessThanThreshold' } as const;
      // One bad period of four: it rings for longer than from one look at it to the next.
      const rings = { EvaluationPeriods: 4, DatapointsToAlarm: 1 };
      await alarm('sick', { MetricName: 'HealthyHostCount', ...tooFew, ...rings }, 'OK');
      return { stopIf: { alarms: ['sick'] } };
    },
    by: /^stopIf\.alarms: sick is in ALARM$/,
    fault: crashAll,
  },
])('$name ends the drill, which is undone and never met', { timeout: 60_000 }, async ({ rails, by, fault }) => {
  vi.mocked(holdSteady).mockResolvedValueOnce();
  const evidence = await drill(await rails(), { fault: fault ?? freezeAll });
  expect(evidence.stopped?.by ?? `not stopped: ${evidence.undecided}`).toMatch(by);
  expect(evidence.undecided).toBeUndefined();
  expect(evidence.harnessFailed).toBeUndefined();
  expect(evidence.phases.find(({ phase }) => phase === 'undo')?.outcome).toBe('done');
  expect(openIntents(readJournal(journal()))).toEqual([]);
  await writeDrillEvidence(folder(), evidence);
  const { verdict, why } = await judgeDrillFolder(folder(), evidence.drillId, system, true);
  expect(['unknown', 'missed']).toContain(verdict);
  expect(why).toContain('stopped by ');
});
