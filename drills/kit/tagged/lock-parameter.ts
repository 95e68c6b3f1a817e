import { releaseLock } from '../guard/account-lock.ts';
import { readLockHolder } from '../guard/core/lock-holder.ts';
import { lockName, lockValue, takeoverName } from '../guard/lock-parameter.ts';
import type { Account, Tagged } from './tagged.ts';

/** The lock on the system, which says itself which run holds it, and what is held while it is taken over. */
export async function heldLock({ stage, system }: Account, region: string): Promise<Tagged[]> {
  const found = [lockName(system), takeoverName(system)].map(async (name): Promise<Tagged[]> => {
    const holder = readLockHolder(await lockValue(stage, region, name));
    if (holder === undefined) return [];
    return [
      {
        ...{ name: `lock ${name} in ${region}`, runId: holder.runId, expires: holder.expiresAt, isLock: true },
        // Another run may have taken it over since.
        remove: (place) => releaseLock(place, region, name),
      },
    ];
  });
  return (await Promise.all(found)).flat();
}
