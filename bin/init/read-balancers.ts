import {
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
  paginateDescribeRules,
  type Rule,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Stage } from '../../fixtures/core/stage.ts';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import type { FoundService } from './core/found.ts';
import { type DnsName, hostsOfService } from './core/hosts.ts';
import type { EcsFound } from './read-services.ts';

export type BalancedService = EcsFound & Pick<FoundService, 'hosts' | 'health'>;

/** Adds to each service the hosts and the health path that its balancers have for it. */
export async function readBalancers(
  stage: Stage,
  region: string,
  services: readonly EcsFound[],
  dnsNames: readonly DnsName[],
): Promise<BalancedService[]> {
  const { elb } = clientsOf(stage, region);
  return await Promise.all(services.map((service) => withBalancer(elb, service, dnsNames)));
}

async function withBalancer(
  elb: ElasticLoadBalancingV2Client,
  service: EcsFound,
  dnsNames: readonly DnsName[],
): Promise<BalancedService> {
  if (service.targetGroupArns.length === 0) return { ...service, hosts: [] };
  const asked = { TargetGroupArns: [...service.targetGroupArns] };
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand(asked));
  const balancers = [...new Set(TargetGroups.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns))];
  const hosts = (await Promise.all(balancers.map((arn) => hostsOf(elb, arn, service, dnsNames)))).flat();
  const health = healthOf(TargetGroups);
  return { ...service, hosts: [...new Set(hosts)], ...(health !== undefined && { health }) };
}

function healthOf([group]: TargetGroup[]): FoundService['health'] {
  const path = group?.HealthCheckPath;
  return path === undefined ? undefined : { path, status: group?.Matcher?.HttpCode ?? '200' };
}

async function hostsOf(
  elb: ElasticLoadBalancingV2Client,
  LoadBalancerArn: string,
  { targetGroupArns }: EcsFound,
  dnsNames: readonly DnsName[],
): Promise<string[]> {
  const listeners = (await allPages(paginateDescribeListeners({ client: elb }, { LoadBalancerArn }))).flatMap(
    ({ Listeners = [] }) => Listeners,
  );
  const rules: Rule[] = [];
  for (const { ListenerArn } of listeners) {
    const pages = await allPages(paginateDescribeRules({ client: elb }, { ListenerArn }));
    rules.push(...pages.flatMap(({ Rules = [] }) => Rules));
  }
  const asked = { LoadBalancerArns: [LoadBalancerArn] };
  const balancers = await allPages(paginateDescribeLoadBalancers({ client: elb }, asked));
  const own = balancers.flatMap(({ LoadBalancers = [] }) => LoadBalancers.flatMap(({ DNSName }) => DNSName ?? []));
  return own.flatMap((name) => hostsOfService(rules, targetGroupArns, name, dnsNames));
}
