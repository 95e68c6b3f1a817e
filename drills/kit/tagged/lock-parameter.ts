import { releaseLock } from '../guard/account-lock.ts';
import { readLockHolder } from '../guard/core/lock-holder.ts';
import { lockName, lockValue } from '../guard/lock-parameter.ts';
import type { Account, Tagged } from './tagged.ts';

/** The lock on the system, which says itself which run holds it. */
export async function heldLock({ stage, system }: Account, region: string): Promise<Tagged[]> {
  const name = lockName(system);
  const holder = readLockHolder(await lockValue(stage, region, name));
  if (holder === undefined) return [];
  return [
    {
      ...{ name: `lock ${name} in ${region}`, runId: holder.runId, expires: holder.expiresAt },
      // Another run may have taken it over since.
      remove: (place) => releaseLock(place, region, name),
    },
  ];
}
