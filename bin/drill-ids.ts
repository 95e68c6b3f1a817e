import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SUFFIX = '.drill.ts';

/**
 * What `kunren rehearse` runs when no drill is named: the control, the two failures that users meet most, and the ways
 * in which data comes back.
 */
export const MAIN_JOB: readonly string[] = [
  'no-fault',
  'task-kill',
  'database-failover',
  'accidental-delete',
  'point-in-time-restore',
  'backup-restore',
];

/** Every drill there is: its id is the name of its file. */
export function drillIds(): string[] {
  return readdirSync(fileURLToPath(new URL('../drills', import.meta.url)))
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .sort();
}
