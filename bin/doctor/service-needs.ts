import { paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeClustersCommand } from '@aws-sdk/client-ecs';
import type { SystemService } from '../../fixtures/core/system.ts';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { describeService, type Place } from '../../fixtures/stages/describe.ts';
import { addressOf, bodyOf, requestTo } from '../../fixtures/stages/service-request.ts';
import { askOnce } from '../../probes/http-probe.ts';
import { missing, type Need } from './need.ts';

/** How long a health path may take to answer, in milliseconds. Assumed: what is slower is no health page. */
const ANSWER_MS_MAX = 5_000;

/** What the drills need of the services, against what ECS, the logs and the services themselves say. */
export function serviceNeeds(place: Place): Need[] {
  const { cluster, services } = place.system;
  return [
    {
      name: `cluster ${cluster}`,
      async find() {
        const { ecs } = clientsOf(place.stage, place.system.regions.primary);
        const { clusters = [] } = await ecs.send(new DescribeClustersCommand({ clusters: [cluster] }));
        const status = clusters[0]?.status ?? 'MISSING';
        if (status !== 'ACTIVE') throw missing(`ECS says ${status}.`, 'correct cluster and regions.primary.');
        return status;
      },
    },
    ...services.flatMap((service) => needsOf(place, service)),
  ];
}

function needsOf(place: Place, service: SystemService): Need[] {
  const { name, logGroup, host, health } = service;
  return [
    { name: `service ${name}`, find: () => runningOf(place, service) },
    ...(logGroup === undefined ? [] : [{ name: `log group ${logGroup}`, find: () => findLogGroup(place, logGroup) }]),
    { name: `health of ${host}${health.path}`, find: () => askHealth(place, service) },
  ];
}

async function runningOf(place: Place, { name, desiredCount }: SystemService): Promise<string> {
  const described = await describeService(place, name);
  if (described?.status !== 'ACTIVE') {
    throw missing(`ECS says ${described?.status ?? 'MISSING'}.`, 'correct the name in services, or the cluster.');
  }
  if (described.desiredCount !== desiredCount) {
    const said = `ECS is to run ${described.desiredCount} tasks of it, and the config says ${desiredCount}.`;
    throw missing(said, 'correct desiredCount, or the service.');
  }
  if ((described.loadBalancers ?? []).length === 0) {
    throw missing('no balancer leads to it.', 'name a service that users reach.');
  }
  return `${described.runningCount} of ${desiredCount} tasks run`;
}

async function findLogGroup({ stage, system }: Place, logGroupName: string): Promise<string> {
  const { logs } = clientsOf(stage, system.regions.primary);
  const pages = await allPages(paginateDescribeLogGroups({ client: logs }, { logGroupNamePrefix: logGroupName }));
  if (pages.some(({ logGroups = [] }) => logGroups.some((group) => group.logGroupName === logGroupName)))
    return 'exists';
  throw missing('CloudWatch Logs has no such group.', 'correct logGroup of the service.');
}

async function askHealth({ stage }: Place, service: SystemService): Promise<string> {
  const { path, headers, status = 200, body } = service.health;
  const { origin, connectTo } = addressOf(stage, service);
  const answer = await askOnce({
    ...{ kind: 'http', name: 'health', connection: 'fresh' },
    request: requestTo(origin, { method: 'GET', path, headers }),
    expectStatus: status,
    ...bodyOf(body),
    ...connectTo,
    ...{ intervalMs: 1_000, deadlineMs: ANSWER_MS_MAX, slowMs: ANSWER_MS_MAX },
  });
  if (answer.outcome === 'bad') {
    const remedy = 'correct health in the config, or run this where users of the host are (a bastion, a task).';
    throw missing(`it answers ${answer.reason ?? 'wrongly'}.`, remedy);
  }
  return `right in ${Math.round(answer.answeredAtMs - answer.sentAtMs)} ms${body === undefined ? '; only its status was looked at' : ''}`;
}
