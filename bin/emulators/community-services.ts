import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateTagsCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api';
import { CreateHostedZoneCommand, ListHostedZonesCommand, Route53Client } from '@aws-sdk/client-route-53';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { lockValue, removeLock } from '../../drills/kit/guard/lock-parameter.ts';
import type { Stage } from '../../fixtures/core/stage.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';

const REGION = 'ap-northeast-1';

/** What each service that LocalStack's community runtime has answers to our clients, in a few words. */
export async function askCommunityServices(stage: Stage): Promise<{ readonly [service: string]: unknown }> {
  const { sts, ec2, cloudwatch, ssm, tagging, logs } = clientsOf(stage, REGION);
  const { Account } = await sts.send(new GetCallerIdentityCommand({}));
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const alarm = { AlarmName: 'kunren', MetricName: 'm', Namespace: 'n', Statistic: 'Average', Period: 60 } as const;
  const bounds = { EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' } as const;
  await cloudwatch.send(new PutMetricAlarmCommand({ ...alarm, ...bounds }));
  const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({}));
  const Name = '/kunren/lock/a-system';
  await ssm.send(new PutParameterCommand({ Name, Value: 'mine', Type: 'String' }));
  const held = await lockValue(stage, REGION, Name);
  await removeLock(stage, REGION, Name);
  const [{ SubnetId = '' } = {}] = Subnets;
  await ec2.send(new CreateTagsCommand({ Resources: [SubnetId], Tags: [{ Key: 'kunren', Value: 'yes' }] }));
  const TagFilters = [{ Key: 'kunren', Values: ['yes'] }];
  const { ResourceTagMappingList = [] } = await tagging.send(new GetResourcesCommand({ TagFilters }));
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/kunren' }));
  const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/kunren', filterPattern: 'DELETE' }));
  return {
    sts: Account,
    ec2: Subnets.length > 0,
    cloudwatch: MetricAlarms.map(({ AlarmName }) => AlarmName),
    ssm: [held, await lockValue(stage, REGION, Name)],
    tagging: ResourceTagMappingList.map(({ ResourceARN = '' }) => ResourceARN.endsWith(`subnet/${SubnetId}`)),
    logs: events,
    route53: await hostedZone(stage),
    cloudformation: await stack(stage),
  };
}

async function hostedZone(stage: Stage): Promise<unknown> {
  const client = new Route53Client(stage.clientSettings(REGION));
  try {
    await client.send(new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: 'kunren' }));
    return (await client.send(new ListHostedZonesCommand({}))).HostedZones?.map(({ Name }) => Name);
  } finally {
    client.destroy();
  }
}

async function stack(stage: Stage): Promise<unknown> {
  const client = new CloudFormationClient(stage.clientSettings(REGION));
  const Resources = { Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'v' } } };
  try {
    await client.send(new CreateStackCommand({ StackName: 'kunren', TemplateBody: JSON.stringify({ Resources }) }));
    return (await client.send(new DescribeStacksCommand({}))).Stacks?.map(({ StackName }) => StackName);
  } finally {
    client.destroy();
  }
}
