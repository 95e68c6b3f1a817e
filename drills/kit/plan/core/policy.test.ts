import { expect, test } from 'vitest';
import { type PlannedCall, plannedPassRole } from '../../../../fixtures/core/planned-call.ts';
import { policyOf } from './policy.ts';

const call = (name: string, resources: string[], more: Partial<PlannedCall> = {}): PlannedCall => ({
  ...{ call: name, region: 'ap-northeast-1', parameters: {}, resources },
  ...more,
});

test('an action is allowed on the resources of its calls only, and the account stands in their ARNs', () => {
  const { Statement } = policyOf(
    [
      call('rds:RebootDBInstance', ['arn:aws:rds:r:{account}:db:a']),
      call('rds:RebootDBInstance', ['arn:aws:rds:r:{account}:db:b']),
      call('rds:DescribeDBInstances', ['*']),
      call('rds:DescribeDBInstances', ['arn:aws:rds:r:{account}:db:a']),
      call('ecs:ListTasks', ['*']),
    ],
    '123456789012',
  );
  expect(Statement).toEqual([
    { Sid: 'Kunren1', Effect: 'Allow', Action: ['ecs:ListTasks', 'rds:DescribeDBInstances'], Resource: ['*'] },
    {
      ...{ Sid: 'Kunren2', Effect: 'Allow', Action: ['rds:RebootDBInstance'] },
      Resource: ['arn:aws:rds:r:123456789012:db:a', 'arn:aws:rds:r:123456789012:db:b'],
    },
  ]);
});

test('what is deleted must carry the tag of a run; what an action needs beside it is allowed too', () => {
  const { Statement } = policyOf(
    [
      call('ecs:StopTask', ['arn:t'], { onlyTagged: true }),
      call('ecs:RunTask', ['arn:d'], { needs: [{ action: 'iam:PassRole', resources: ['arn:r'] }] }),
      call('fis:Start', ['arn:d'], { needs: [plannedPassRole('arn:r', 'fis.amazonaws.com')] }),
    ],
    '*',
  );
  expect(Statement.map(({ Action, Resource, Condition }) => [Action, Resource, Condition])).toEqual([
    [['ecs:RunTask', 'fis:Start'], ['arn:d'], undefined],
    [['ecs:StopTask'], ['arn:t'], { StringLike: { 'aws:ResourceTag/kunren:run': '*' } }],
    [['iam:PassRole'], ['arn:r'], undefined],
    [['iam:PassRole'], ['arn:r'], { StringEquals: { 'iam:PassedToService': 'fis.amazonaws.com' } }],
  ]);
});
