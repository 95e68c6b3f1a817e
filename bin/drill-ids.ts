import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SUFFIX = '.drill.ts';

/** What `kunren rehearse` runs when no drill is named: the control and the two failures that users meet most. */
export const MAIN_JOB: readonly string[] = ['no-fault', 'task-kill', 'database-failover'];

/** Every drill there is: its id is the name of its file. */
export function drillIds(): string[] {
  return readdirSync(fileURLToPath(new URL('../drills', import.meta.url)))
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .sort();
}
