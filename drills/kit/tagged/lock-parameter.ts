import { readLockHolder } from '../guard/core/lock-holder.ts';
import { lockName, lockValue, removeLock } from '../guard/lock-parameter.ts';
import type { Account, Tagged } from './tagged.ts';

/** The lock on the system, which says itself which run holds it. */
export async function heldLock({ stage, system }: Account, region: string): Promise<Tagged[]> {
  const name = lockName(system);
  const holder = readLockHolder(await lockValue(stage, region, name));
  if (holder === undefined) return [];
  const remove = () => removeLock(stage, region, name);
  return [{ name: `lock ${name} in ${region}`, runId: holder.runId, expires: holder.expiresAt, remove }];
}
