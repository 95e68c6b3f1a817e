import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { System } from '../../fixtures/core/system.ts';
import { zoneOutageTemplate } from '../../fixtures/fis/core/built-templates.ts';
import { type Script, type TestAccount, testAccount } from '../../fixtures/stages/test-account.ts';
import { GUARDS, guardNeeds } from './guard-needs.ts';
import { examine } from './need.ts';

const folder = mkdtempSync(join(tmpdir(), 'kunren-needs-'));
let account: TestAccount;
afterEach(() => account.close());
afterAll(() => rmSync(folder, { recursive: true }));

const arn = (service: string, resource: string): string => `arn:aws:${service}:r:123456789012:${resource}`;
const database = arn('rds', 'db:db');
const subnet = arn('ec2', 'subnet/subnet-1');
const parts = { roleArn: 'arn:aws:iam::123456789012:role/fis', stopAlarmArns: [] };

/** What is said of an account in which a template of the config cuts one subnet off. */
async function said(tagged: readonly string[], ec2: { readonly [operation: string]: Script }) {
  const described = { DBInstanceIdentifier: 'db', DBInstanceArn: database };
  const list = tagged.map((ResourceARN) => ({ ResourceARN, Tags: [{ Key: 'drill', Value: 'yes' }] }));
  account = await testAccount({
    rds: { DescribeDBInstances: [{ DBInstances: [described] }] },
    ecs: { ListTasks: [{ taskArns: [] }] },
    tagging: { GetResources: [{ ResourceTagMappingList: list, PaginationToken: '' }] },
    ec2,
  });
  const template = join(folder, 'template.json');
  writeFileSync(template, JSON.stringify(zoneOutageTemplate(parts, 'r-a', [subnet])));
  const rails = { alarms: [], stopIf: { alarms: [] }, blastRadius: {}, optInTag: { key: 'drill', value: 'yes' } };
  const system = { ...account.field.system, guardRails: rails, fis: { ...parts, template } } as unknown as System;
  const stage = { ...account.field.stage, kind: 'aws' } as const;
  const need = guardNeeds({ stage, system }).find(({ name }) => name === GUARDS.tagged);
  const { state, text } = await examine(need!);
  return `${state}: ${text}`;
}

const subnets: Script = [{ Subnets: [{ SubnetId: 'subnet-1', AvailabilityZone: 'r-a' }] }];

test.each([
  [
    'tagged',
    [database, subnet],
    { DescribeSubnets: subnets },
    /^ok: .* and what an experiment cuts off \(\S+:subnet\/subnet-1\)$/,
  ],
  ['bare', [database], { DescribeSubnets: subnets }, /^missing: drill=yes is not on \S+:subnet\/subnet-1\. Remedy: /],
  ['not to be seen', [database, subnet], {}, /^unknown: /],
])('a subnet that the config’s own template cuts off is %s', async (_, tagged, ec2, says) => {
  expect(await said(tagged, ec2)).toMatch(says);
});
