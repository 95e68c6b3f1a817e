import { DeleteParameterCommand, GetParameterCommand, ParameterNotFound } from '@aws-sdk/client-ssm';
import type { Stage } from '../../../fixtures/core/stage.ts';
import { clientsOf } from '../../../fixtures/stages/clients.ts';

/** The parameter of Systems Manager that is the lock on a system. */
export const lockName = (system: { readonly name: string }): string => `/kunren/lock/${system.name}`;

/** Held for the moment in which an expired lock is taken over. */
export const takeoverName = (system: { readonly name: string }): string => `${lockName(system)}/takeover`;

/** What the parameter holds; `undefined` when there is none. */
export async function lockValue(stage: Stage, region: string, Name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await clientsOf(stage, region).ssm.send(new GetParameterCommand({ Name }));
    return Parameter?.Value ?? '';
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}

/** One that is gone counts as done. */
export async function removeLock(stage: Stage, region: string, Name: string): Promise<void> {
  try {
    await clientsOf(stage, region).ssm.send(new DeleteParameterCommand({ Name }));
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
  }
}
