import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { ParameterAlreadyExists, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { Field } from '../../../fixtures/core/fault.ts';
import { apiMissingIn } from '../../../fixtures/core/missing-api.ts';
import { clientsOf } from '../../../fixtures/stages/clients.ts';
import { isSameProcess, startOfProcess } from '../../../fixtures/stages/process-identity.ts';
import { runTags } from '../../../fixtures/stages/run-tags.ts';
import type { MadeBy } from '../../procedures/made-by.ts';
import { type LockHolder, readLockHolder, reasonToTakeOver } from './core/lock-holder.ts';
import type { Guarded, Identity } from './guarded.ts';
import { lockName, lockValue, removeLock } from './lock-parameter.ts';
import { held, notApplicable, type RuleOutcome, refusal } from './refusal.ts';

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
  const { stage, system } = field;
  const region = system.regions.primary;
  const name = lockName(system);
  const value = await lockValue(stage, region, name);
  if (value === undefined) return '';
  const holder = readLockHolder(value);
  // <runs>/<run>/drills/<drill>
  const isOnRecord = (runId: string): boolean => existsSync(resolve(field.directory, '../../..', runId));
  const sight = { now: new Date(), runId: field.runId, host: hostname(), lives: isSameProcess, isOnRecord };
  const reason = holder && reasonToTakeOver(holder, sight);
  if (holder === undefined || reason === undefined) throw inProgress(field, value);
  // Whoever else takes it over meanwhile has put a value of his own, which is not taken from him.
  if ((await lockValue(stage, region, name)) !== value) throw inProgress(field, value);
  await removeLock(stage, region, name);
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
    const value = await lockValue(stage, region, Name);
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

/** Gives the lock back when this run holds it; another's is left alone. */
export async function releaseLock(place: MadeBy, region: string, name: string): Promise<void> {
  const holder = readLockHolder(await lockValue(place.stage, region, name));
  if (holder?.runId === place.runId) await removeLock(place.stage, region, name);
}
