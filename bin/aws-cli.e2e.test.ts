import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kunren, testFolder } from './run-kunren.ts';

// The AWS CLI, unmodified, with only an endpoint and dummy credentials: the runbook's own commands.
const AWS = process.env['KUNREN_AWS_CLI'] ?? 'aws';
const works = spawnSync(AWS, ['--version']).status === 0;
if (!works) process.stderr.write('skipped: the AWS CLI is not installed (set KUNREN_AWS_CLI)\n');

describe.skipIf(!works)('the AWS CLI against the twin', () => {
  let home: string;
  let env: { [name: string]: string };
  let endpoint = '';

  beforeAll(async () => {
    home = testFolder();
    env = { KUNREN_HOME: join(home, 'stages') };
    expect((await kunren(['stage', 'up'], env)).code).toBe(0);
    const status = await kunren(['stage', 'status', '--json'], env);
    endpoint = (JSON.parse(status.stdout) as { endpoint: string }).endpoint;
  });
  afterAll(async () => {
    const down = await kunren(['stage', 'down'], env);
    rmSync(home, { recursive: true, force: true });
    expect(down.code).toBe(0);
  });

  const aws = (...args: string[]): string =>
    execFileSync(AWS, args, {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: 'any',
        AWS_SECRET_ACCESS_KEY: 'any',
        AWS_DEFAULT_REGION: 'ap-northeast-1',
      },
    });
  const json = (...args: string[]): unknown => JSON.parse(aws(...args));
  const zone = (): unknown =>
    json(
      'rds',
      'describe-db-instances',
      '--db-instance-identifier',
      'facility-prod-db',
      '--query',
      'DBInstances[0].AvailabilityZone',
    );

  test('scenario 1: describe the service, force a new deployment, wait for it', { timeout: 120_000 }, () => {
    const service = ['--cluster', 'facility-prod-cluster', '--services', 'staff-api'];
    const query = 'services[0].{RunningCount:runningCount,DesiredCount:desiredCount}';
    expect(json('ecs', 'describe-services', ...service, '--query', query)).toEqual({
      RunningCount: 2,
      DesiredCount: 2,
    });
    const before = json('ecs', 'list-tasks', '--cluster', 'facility-prod-cluster') as { taskArns: string[] };
    aws(
      'ecs',
      'update-service',
      '--cluster',
      'facility-prod-cluster',
      '--service',
      'staff-api',
      '--force-new-deployment',
    );
    aws('ecs', 'wait', 'services-stable', ...service);
    const after = json('ecs', 'list-tasks', '--cluster', 'facility-prod-cluster') as { taskArns: string[] };
    expect(after.taskArns).toHaveLength(2);
    expect(after.taskArns.some((arn) => before.taskArns.includes(arn))).toBe(false);
  });

  test('scenario 2 and exercise 3: note the zone, fail over, wait, look again', { timeout: 120_000 }, () => {
    const query = 'DBInstances[0].{Status:DBInstanceStatus,MultiAZ:MultiAZ,AvailabilityZone:AvailabilityZone}';
    const instance = ['--db-instance-identifier', 'facility-prod-db'];
    const before = json('rds', 'describe-db-instances', ...instance, '--query', query);
    expect(before).toMatchObject({ Status: 'available', MultiAZ: true });
    const zoneBefore = zone();
    aws('rds', 'reboot-db-instance', ...instance, '--force-failover');
    aws('rds', 'wait', 'db-instance-available', ...instance);
    // The waiter may have seen the state from before the failover: ask until the zone has changed.
    const deadline = performance.now() + 30_000;
    while (zone() === zoneBefore && performance.now() < deadline);
    expect(zone()).not.toBe(zoneBefore);
    const events = json(
      'rds',
      'describe-events',
      '--source-identifier',
      'facility-prod-db',
      '--source-type',
      'db-instance',
      '--duration',
      '60',
    ) as {
      Events: { Message: string }[];
    };
    expect(events.Events.map((event) => event.Message).join('\n')).toMatch(
      /failover started[\s\S]*restarted[\s\S]*failover completed/,
    );
  });

  test('an unknown instance and an unsupported call are refused by name', () => {
    const call = (...args: string[]): string => {
      try {
        return aws(...args);
      } catch (error) {
        return String((error as { stderr: unknown }).stderr);
      }
    };
    expect(call('rds', 'describe-db-instances', '--db-instance-identifier', 'nope')).toContain('DBInstanceNotFound');
    expect(call('rds', 'create-db-cluster', '--db-cluster-identifier', 'c', '--engine', 'aurora-postgresql')).toContain(
      'CreateDBCluster',
    );
  });
});
