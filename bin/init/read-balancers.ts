import {
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
  type Rule,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Stage } from '../../fixtures/core/stage.ts';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import type { FoundService } from './core/found.ts';
import type { DnsName } from './read-dns-names.ts';
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

/** The hosts of the rules that lead to the service; without any, the names that lead to the balancer, its own last. */
async function hostsOf(
  elb: ElasticLoadBalancingV2Client,
  LoadBalancerArn: string,
  service: EcsFound,
  dnsNames: readonly DnsName[],
): Promise<string[]> {
  const listeners = (await allPages(paginateDescribeListeners({ client: elb }, { LoadBalancerArn }))).flatMap(
    ({ Listeners = [] }) => Listeners,
  );
  const rules: Rule[] = [];
  for (const { ListenerArn } of listeners) {
    rules.push(...((await elb.send(new DescribeRulesCommand({ ListenerArn }))).Rules ?? []));
  }
  const hosts = rules.filter((rule) => leadsTo(rule, service)).flatMap(hostsOfRule);
  if (hosts.length > 0) return hosts;
  const asked = { LoadBalancerArns: [LoadBalancerArn] };
  const balancers = await allPages(paginateDescribeLoadBalancers({ client: elb }, asked));
  const own = balancers.flatMap(({ LoadBalancers = [] }) => LoadBalancers.flatMap(({ DNSName }) => DNSName ?? []));
  const named = dnsNames.filter(({ leadsTo: to }) => own.some((name) => to.endsWith(name.toLowerCase())));
  return [...named.map(({ name }) => name), ...own.map((name) => name.toLowerCase())];
}

const leadsTo = ({ Actions = [] }: Rule, { targetGroupArns }: EcsFound): boolean =>
  Actions.some(({ TargetGroupArn, ForwardConfig }) =>
    [TargetGroupArn, ...(ForwardConfig?.TargetGroups ?? []).map((group) => group.TargetGroupArn)].some(
      (arn) => arn !== undefined && targetGroupArns.includes(arn),
    ),
  );

/** A pattern (`*.example.com`) is no host that could be asked. */
const hostsOfRule = ({ Conditions = [] }: Rule): string[] =>
  Conditions.filter(({ Field }) => Field === 'host-header')
    .flatMap(({ Values = [], HostHeaderConfig }) => HostHeaderConfig?.Values ?? Values)
    .filter((host) => !/[*?]/.test(host));
