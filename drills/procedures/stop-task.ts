import { DescribeTasksCommand, paginateListTasks, StopTaskCommand } from '@aws-sdk/client-ecs';
import { until } from '../../fixtures/core/until.ts';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import type { MadeBy } from './made-by.ts';

/** Stops the tasks that were started under a name of the run's, and waits until none of them runs. */
export async function stopTasks(place: MadeBy, region: string, startedBy: string): Promise<void> {
  const { cluster } = place.system;
  const { ecs } = clientsOf(place.stage, region);
  const stopping = new Set<string>();
  await until(
    place.clock,
    {
      name: `the tasks started by ${startedBy} to stop`,
      limitMs: place.patience.deleteMs,
      everyMs: place.patience.pollMs,
      signal: place.signal,
      remedy: `look at the tasks of cluster ${cluster}.`,
    },
    async () => {
      for (const task of await tasksStartedBy(place, region, startedBy)) {
        stopping.add(task);
        await ecs.send(new StopTaskCommand({ cluster, task, reason: 'The drill needs it no more.' }));
      }
      if (stopping.size === 0) return true;
      const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [...stopping] }));
      return tasks.every(({ lastStatus }) => lastStatus === 'STOPPED') ? true : undefined;
    },
  );
}

/** ARNs of the tasks started under that name that are meant to run. */
export async function tasksStartedBy(
  { stage, system: { cluster } }: Pick<MadeBy, 'stage' | 'system'>,
  region: string,
  startedBy: string,
): Promise<string[]> {
  const { ecs } = clientsOf(stage, region);
  const pages = await allPages(paginateListTasks({ client: ecs }, { cluster, startedBy }));
  return pages.flatMap(({ taskArns = [] }) => taskArns);
}
