import { type PlannedCall, plannedArn, plannedRead } from '../../../fixtures/core/planned-call.ts';
import type { System } from '../../../fixtures/core/system.ts';
import { lockName, takeoverName } from '../guard/lock-parameter.ts';

/** What every drill asks before it touches anything; `armed`: what its fault asks to choose its target. */
export function preflightCalls(system: System, armed: readonly PlannedCall[]): PlannedCall[] {
  const region = system.regions.primary;
  const { alarms, stopIf } = system.guardRails;
  const AlarmNames = [...new Set([...alarms, ...stopIf.alarms])];
  return [
    plannedRead('sts:GetCallerIdentity', region),
    ...(AlarmNames.length > 0 ? [plannedRead('cloudwatch:DescribeAlarms', region, { AlarmNames })] : []),
    plannedRead('fis:ListExperiments', region),
    ...wholeCalls(system),
    ...armed,
    ...(system.guardRails.optInTag === undefined
      ? []
      : [plannedRead('tag:GetResources', region, { ResourceARNList: ['of each target'] })]),
    ...lockCalls(system),
  ];
}

/** Whether the system is as its description says: asked before, while it recovers, and at the end. */
export function wholeCalls(system: System): PlannedCall[] {
  const region = system.regions.primary;
  return [
    plannedRead('rds:DescribeDBInstances', region, { DBInstanceIdentifier: system.database.id }),
    plannedRead('ecs:DescribeServices', region, {
      cluster: system.cluster,
      services: system.services.map(({ name }) => name),
    }),
    plannedRead('elasticloadbalancing:DescribeTargetHealth', region),
  ];
}

/** No two drills at a time on one system. One that has expired is taken over, by one at a time. */
function lockCalls(system: System): PlannedCall[] {
  const region = system.regions.primary;
  const put = (Name: string): PlannedCall => ({
    call: 'ssm:PutParameter',
    region,
    parameters: { Name, Overwrite: false },
    resources: lockResources(Name, region),
    undo: `ssm:DeleteParameter ${Name}`,
    needs: [{ action: 'ssm:AddTagsToResource', resources: lockResources(Name, region) }],
  });
  const names = [lockName(system), takeoverName(system)];
  const reads = names.map((Name) => lockCall('ssm:GetParameter', region, Name));
  return [...reads, put(takeoverName(system)), put(lockName(system))];
}

/** The lock is given back. */
export const unlockCalls = (system: System): PlannedCall[] =>
  [takeoverName(system), lockName(system)].map((Name) => lockCall('ssm:DeleteParameter', system.regions.primary, Name));

const lockCall = (call: string, region: string, Name: string): PlannedCall => ({
  ...{ call, region, parameters: { Name } },
  resources: lockResources(Name, region),
});

const lockResources = (name: string, region: string): string[] => [plannedArn('ssm', region, `parameter${name}`)];

/** What looks for leftovers, in both regions. */
export function inventoryCalls(system: System): PlannedCall[] {
  const { primary, recovery } = system.regions;
  const regions = recovery === undefined ? [primary] : [primary, recovery];
  return [
    ...regions.flatMap((region) => [
      plannedRead('rds:DescribeDBInstances', region),
      plannedRead('rds:DescribeDBSnapshots', region),
      plannedRead('rds:DescribeDBInstanceAutomatedBackups', region),
      plannedRead('fis:ListExperiments', region),
      plannedRead('fis:ListExperimentTemplates', region),
    ]),
    plannedRead('ecs:ListTasks', primary, { cluster: system.cluster }),
    plannedRead('ecs:DescribeTasks', primary, { cluster: system.cluster }),
  ];
}

/** Events are looked up for the timeline. */
export const eventCalls = (system: System): PlannedCall[] => [
  plannedRead('rds:DescribeEvents', system.regions.primary, { SourceIdentifier: system.database.id }),
];
