import { afterEach, expect, test } from 'vitest';
import type { System } from '../../fixtures/core/system.ts';
import { type TestAccount, testAccount } from '../../fixtures/stages/test-account.ts';
import { databaseNeeds } from './database-needs.ts';
import { examine } from './need.ts';

let account: TestAccount;
afterEach(() => account.close());

const WELL = {
  ...{
    DBInstanceIdentifier: 'db',
    DBInstanceStatus: 'available',
    Engine: 'postgres',
    DBInstanceClass: 'db.t4g.medium',
  },
  ...{ MultiAZ: true, AvailabilityZone: 'r-a', SecondaryAvailabilityZone: 'r-c', BackupRetentionPeriod: 7 },
};

test.each([
  ['nothing at all', {}, []],
  ['another engine', { Engine: 'mysql' }, [/^missing database db: its engine is mysql, not postgres\. Remedy: /]],
  ['a database under change', { DBInstanceStatus: 'modifying' }, [/^missing database db: its status is modifying\./]],
  ['Multi-AZ off', { MultiAZ: false }, [/^missing Multi-AZ: the database has no standby\. Remedy: make it Multi-AZ/]],
  ['backups off', { BackupRetentionPeriod: 0 }, [/^missing backups: automated backups are off\. Remedy: keep them/]],
])('%s is told of', async (_, differs, says) => {
  account = await testAccount({ rds: { DescribeDBInstances: [{ DBInstances: [{ ...WELL, ...differs }] }] } });
  const system = { ...account.field.system, database: { id: 'db', engine: 'postgres' } } as System;
  const examined = await Promise.all(databaseNeeds({ ...account.field, system }).map(examine));
  const lacking = examined
    .filter(({ state }) => state !== 'ok')
    .map(({ state, name, text }) => `${state} ${name}: ${text}`);
  expect(lacking).toEqual(says.map((one) => expect.stringMatching(one)));
});
