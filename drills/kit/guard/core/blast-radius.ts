import type { Hits } from '../../../../fixtures/core/fault.ts';

/** How a fault would hit more than one drill may: by a bound of the config, or more than one zone or instance. */
export function overBlastRadius(hits: Hits, tasksMax: number | undefined): string | undefined {
  const { tasks, zones, instances } = hits;
  if (tasksMax !== undefined && tasks > tasksMax) {
    return `it would take ${tasks} tasks from users, and guardRails.blastRadius.tasksMax is ${tasksMax}`;
  }
  if (zones.length > 1) return `it would hit ${zones.length} zones (${zones.join(', ')}), and one drill may hit one`;
  if (instances.length > 1)
    return `it would hit ${instances.length} instances (${instances.join(', ')}), and one drill may hit one`;
  return undefined;
}

/** Those of a fault's targets (ARNs) that lie elsewhere than in the account and region that are meant. */
export const strayTargets = ({ targets }: Hits, account: string, region: string): string[] =>
  targets.filter((arn) => {
    const [, , , ownRegion, ownAccount] = arn.split(':');
    return ownAccount !== account || ownRegion !== region;
  });

/** For people: `1 task, zone ap-northeast-1a, instance db`. */
export function hitsText({ tasks, zones, instances }: Hits): string {
  const parts = [
    tasks === 0 ? '' : `${tasks} ${tasks === 1 ? 'task' : 'tasks'}`,
    zones.length === 0 ? '' : `zone ${zones.join(', ')}`,
    instances.length === 0 ? '' : `instance ${instances.join(', ')}`,
  ];
  return parts.filter(Boolean).join(', ') || 'nothing of the account';
}
