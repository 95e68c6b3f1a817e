import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Field } from '../../fixtures/core/fault.ts';
import type { SystemService } from '../../fixtures/core/system.ts';
import { until } from '../../fixtures/core/until.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { describeService } from '../../fixtures/stages/describe.ts';
import { knownService } from '../../fixtures/stages/known.ts';
import type { Procedure } from '../kit/spec.ts';
import { callsToForceDeployment } from './planned-calls.ts';

/**
 * The runbook's manual answer to a service that does not come back by itself: look at it, force a
 * new deployment, wait until that very deployment is the only one and complete. Waiting by counts
 * alone would take the state from before the call for the one after it.
 */
export async function forceNewDeployment(field: Field, service: SystemService): Promise<void> {
  const before = await knownService(field, service.name);
  field.note('kunren', `${service.name}: running ${before.runningCount} of ${before.desiredCount}`);
  const region = field.system.regions.primary;
  const parameters = { cluster: field.system.cluster, service: service.name, forceNewDeployment: true };
  const answer = await field.change({ call: 'ecs:UpdateService', region, parameters }, () =>
    clientsOf(field.stage, region).ecs.send(new UpdateServiceCommand(parameters)),
  );
  const ours = answer.service?.deployments?.find((deployment) => deployment.status === 'PRIMARY')?.id;
  field.note('kunren', `${service.name}: forced new deployment ${ours}`);
  await until(
    field.clock,
    {
      name: `deployment ${ours} of ${service.name} to complete`,
      limitMs: field.patience.manualMs,
      everyMs: field.patience.pollMs,
      signal: field.signal,
      remedy: `look at the events of service ${service.name}.`,
    },
    async () => {
      const now = await describeService(field, service.name);
      const only = now?.deployments?.length === 1 ? now.deployments[0] : undefined;
      // What is not described, or was never named, must not look like what it is compared with.
      if (now === undefined || only === undefined || ours === undefined) return undefined;
      const complete = only.id === ours && (only.rolloutState ?? 'COMPLETED') === 'COMPLETED';
      return complete && now.runningCount === now.desiredCount ? true : undefined;
    },
  );
}

/** The same as a procedure of a drill. */
export const newDeployment: Procedure = {
  name: 'force a new deployment',
  calls: callsToForceDeployment,
  run: forceNewDeployment,
};
