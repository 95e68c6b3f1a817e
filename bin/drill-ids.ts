import { drillFiles } from '../drills/kit/drill-folders.ts';
import { KunrenError } from '../probes/core/error.ts';

/**
 * What `kunren rehearse` runs when no drill is named: the control, the two failures that users meet most, the loss of
 * an availability zone, and the ways in which data comes back.
 */
export const MAIN_JOB: readonly string[] = [
  'no-fault',
  'task-kill',
  'database-failover',
  'az-outage',
  'standby-outage',
  'accidental-delete',
  'point-in-time-restore',
  'backup-restore',
];

/** Every drill there is: its id is the name of its file. */
export function drillIds(): string[] {
  return [...drillFiles().keys()].sort();
}

/** Refuses an id that no drill has. */
export function requireDrills(named: readonly string[]): void {
  const known = drillIds();
  const unknown = named.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  throw new KunrenError('unknown-drill', `There is no drill "${unknown}".`, `choose from: ${known.join(', ')}.`);
}
