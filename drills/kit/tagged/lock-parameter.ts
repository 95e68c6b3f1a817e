import { DeleteParameterCommand, GetParameterCommand, ParameterNotFound } from '@aws-sdk/client-ssm';
import { clientsOf } from '../../../fixtures/stages/clients.ts';
import { readLockHolder } from '../guard/core/lock-holder.ts';
import type { Account, Tagged } from './tagged.ts';

/** The lock on the system, which says itself which run holds it. */
export async function heldLock({ stage, system }: Account, region: string): Promise<Tagged[]> {
  const { ssm } = clientsOf(stage, region);
  const Name = `/kunren/lock/${system.name}`;
  const value = await ssm.send(new GetParameterCommand({ Name })).then(
    ({ Parameter }) => Parameter?.Value,
    (error: unknown) => {
      if (error instanceof ParameterNotFound) return undefined;
      throw error;
    },
  );
  const holder = readLockHolder(value);
  if (holder === undefined) return [];
  return [
    {
      name: `lock ${Name} in ${region}`,
      runId: holder.runId,
      expires: holder.expiresAt,
      remove: async () => {
        await ssm.send(new DeleteParameterCommand({ Name })).catch((error: unknown) => {
          if (!(error instanceof ParameterNotFound)) throw error;
        });
      },
    },
  ];
}
