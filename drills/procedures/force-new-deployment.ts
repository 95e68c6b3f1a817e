import { type Deployment, type Service, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Field } from '../../fixtures/core/fault.ts';
import type { SystemService } from '../../fixtures/core/system.ts';
import { until } from '../../fixtures/core/until.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { describeService } from '../../fixtures/stages/describe.ts';
import { knownService } from '../../fixtures/stages/known.ts';
import { sentOnce } from '../../fixtures/stages/send-once.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { Procedure } from '../kit/spec.ts';
import { callsToForceDeployment } from './planned-calls.ts';

/** So many answers in a row must tell of the same failure: one may be older than the deployment. Assumed. */
const FAILURES_IN_A_ROW = 5;

/**
 * The runbook's manual answer to a service that does not come back by itself: look at it, force a
 * new deployment, wait until that very deployment is the only one and complete. Waiting by counts
 * alone would take the state from before the call, or after a rollback, for the one after it.
 */
export async function forceNewDeployment(field: Field, service: SystemService): Promise<void> {
  const before = await knownService(field, service.name);
  field.note('kunren', `${service.name}: running ${before.runningCount} of ${before.desiredCount}`);
  const region = field.system.regions.primary;
  const parameters = { cluster: field.system.cluster, service: service.name, forceNewDeployment: true };
  const answer = await field.change({ call: 'ecs:UpdateService', region, parameters }, () =>
    // Asked for again it would be a second deployment, which ends the first.
    clientsOf(field.stage, region).ecs.send(sentOnce(new UpdateServiceCommand(parameters), 'UpdateService')),
  );
  const ours = answer.service?.deployments?.find((deployment) => deployment.status === 'PRIMARY')?.id;
  field.note('kunren', `${service.name}: forced new deployment ${ours}`);
  const remedy = `look at the events of service ${service.name}.`;
  const end = await awaitEnd(field, service.name, ours, remedy);
  if (end === 'complete') return;
  throw new KunrenError('deployment-failed', `Deployment ${ours} of ${service.name} ${end.failure}.`, remedy);
}

type End = 'complete' | { readonly failure: string };

/** Until the deployment is the only one and complete, or has surely failed. */
async function awaitEnd(field: Field, name: string, ours: string | undefined, remedy: string): Promise<End> {
  const { clock, patience, signal } = field;
  const wait = { name: `deployment ${ours} of ${name} to complete`, limitMs: patience.manualMs };
  let told = { failure: '', times: 0 };
  return await until(clock, { ...wait, everyMs: patience.pollMs, signal, remedy }, async () => {
    const now = await describeService(field, name);
    // What is not described, or was never named, must not look like what it is compared with.
    if (now === undefined || ours === undefined) return undefined;
    const failure = failureOf(now, ours);
    if (failure === undefined) {
      told = { failure: '', times: 0 };
      return isComplete(now, ours) ? 'complete' : undefined;
    }
    told = { failure, times: failure === told.failure ? told.times + 1 : 1 };
    return told.times >= FAILURES_IN_A_ROW ? { failure } : undefined;
  });
}

function isComplete({ deployments = [], runningCount, desiredCount }: Service, ours: string): boolean {
  const [only, ...others] = deployments;
  const isOurs = only?.id === ours && others.length === 0;
  return isOurs && (only.rolloutState ?? 'COMPLETED') === 'COMPLETED' && runningCount === desiredCount;
}

/** How a deployment has come to nothing, by this answer; `undefined` while it has not. */
function failureOf({ deployments = [] }: Service, ours: string): string | undefined {
  const own = deployments.find(({ id }) => id === ours);
  if (own?.rolloutState === 'FAILED') return `failed${because(own)}`;
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  if (own !== undefined || primary?.rolloutState !== 'COMPLETED') return undefined;
  return `was rolled back: ${primary.id} is in its place and complete${because(primary)}`;
}

const because = ({ rolloutStateReason: reason }: Deployment): string => (reason === undefined ? '' : ` ("${reason}")`);

/** The same as a procedure of a drill. */
export const newDeployment: Procedure = {
  name: 'force a new deployment',
  calls: callsToForceDeployment,
  run: forceNewDeployment,
};
