import {
  type ContainerDefinition,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  paginateListClusters,
  paginateListServices,
  type Service,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { chooseOne } from './choose-one.ts';
import type { FoundService } from './core/found.ts';
import type { Wanted } from './read-account.ts';

/** A service as ECS alone describes it. */
export interface EcsFound extends Omit<FoundService, 'hosts' | 'health'> {
  readonly targetGroupArns: readonly string[];
}

/** ECS describes so many services at a time (API reference, DescribeServices). */
const DESCRIBED_AT_ONCE = 10;

const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** The cluster of the system and all services in it. */
export async function readServices(wanted: Wanted): Promise<{ cluster: string; services: EcsFound[] }> {
  const { ecs } = clientsOf(wanted.stage, wanted.region);
  const clusters = (await allPages(paginateListClusters({ client: ecs }, {}))).flatMap(
    ({ clusterArns = [] }) => clusterArns,
  );
  const choice = { what: 'ECS clusters', where: wanted.region, flag: '--cluster', named: wanted.cluster };
  const cluster = nameIn(chooseOne(choice, clusters, nameIn));
  const listed = await allPages(paginateListServices({ client: ecs }, { cluster }));
  const arns = listed.flatMap(({ serviceArns = [] }) => serviceArns).sort();
  const described: Service[] = [];
  for (let at = 0; at < arns.length; at += DESCRIBED_AT_ONCE) {
    const asked = { cluster, services: arns.slice(at, at + DESCRIBED_AT_ONCE) };
    described.push(...((await ecs.send(new DescribeServicesCommand(asked))).services ?? []));
  }
  if (described.length === 0) {
    throw new KunrenError('nothing-found', `The cluster ${cluster} has no services.`, 'name another with --cluster.');
  }
  return { cluster, services: await Promise.all(described.map((service) => readService(ecs, service))) };
}

async function readService(ecs: ECSClient, service: Service): Promise<EcsFound> {
  const taskDefinition = service.taskDefinition;
  const { taskDefinition: definition = {} } =
    taskDefinition === undefined ? {} : await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  const container = mainContainer(definition, service);
  const memoryMiB = Number(definition.memory ?? container.memory ?? container.memoryReservation);
  const logGroup = container.logConfiguration?.options?.['awslogs-group'];
  const { launchType } = service;
  return {
    name: service.serviceName ?? '',
    ...(launchType !== undefined && launchType !== 'FARGATE' && { launchType }),
    desiredCount: service.desiredCount ?? 0,
    ...(Number.isFinite(memoryMiB) && { memoryMiB }),
    ...(container.stopTimeout !== undefined && { stopTimeoutS: container.stopTimeout }),
    ...(logGroup !== undefined && { logGroup }),
    environmentNames: namesOf(container),
    targetGroupArns: (service.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []),
  };
}

/** The one that users reach, else the first that a task cannot do without. */
function mainContainer({ containerDefinitions = [] }: TaskDefinition, service: Service): ContainerDefinition {
  const reached = service.loadBalancers?.[0]?.containerName;
  return (
    containerDefinitions.find(({ name }) => name === reached) ??
    containerDefinitions.find(({ essential }) => essential !== false) ??
    {}
  );
}

/** What the stage gives by itself is not the config's to set. */
const GIVEN = ['PORT', 'DATABASE_URL'];

const namesOf = ({ environment = [], secrets = [] }: ContainerDefinition): string[] =>
  [...environment, ...secrets]
    .flatMap(({ name }) => name ?? [])
    .filter((name) => !GIVEN.includes(name))
    .sort();
