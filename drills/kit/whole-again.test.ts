import { afterEach, expect, test } from 'vitest';
import type { Field } from '../../fixtures/core/fault.ts';
import { type TestAccount, testAccount } from '../../fixtures/stages/test-account.ts';
import { Book } from '../procedures/book.ts';
import { nothingIsUntold, systemEndsWhole } from './checks.ts';
import type { Facts } from './spec.ts';
import { systemIsWholeAgain } from './zone-checks.ts';

let account: TestAccount;
afterEach(() => account.close());

const task = (n: number, availabilityZone: string) => ({
  ...{ taskArn: `arn:${n}`, lastStatus: 'RUNNING', availabilityZone },
});
const tasks = (...zones: string[]) => ({ tasks: zones.map((zone, n) => task(n, zone)) });
const alone = tasks('r-c', 'r-c');
const spread = tasks('r-a', 'r-c');

/** A system of one service, whose tasks are described like this, look by look. */
async function fieldWith(
  { standby, rebalancing, looks }: { standby?: string; rebalancing?: string; looks: readonly object[] },
  kind: 'twin' | 'localstack' = 'twin',
) {
  const service = {
    ...{ serviceName: 'web', runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] },
    ...{ loadBalancers: [{ targetGroupArn: 'arn:g' }], availabilityZoneRebalancing: rebalancing },
  };
  const database = { DBInstanceStatus: 'available', MultiAZ: true, AvailabilityZone: 'r-a' };
  const healthy = { TargetHealth: { State: 'healthy' } };
  account = await testAccount(
    {
      rds: { DescribeDBInstances: [{ DBInstances: [{ ...database, SecondaryAvailabilityZone: standby }] }] },
      ecs: {
        DescribeServices: [{ services: [service] }],
        ListTasks: [{ taskArns: ['arn:0', 'arn:1'] }],
        DescribeTasks: looks as { tasks: object[] }[],
      },
      elasticloadbalancing: { DescribeTargetHealth: [{ TargetHealthDescriptions: [healthy, healthy] }] },
    },
    'in vain',
  );
  const warnings: string[] = [];
  const { field } = account;
  const services = [{ name: 'web', host: 'web.example', desiredCount: 2 }];
  return {
    warnings,
    field: {
      ...{ ...field, system: { ...field.system, services }, stage: { ...field.stage, kind } },
      warn: (text: string) => void warnings.push(text),
    } as unknown as Field,
  };
}

test.each([
  ['spread over two zones', 'ENABLED', [spread], 'all tasks run', []],
  ['first in one zone, then spread', 'ENABLED', [alone, alone, spread], 'all tasks run', []],
  ['in one zone for ever', 'ENABLED', [alone], /not whole again: all tasks of web run in r-c/, []],
  [
    'in one zone, which ECS leaves them in',
    'DISABLED',
    [alone],
    'all tasks run',
    [/^all tasks of web run in r-c, and ECS/],
  ],
] as const)('after a zone was lost, tasks that are %s', async (_, rebalancing, looks, said, warned) => {
  const { field, warnings } = await fieldWith({ standby: 'r-c', rebalancing, looks });
  const run = systemIsWholeAgain('whole-again').run(field, new Book());
  if (typeof said === 'string') expect(await run).toMatch(said);
  else await expect(run).rejects.toThrow(said);
  expect(warnings).toEqual(warned.map((text) => expect.stringMatching(text)));
});

const HIT = { targets: ['arn'], tasks: 0, zones: ['r-a'], instances: ['db'] };

test.each([
  ['told', 'r-c', HIT, 'localstack', 'yes', /^nothing is missing$/],
  ['not told', undefined, HIT, 'localstack', 'unknown', /tells no zone of a standby/],
  ['not told, and never lost', undefined, { ...HIT, tasks: 1, instances: [] }, 'localstack', 'yes', /nothing/],
  ['not told, where nothing was hit', undefined, undefined, 'localstack', 'unknown', /tells no zone of a standby/],
  ['not there', undefined, HIT, 'twin', 'no', /no standby zone/],
] as const)('that the standby is back, when it is %s, is judged rightly', async (...row) => {
  const [, standby, hits, kind, outcome, seen] = row;
  const { field } = await fieldWith({ ...(standby && { standby }), looks: [spread] }, kind);
  const check = systemEndsWhole('system-whole', { en: 'it has its standby again', ja: '待機系がある' });
  expect(await check({ field, hits } as unknown as Facts)).toMatchObject({
    outcome,
    seen: expect.stringMatching(seen),
  });
});

test.each([
  ['is told', 'r-c', 'yes'],
  ['is not told', undefined, 'unknown'],
])('where a standby that was hit %s, that nothing is left untold is judged rightly', async (_, standby, outcome) => {
  const { field } = await fieldWith({ ...(standby && { standby }), looks: [spread] }, 'localstack');
  const check = nothingIsUntold('whole-told', { en: 'all is told', ja: '確認できる' });
  expect(await check({ field, hits: HIT } as unknown as Facts)).toMatchObject({ outcome });
});
