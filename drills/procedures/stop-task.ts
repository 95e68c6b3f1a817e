import { DescribeTasksCommand, paginateListTasks, StopTaskCommand } from '@aws-sdk/client-ecs';
import { until } from '../../fixtures/core/until.ts';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import type { MadeBy } from './made-by.ts';

/** So many lists in a row must be empty: one that is may be late. Assumed. */
const LISTS_IN_VAIN = 2;

/**
 * Stops the tasks that were started under a name of the run's, and waits until each of them is described as stopped and
 * no other is listed.
 */
export async function stopTasks(place: MadeBy, region: string, startedBy: string): Promise<void> {
  const { cluster } = place.system;
  const { ecs } = clientsOf(place.stage, region);
  const stopping = new Set<string>();
  let inVain = 0;
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
      const running = await tasksStartedBy(place, region, startedBy);
      inVain = running.length === 0 ? inVain + 1 : 0;
      for (const task of running) {
        stopping.add(task);
        await ecs.send(new StopTaskCommand({ cluster, task, reason: 'The drill needs it no more.' }));
      }
      if (inVain < LISTS_IN_VAIN) return undefined;
      if (stopping.size === 0) return true;
      const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [...stopping] }));
      const stopped = tasks.filter(({ lastStatus }) => lastStatus === 'STOPPED');
      // One that is MISSING has not been seen to stop.
      return stopped.length === stopping.size ? true : undefined;
    },
  );
}

/** ARNs of the tasks started under that name that are meant to run. */
async function tasksStartedBy(
  { stage, system: { cluster } }: Pick<MadeBy, 'stage' | 'system'>,
  region: string,
  startedBy: string,
): Promise<string[]> {
  const { ecs } = clientsOf(stage, region);
  const pages = await allPages(paginateListTasks({ client: ecs }, { cluster, startedBy }));
  return pages.flatMap(({ taskArns = [] }) => taskArns);
}
