import { ClusterNotFoundException, DescribeTasksCommand, paginateListTasks, type Task } from '@aws-sdk/client-ecs';
import { allPages } from '../../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../../fixtures/stages/clients.ts';
import { stopTasks } from '../../procedures/stop-task.ts';
import type { Account, Tagged } from './tagged.ts';

/** DescribeTasks takes so many at once (ECS API reference). */
const TASKS_MAX = 100;

/** Tasks that a run has started by itself: the name they were started under says which. */
export async function taggedTasks(account: Account, region: string): Promise<Tagged[]> {
  const names = new Set((await runningTasks(account, region)).map(({ startedBy = '' }) => startedBy));
  return [...names].flatMap((startedBy) => {
    const [, runId] = /^kunren\/([^/]+)\/./.exec(startedBy) ?? [];
    if (runId === undefined) return [];
    return {
      name: `tasks started by ${startedBy} in ${region}`,
      runId,
      expires: undefined,
      remove: (place) => stopTasks(place, region, startedBy),
    } satisfies Tagged;
  });
}

async function runningTasks({ stage, system: { cluster } }: Account, region: string): Promise<Task[]> {
  const { ecs: client } = clientsOf(stage, region);
  try {
    const pages = await allPages(paginateListTasks({ client }, { cluster }));
    const arns = pages.flatMap(({ taskArns = [] }) => taskArns);
    const found: Task[] = [];
    for (let from = 0; from < arns.length; from += TASKS_MAX) {
      const asked = arns.slice(from, from + TASKS_MAX);
      const { tasks = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks: asked }));
      found.push(...tasks);
    }
    return found.filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  } catch (error) {
    if (error instanceof ClusterNotFoundException) return [];
    throw error;
  }
}
