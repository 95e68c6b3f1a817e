import type { StageTruth } from '../../fixtures/core/stage.ts';
import type { Truth } from '../../reports/core/evidence.ts';

/** What the twin itself logged since an instant, boiled down to what a drill can be held against. */
export function truthSince(events: readonly StageTruth[], fromMs: number, databaseId: string): Truth {
  const since = events.filter((event) => event.atMs >= fromMs);
  const database = since.filter((event) => event.subject === databaseId);
  const service = serviceDowntimeMs(events, fromMs);
  const strokes = Map.groupBy(
    since.filter((event) => event.what === 'weather'),
    ({ subject }) => subject,
  );
  return {
    ...databaseRecovery(database),
    ...(service !== undefined && { serviceDowntimeMs: service }),
    postmasterStartTimeChanged: database.some((event) => event.what === 'postmaster-started'),
    azSwapped: database.some((event) => event.what === 'az-swapped'),
    ...(strokes.size > 0 && {
      weather: Object.fromEntries([...strokes].map(([kind, struck]) => [kind, struck.length])),
    }),
  };
}

function databaseRecovery(events: readonly StageTruth[]): Pick<Truth, 'databaseRecoveryMs'> {
  const stopped = events.find((event) => event.what === 'postmaster-killed' || event.what === 'postmaster-stopped');
  if (stopped === undefined) return {};
  const accepted = events.find((event) => event.what === 'accepts-writes' && event.atMs >= stopped.atMs);
  return { databaseRecoveryMs: accepted === undefined ? null : accepted.atMs - stopped.atMs };
}

/** What is known of one task, as task and balancer said it. */
interface TaskState {
  routable: boolean;
  writes: boolean;
  alive: boolean;
}

/**
 * How long, in all, no task that the balancer routed to (failing open included) could write: of the
 * service that suffered most. Undefined where the tasks do not say whether they can (a user's own
 * program), null while it has not ended.
 */
export function serviceDowntimeMs(events: readonly StageTruth[], fromMs: number): number | null | undefined {
  const serviceOf = new Map<string, unknown>();
  for (const event of events) {
    if (event.detail?.['service'] !== undefined) serviceOf.set(event.subject, event.detail['service']);
  }
  const byService = Map.groupBy(events, (event) => serviceOf.get(taskOf(event) ?? ''));
  const downtimes = [...byService.values()].map((own) => downtimeMs(own, fromMs)).filter((one) => one !== undefined);
  if (downtimes.length === 0) return undefined;
  return downtimes.includes(null) ? null : Math.max(...downtimes.map(Number));
}

function downtimeMs(events: readonly StageTruth[], fromMs: number): number | null | undefined {
  if (!events.some((event) => event.what === 'task-writes-back')) return undefined;
  const tasks = new Map<string, TaskState>();
  let downSinceMs: number | undefined;
  let totalMs = 0;
  for (const event of [...events].sort((a, b) => a.atMs - b.atMs)) {
    apply(tasks, event);
    const up = [...tasks.values()].some((task) => task.alive && task.writes && task.routable);
    if (up && downSinceMs !== undefined) {
      if (event.atMs > fromMs) totalMs += event.atMs - Math.max(downSinceMs, fromMs);
      downSinceMs = undefined;
    }
    if (!up && downSinceMs === undefined) downSinceMs = event.atMs;
  }
  return downSinceMs === undefined ? totalMs : null;
}

function apply(tasks: Map<string, TaskState>, event: StageTruth): void {
  const arn = taskOf(event);
  if (arn === undefined) return;
  const task = tasks.get(arn) ?? { routable: false, writes: false, alive: true };
  tasks.set(arn, task);
  if (event.what === 'task-writes-back') task.writes = true;
  if (event.what === 'task-writes-lost') task.writes = false;
  if (event.what === 'task-stopped' || event.what === 'task-frozen') task.alive = false;
  if (event.what === 'task-thawed') task.alive = true;
  if (event.what === 'target-routable') task.routable = true;
  if (event.what === 'target-unroutable') task.routable = false;
}

function taskOf(event: StageTruth): string | undefined {
  if (event.what.startsWith('task-')) return event.subject;
  const arn = event.detail?.['taskArn'];
  return typeof arn === 'string' ? arn : undefined;
}
