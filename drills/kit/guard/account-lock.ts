import { hostname } from 'node:os';
import {
  DeleteParameterCommand,
  GetParameterCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import type { Field } from '../../../fixtures/core/fault.ts';
import { apiMissingIn } from '../../../fixtures/core/missing-api.ts';
import { clientsOf } from '../../../fixtures/stages/clients.ts';
import { isSameProcess, startOfProcess } from '../../../fixtures/stages/process-identity.ts';
import { runTags } from '../../../fixtures/stages/run-tags.ts';
import type { MadeBy } from '../../procedures/made-by.ts';
import { type LockHolder, readLockHolder, reasonToTakeOver } from './core/lock-holder.ts';
import type { Guarded, Identity } from './guarded.ts';
import { held, notApplicable, type RuleOutcome, refusal } from './refusal.ts';

const lockName = (system: { readonly name: string }): string => `/kunren/lock/${system.name}`;

/**
 * Takes the one lock on the system, which lies in its account: two drills from two machines would disturb each other. It
 * is the first change that a drill makes, and undone last. One that has expired, or that a dead process of this machine
 * holds, is taken over.
 */
export async function lockRule({ spec, field }: Guarded, { arn }: Identity): Promise<RuleOutcome> {
  const { runId, drillId, patience } = field;
  const start = startOfProcess(process.pid);
  const mine: LockHolder = {
    ...{ runId, drillId, who: arn, host: hostname(), pid: process.pid },
    ...(start !== undefined && { start }),
    // By then the drill was ended, and its undo as well.
    expiresAt: new Date(Date.now() + spec.limitMs + patience.undoMs).toISOString(),
  };
  try {
    const takenOver = await makeWay(field);
    await put(field, mine);
    return held(`${lockName(field.system)} until ${mine.expiresAt}${takenOver}`);
  } catch (error) {
    const missing = field.stage.kind === 'localstack' ? apiMissingIn(error) : undefined;
    if (missing === undefined) throw error;
    return notApplicable(`${missing.problem} Nothing keeps another drill away.`);
  }
}

/** Resolves to what was taken over, in words; refuses while another drill has the lock. */
async function makeWay(field: Field): Promise<string> {
  const value = await lockValue(field);
  if (value === undefined) return '';
  const holder = readLockHolder(value);
  const sight = { now: new Date(), runId: field.runId, host: hostname(), lives: isSameProcess };
  const reason = holder && reasonToTakeOver(holder, sight);
  if (holder === undefined || reason === undefined) throw inProgress(field, value);
  // Whoever else takes it over meanwhile has put a value of his own, which is not taken from him.
  if ((await lockValue(field)) !== value) throw inProgress(field, value);
  await remove(field, field.system.regions.primary, lockName(field.system));
  return `, taken over from run ${holder.runId}: ${reason}`;
}

async function put(field: Field, mine: LockHolder): Promise<void> {
  const { system, stage } = field;
  const region = system.regions.primary;
  const Name = lockName(system);
  const parameters = { Name, Value: JSON.stringify(mine), Type: 'String', Overwrite: false } as const;
  const undo = { call: 'ssm:DeleteParameter', parameters: { Name } };
  try {
    await field.change({ call: 'ssm:PutParameter', region, parameters, undo }, () =>
      clientsOf(stage, region).ssm.send(
        new PutParameterCommand({
          ...parameters,
          Tags: Object.entries(runTags(field)).map(([Key, Value]) => ({ Key, Value })),
        }),
      ),
    );
  } catch (error) {
    if (!(error instanceof ParameterAlreadyExists)) throw error;
    // The answer to our own call may have been lost, and the call repeated.
    const value = await lockValue(field);
    if (value !== parameters.Value) throw inProgress(field, value ?? 'unknown');
  }
}

function inProgress({ system }: Field, value: string): Error {
  const holder = readLockHolder(value);
  const who = holder
    ? `run ${holder.runId} (${holder.who}, process ${holder.pid} on ${holder.host}) holds it until ${holder.expiresAt}`
    : `it holds ${value}, which no drill has written`;
  const what = `another drill is in progress: parameter ${lockName(system)}: ${who}`;
  return refusal('lock', what, 'wait for it to end, or for its lock to expire.');
}

/** The value of the lock's parameter; `undefined` when nobody holds it. */
async function lockValue({ stage, system }: Pick<MadeBy, 'stage' | 'system'>): Promise<string | undefined> {
  return await valueAt({ stage }, system.regions.primary, lockName(system));
}

async function valueAt({ stage }: Pick<MadeBy, 'stage'>, region: string, Name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await clientsOf(stage, region).ssm.send(new GetParameterCommand({ Name }));
    return Parameter?.Value ?? '';
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}

/** Gives the lock back when this run holds it; another's is left alone. */
export async function releaseLock(place: MadeBy, region: string, name: string): Promise<void> {
  const value = await valueAt(place, region, name);
  if (value === undefined || readLockHolder(value)?.runId !== place.runId) return;
  await remove(place, region, name);
}

async function remove({ stage }: Pick<MadeBy, 'stage'>, region: string, Name: string): Promise<void> {
  try {
    await clientsOf(stage, region).ssm.send(new DeleteParameterCommand({ Name }));
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
  }
}
