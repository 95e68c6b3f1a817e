import {
  type PlannedCall,
  plannedArn,
  plannedPassRole,
  plannedRead,
  plannedRole,
} from '../../fixtures/core/planned-call.ts';
import type { System } from '../../fixtures/core/system.ts';
import { dataService } from '../../fixtures/stages/system-data.ts';
import { drillName } from './restored-name.ts';

/** The name that a drill will give, but for the digits that only its run decides. */
const nameOf = (system: System, purpose: string): string =>
  drillName(system.database.id, purpose, '').replace(/[0-9a-f]{10}$/, '*');

const databaseArn = (system: System, id: string): string => plannedArn('rds', system.regions.primary, `db:${id}`);

const snapshotArn = (system: System, id: string): string => plannedArn('rds', system.regions.primary, `snapshot:${id}`);

/** RDS asks for it when something is made with tags. */
const tagging = (...resources: string[]): NonNullable<PlannedCall['needs']> => [
  { action: 'rds:AddTagsToResource', resources },
];

export const callsToTakeSnapshot = (system: System): PlannedCall[] => {
  const region = system.regions.primary;
  const id = nameOf(system, 'snapshot');
  return [
    {
      call: 'rds:CreateDBSnapshot',
      region,
      parameters: { DBInstanceIdentifier: system.database.id, DBSnapshotIdentifier: id },
      resources: [databaseArn(system, system.database.id), snapshotArn(system, id)],
      needs: tagging(snapshotArn(system, id)),
      undo: `rds:DeleteDBSnapshot ${id}`,
    },
    plannedRead('rds:DescribeDBSnapshots', region, { DBSnapshotIdentifier: id }),
  ];
};

export const callsToChooseState = (system: System): PlannedCall[] => {
  const region = system.regions.primary;
  const { id } = system.database;
  return [
    plannedRead('rds:DescribeDBInstances', region, { DBInstanceIdentifier: id }),
    plannedRead('rds:DescribeDBInstanceAutomatedBackups', region),
    plannedRead('rds:DescribeDBSnapshots', region, { DBInstanceIdentifier: id, SnapshotType: 'manual' }),
  ];
};

/** Which of the two restores it comes to is known when the state is chosen. */
export const callsToRestore = (system: System): PlannedCall[] => {
  const region = system.regions.primary;
  const { id, subnetGroup, parameterGroup, instanceClass } = system.database;
  const restored = nameOf(system, 'restored');
  const groups = [
    plannedArn('rds', region, `subgrp:${subnetGroup ?? '*'}`),
    plannedArn('rds', region, `pg:${parameterGroup?.name ?? '*'}`),
    plannedArn('rds', region, 'og:*'),
  ];
  const made = {
    ...{ region, needs: tagging(databaseArn(system, restored)), undo: `rds:DeleteDBInstance ${restored}` },
    costs: [{ unit: instanceClass, count: 1 }],
  };
  const wishes = { DBInstanceClass: instanceClass, DeletionProtection: false, MultiAZ: false };
  return [
    plannedRead('rds:DescribeDBInstances', region, { DBInstanceIdentifier: id }),
    {
      ...made,
      call: 'rds:RestoreDBInstanceToPointInTime',
      parameters: { ...wishes, SourceDBInstanceIdentifier: id, TargetDBInstanceIdentifier: restored },
      resources: [databaseArn(system, id), databaseArn(system, restored), ...groups],
    },
    {
      ...made,
      call: 'rds:RestoreDBInstanceFromDBSnapshot',
      parameters: { ...wishes, DBInstanceIdentifier: restored },
      resources: [snapshotArn(system, '*'), databaseArn(system, restored), ...groups],
      // One of the two is made, so it is paid for once.
      costs: [],
    },
  ];
};

export const callsToRunTask = (system: System): PlannedCall[] => {
  const region = system.regions.primary;
  const { cluster } = system;
  const { name } = dataService(system);
  return [
    plannedRead('ecs:DescribeServices', region, { cluster, services: [name] }),
    {
      call: 'ecs:RunTask',
      region,
      parameters: { cluster, startedBy: 'kunren/*' },
      resources: [plannedArn('ecs', region, 'task-definition/*')],
      needs: [
        plannedPassRole(plannedRole(region, '*'), 'ecs-tasks.amazonaws.com'),
        { action: 'ecs:TagResource', resources: [plannedArn('ecs', region, `task/${cluster}/*`)] },
      ],
      undo: 'ecs:StopTask of what it started',
      costs: [{ unit: 'fargate-task', count: 1 }],
    },
    plannedRead('ecs:DescribeTasks', region, { cluster }),
  ];
};

export const callsToStopTask = (system: System): PlannedCall[] => {
  const region = system.regions.primary;
  const { cluster } = system;
  return [
    plannedRead('ecs:ListTasks', region, { cluster, startedBy: 'kunren/*' }),
    {
      call: 'ecs:StopTask',
      region,
      parameters: { cluster },
      resources: [plannedArn('ecs', region, `task/${cluster}/*`)],
      onlyTagged: true,
    },
    plannedRead('ecs:DescribeTasks', region, { cluster }),
  ];
};

export const callsToDeleteRestored = (system: System): PlannedCall[] => {
  const region = system.regions.primary;
  const id = nameOf(system, 'restored');
  return [
    plannedRead('rds:DescribeDBInstances', region, { DBInstanceIdentifier: id }),
    {
      call: 'rds:DeleteDBInstance',
      region,
      parameters: { DBInstanceIdentifier: id, SkipFinalSnapshot: true, DeleteAutomatedBackups: true },
      resources: [databaseArn(system, id)],
      onlyTagged: true,
    },
  ];
};

export const callsToDeleteSnapshot = (system: System): PlannedCall[] => {
  const region = system.regions.primary;
  const id = nameOf(system, 'snapshot');
  return [
    plannedRead('rds:DescribeDBSnapshots', region, { DBSnapshotIdentifier: id }),
    {
      call: 'rds:DeleteDBSnapshot',
      region,
      parameters: { DBSnapshotIdentifier: id },
      resources: [snapshotArn(system, id)],
      onlyTagged: true,
    },
  ];
};

export const callsToSearchLog = (system: System): PlannedCall[] => {
  const { logGroup = '*' } = dataService(system);
  const region = system.regions.primary;
  return [
    {
      call: 'logs:FilterLogEvents',
      region,
      parameters: { logGroupName: logGroup, filterPattern: system.data?.mistake.logPattern },
      resources: [plannedArn('logs', region, `log-group:${logGroup}:*`)],
    },
  ];
};

export const callsToForceDeployment = (system: System): PlannedCall[] => {
  const region = system.regions.primary;
  const { cluster } = system;
  return system.services.map(({ name }) => ({
    call: 'ecs:UpdateService',
    region,
    parameters: { cluster, service: name, forceNewDeployment: true },
    resources: [plannedArn('ecs', region, `service/${cluster}/${name}`)],
    breaks: `only if ${name} does not come back by itself: its tasks are replaced one after the other`,
  }));
};
