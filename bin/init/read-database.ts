import {
  type DBInstance,
  DescribeDBSubnetGroupsCommand,
  paginateDescribeDBInstances,
  paginateDescribeDBParameters,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { chooseOne } from './choose-one.ts';
import type { FoundDatabase } from './core/found.ts';
import type { Wanted } from './read-account.ts';

/** The database of the system, as RDS describes it. */
export async function readDatabase({ stage, region, database: named }: Wanted): Promise<FoundDatabase> {
  const { rds } = clientsOf(stage, region);
  const pages = await allPages(paginateDescribeDBInstances({ client: rds }, {}));
  const instances = pages.flatMap(({ DBInstances = [] }) => DBInstances);
  const choice = { what: 'RDS instances', where: region, flag: '--database', named };
  const instance = chooseOne(choice, instances, ({ DBInstanceIdentifier = '' }) => DBInstanceIdentifier);
  const parameterGroup = await readParameterGroup(rds, instance);
  const { DBName: name, DBSubnetGroup } = instance;
  const subnetGroup = DBSubnetGroup?.DBSubnetGroupName;
  return {
    id: instance.DBInstanceIdentifier ?? '',
    engine: instance.Engine ?? '',
    multiAz: instance.MultiAZ === true,
    instanceClass: instance.DBInstanceClass ?? '',
    allocatedStorageGiB: instance.AllocatedStorage ?? 0,
    ...(name !== undefined && { name }),
    masterUser: instance.MasterUsername ?? '',
    securityGroups: (instance.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
    ...(subnetGroup !== undefined && subnetGroup !== 'default' && { subnetGroup }),
    zones: await readZones(rds, instance),
    ...(parameterGroup !== undefined && { parameterGroup }),
    publiclyAccessible: instance.PubliclyAccessible === true,
    deletionProtection: instance.DeletionProtection === true,
    retentionDays: instance.BackupRetentionPeriod ?? 0,
  };
}

async function readZones(rds: RDSClient, instance: DBInstance): Promise<string[]> {
  const name = instance.DBSubnetGroup?.DBSubnetGroupName;
  const own = [instance.AvailabilityZone, instance.SecondaryAvailabilityZone].flatMap((zone) => zone ?? []);
  if (name === undefined) return [...new Set(own)].sort();
  const { DBSubnetGroups = [] } = await rds.send(new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: name }));
  const subnets = DBSubnetGroups.flatMap(({ Subnets = [] }) => Subnets);
  const zones = subnets.flatMap(({ SubnetAvailabilityZone }) => SubnetAvailabilityZone?.Name ?? []);
  return [...new Set([...own, ...zones])].sort();
}

/** The group with what a user has set in it. RDS's own default groups hold nothing of his. */
async function readParameterGroup(rds: RDSClient, instance: DBInstance): Promise<FoundDatabase['parameterGroup']> {
  const name = instance.DBParameterGroups?.[0]?.DBParameterGroupName;
  if (name === undefined || name.startsWith('default.')) return undefined;
  const asked = { DBParameterGroupName: name, Source: 'user' };
  const pages = await allPages(paginateDescribeDBParameters({ client: rds }, asked));
  const parameters = pages
    .flatMap(({ Parameters = [] }) => Parameters)
    .flatMap(({ ParameterName, ParameterValue }) =>
      ParameterName === undefined || ParameterValue === undefined ? [] : [[ParameterName, ParameterValue] as const],
    );
  return { name, parameters: Object.fromEntries(parameters) };
}
