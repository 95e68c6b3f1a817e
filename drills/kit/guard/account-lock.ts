import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { ParameterAlreadyExists, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { Field } from '../../../fixtures/core/fault.ts';
import { notOfferedBy } from '../../../fixtures/core/missing-api.ts';
import { tryUntil } from '../../../fixtures/core/until.ts';
import { clientsOf } from '../../../fixtures/stages/clients.ts';
import { isSameProcess, startOfProcess } from '../../../fixtures/stages/process-identity.ts';
import { runTags } from '../../../fixtures/stages/run-tags.ts';
import type { MadeBy } from '../../procedures/made-by.ts';
import { checkAnsweredByAws } from './account.ts';
import { type LockHolder, readLockHolder, reasonToTakeOver } from './core/lock-holder.ts';
import type { Guarded, Identity } from './guarded.ts';
import { lockName, lockValue, removeLock, takeoverName } from './lock-parameter.ts';
import { held, notApplicable, type RuleOutcome, refusal } from './refusal.ts';

/**
 * Takes the one lock on the system, which lies in its account: two drills from two machines would disturb each other. It
 * is the first change that a drill makes, and undone last. One that has expired, or that a dead process of this machine
 * holds, is taken over.
 */
export async function lockRule(guarded: Guarded, { arn }: Identity): Promise<RuleOutcome> {
  const { spec, field } = guarded;
  const { runId, drillId, patience } = field;
  const start = startOfProcess(process.pid);
  const mine: LockHolder = {
    ...{ runId, drillId, who: arn, host: hostname(), pid: process.pid },
    ...(start !== undefined && { start }),
    // By then the drill was ended, and its undo as well.
    expiresAt: new Date(stageTime(field, 'max') + spec.limitMs + patience.undoMs).toISOString(),
  };
  try {
    const takenOver = await makeWay(guarded, mine);
    await put(field, lockName(field.system), mine);
    return held(`${lockName(field.system)} until ${mine.expiresAt}${takenOver}`);
  } catch (error) {
    const missing = notOfferedBy(field.stage, error);
    if (missing === undefined) throw error;
    return notApplicable(`${missing.problem} Nothing keeps another drill away.`);
  }
}

/** The clock of the stage, by which all read how long a thing is kept: the least or the most that it may show (ms since 1970). */
export const stageTime = ({ stage }: Pick<Field, 'stage'>, end: 'min' | 'max'): number =>
  Date.now() + (stage.calls.skewMs?.[end] ?? 0);

/** Throws unless the lock is still this drill's, and will be until it is undone. */
export async function checkLockHeld(field: Field): Promise<void> {
  const { stage, system, clock, patience, signal } = field;
  const name = lockName(system);
  const wait = { name: 'the lock', limitMs: patience.noticeMs, everyMs: patience.pollMs, signal };
  // One read may find nothing where there is something.
  const value = await tryUntil(clock, wait, () => lockValue(stage, system.regions.primary, name));
  const holder = readLockHolder(value);
  const isOurs = holder?.runId === field.runId && holder.drillId === field.drillId;
  if (isOurs && Date.parse(holder.expiresAt) >= stageTime(field, 'max') + patience.undoMs) return;
  const now = value === undefined ? 'it is gone' : isOurs ? `it ends at ${holder.expiresAt}` : `it holds ${value}`;
  const what = `parameter ${name} is not surely this drill's any more: ${now}`;
  throw refusal('lock', what, 'keep this machine awake while it drills, and run it again.');
}

/** Resolves to what was taken over, in words; refuses while another drill has the lock. */
async function makeWay({ field }: Guarded, mine: LockHolder): Promise<string> {
  const { stage, system } = field;
  const region = system.regions.primary;
  const name = lockName(system);
  const value = await lockValue(stage, region, name);
  // The first call of this service is a read, and shows where the changes would go.
  checkAnsweredByAws({ field });
  if (value === undefined) return '';
  const holder = readLockHolder(value);
  const reason = reasonOf(field, holder);
  if (holder === undefined || reason === undefined) throw inProgress(name, value);
  // One at a time: of two who have seen it expired, the later one would remove the lock that the other has put since.
  const taking = takeoverName(system);
  // Of one who died while he took it over nobody else would ever be let in.
  if (reasonOf(field, readLockHolder(await lockValue(stage, region, taking)))) await removeLock(stage, region, taking);
  await put(field, taking, mine);
  try {
    const now = await lockValue(stage, region, name);
    if (now === undefined) return ', given back meanwhile';
    if (now !== value) throw inProgress(name, now);
    await removeLock(stage, region, name);
  } finally {
    await releaseLock(field, region, taking);
  }
  return `, taken over from run ${holder.runId}: ${reason}`;
}

/** Why what somebody holds may be taken over, as far as this machine knows. */
function reasonOf(field: Field, holder: LockHolder | undefined): string | undefined {
  // <runs>/<run>/drills/<drill>
  const isOnRecord = (runId: string): boolean => existsSync(resolve(field.directory, '../../..', runId));
  const now = new Date(stageTime(field, 'min'));
  const sight = { now, runId: field.runId, host: hostname(), lives: isSameProcess, isOnRecord };
  return holder && reasonToTakeOver(holder, sight);
}

async function put(field: Field, Name: string, mine: LockHolder): Promise<void> {
  const { system, stage } = field;
  const region = system.regions.primary;
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
    if (value !== parameters.Value) throw inProgress(Name, value ?? 'unknown');
  }
}

function inProgress(name: string, value: string): Error {
  const holder = readLockHolder(value);
  const who = holder
    ? `run ${holder.runId} (${holder.who}, process ${holder.pid} on ${holder.host}) holds it until ${holder.expiresAt}`
    : `it holds ${value}, which no drill has written`;
  const what = `another drill is in progress: parameter ${name}: ${who}`;
  return refusal('lock', what, 'wait for it to end; kunren sweep gives back what a dead run holds.');
}

/** Gives the lock back when this run holds it; another's is left alone. */
export async function releaseLock(place: MadeBy, region: string, name: string): Promise<void> {
  const holder = readLockHolder(await lockValue(place.stage, region, name));
  if (holder?.runId === place.runId) await removeLock(place.stage, region, name);
}
