import { ClusterNotFoundException, DescribeTasksCommand, paginateListTasks, type Task } from '@aws-sdk/client-ecs';
import { until } from '../../../fixtures/core/until.ts';
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

/** Each of them: one that is left out because it is MISSING for the moment would be left behind. */
async function describedTasks(account: Account, region: string, arns: readonly string[]): Promise<Task[]> {
  const { stage, system, clock, patience, signal } = account;
  const { ecs } = clientsOf(stage, region);
  const found = new Map<string | undefined, Task>();
  const remedy = `look at the tasks of cluster ${system.cluster}.`;
  const wait = { limitMs: patience.noticeMs, everyMs: patience.pollMs, signal, remedy };
  return await until(clock, { ...wait, name: 'ECS to describe every task that it lists' }, async () => {
    const missing = arns.filter((arn) => !found.has(arn));
    if (missing.length === 0) return [...found.values()];
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster: system.cluster, tasks: missing }));
    for (const task of tasks) found.set(task.taskArn, task);
    return found.size === arns.length ? [...found.values()] : undefined;
  });
}

async function runningTasks(account: Account, region: string): Promise<Task[]> {
  const { ecs: client } = clientsOf(account.stage, region);
  const { cluster } = account.system;
  try {
    const pages = await allPages(paginateListTasks({ client }, { cluster }));
    const arns = pages.flatMap(({ taskArns = [] }) => taskArns);
    const found: Task[] = [];
    for (let from = 0; from < arns.length; from += TASKS_MAX) {
      found.push(...(await describedTasks(account, region, arns.slice(from, from + TASKS_MAX))));
    }
    return found.filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  } catch (error) {
    if (error instanceof ClusterNotFoundException) return [];
    throw error;
  }
}
