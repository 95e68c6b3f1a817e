import { afterEach, expect, test } from 'vitest';
import type { Field, Intent } from '../../fixtures/core/fault.ts';
import { type TestAccount, testAccount } from '../../fixtures/stages/test-account.ts';
import { Book } from './book.ts';
import type { RestoreChoice } from './core/restore-choice.ts';
import { restoreDatabase } from './restore-database.ts';

let account: TestAccount;
afterEach(() => account.close());

const source = {
  ...{ DBInstanceIdentifier: 'db', DBInstanceClass: 'db.t4g.medium', MultiAZ: true, DeletionProtection: true },
  ...{ VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1' }], DBSubnetGroup: { DBSubnetGroupName: 'subnets' } },
  ...{ DBParameterGroups: [{ DBParameterGroupName: 'tokyo' }], PubliclyAccessible: false },
};
/** What a restored instance is asked to be: as its source, but for what would keep it from being deleted, or costs more. */
const asked = {
  ...{ DBInstanceClass: 'db.t4g.medium', MultiAZ: false, DeletionProtection: false, PubliclyAccessible: false },
  ...{ VpcSecurityGroupIds: ['sg-1'], DBSubnetGroupName: 'subnets', DBParameterGroupName: 'tokyo' },
  Tags: expect.arrayContaining([{ Key: 'kunren:run', Value: 'run-1' }]),
};
const takenAt = new Date('2026-01-02T03:04:05Z');

test.each<{ operation: string; choice: RestoreChoice; named: object }>([
  {
    operation: 'RestoreDBInstanceToPointInTime',
    choice: { kind: 'time', at: takenAt, lostMsMax: 0 },
    named: { SourceDBInstanceIdentifier: 'db', RestoreTime: takenAt },
  },
  {
    operation: 'RestoreDBInstanceFromDBSnapshot',
    choice: { kind: 'snapshot', snapshot: { id: 's', takenAt }, lostMsMax: 0 },
    named: { DBSnapshotIdentifier: 's' },
  },
])('$operation of a protected instance asks for one that can be deleted, and says so beforehand', async (row) => {
  const { operation, choice, named } = row;
  const sent: object[] = [];
  const intents: Intent[] = [];
  // The name of the new instance is not the source's: it has failed, so that nothing is waited for.
  const describe = ({ DBInstanceIdentifier }: { DBInstanceIdentifier: string }) => ({
    DBInstances: [DBInstanceIdentifier === 'db' ? source : { DBInstanceIdentifier, DBInstanceStatus: 'failed' }],
  });
  const restore = (input: object) => {
    expect(intents).toHaveLength(1);
    sent.push(input);
    return {};
  };
  account = await testAccount({ rds: { DescribeDBInstances: [describe], [operation]: [restore] } });
  const change: Field['change'] = async (intent, make) => {
    intents.push(intent);
    return await make();
  };
  const book = new Book();
  book.choice = choice;
  await expect(restoreDatabase.run({ ...account.field, change }, book)).rejects.toThrow('RDS failed to restore');
  expect(sent).toEqual([expect.objectContaining({ ...asked, ...named })]);
  const parameters = expect.objectContaining({ ...asked, ...named });
  expect(intents).toEqual([expect.objectContaining({ call: `rds:${operation}`, parameters })]);
});
