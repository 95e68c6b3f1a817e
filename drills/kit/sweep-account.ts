import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { StageNote } from '../../fixtures/core/stage.ts';
import type { System } from '../../fixtures/core/system.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { checkListed, notOfAws } from './guard/account.ts';
import { stageTime } from './guard/account-lock.ts';
import { placeOn } from './place.ts';
import { replayJournal } from './replay-journal.ts';
import { type KnownRun, markSwept, type RunNote } from './run-note.ts';
import type { Account, Tagged } from './tagged/tagged.ts';
import { taggedThings } from './tagged/tagged-things.ts';

/** What a sweep did, and what it could not do: while anything is left it has not succeeded. */
export interface Swept {
  readonly done: string[];
  readonly left: string[];
}

/** An account or endpoint with a system in it. */
export interface SweptAccount {
  readonly stage: StageNote;
  readonly system: System;
}

/** What is known of runs: only what a dead one has made is removed before it expires. */
export interface RunSight {
  /** Runs of this machine that have worked there. */
  readonly known: readonly KnownRun[];
  /** Runs that the operator says are dead. */
  readonly named: readonly string[];
}

/**
 * Removes from an account what dead runs have left in it: first what their journals tell, then whatever carries a dead
 * run's tag, in both regions. What carries no tag, or that of a run that may live, is not touched.
 */
export async function sweepAccount(account: SweptAccount, sight: RunSight): Promise<Swept> {
  const swept: Swept = { done: [], left: [] };
  // The run is filled in for each thing: one is only deleted in the name of the run that has made it.
  const place = placeOn(account.stage, account.system);
  await checkAccount(account, place);
  const strange = await standIn(place);
  if (strange !== undefined) return { done: [], left: [`nothing was swept: ${strange}`] };
  // Another system's journal is replayed where that system is.
  const dead = sight.known.filter(({ lives, note }) => !lives && note !== undefined && isOf(note.system, account));
  const unfinished = new Set<string>();
  for (const run of dead) {
    if (!(await replay(run, place, swept))) unfinished.add(run.runId);
  }
  for (const runId of await removeTagged(place, sight, swept, unfinished)) unfinished.add(runId);
  await Promise.all(dead.filter((run) => !run.isClosed && !unfinished.has(run.runId)).map(markSwept));
  return swept;
}

/**
 * Asks who we are there: nothing is looked at, let alone deleted, in another account than the one that was meant, or by
 * one whom its owner has not listed.
 */
async function checkAccount({ stage, system }: SweptAccount, place: Account): Promise<void> {
  const { sts } = clientsOf(place.stage, system.regions.primary);
  const { Account, Arn = 'unknown' } = await sts.send(new GetCallerIdentityCommand({}));
  if (stage.kind !== 'aws') return;
  if (Account === stage.account) return checkListed(system, Arn);
  throw new KunrenError(
    'wrong-account',
    `STS says account ${Account}, and account ${stage.account} is to be swept.`,
    'use the credentials of that account.',
  );
}

/**
 * Who stands in for AWS, in words: an endpoint that knows nothing of a run would say that nothing of it is left. Looked
 * for by asking every service once, before anything is taken back.
 */
async function standIn(place: Account): Promise<string | undefined> {
  if (place.stage.kind !== 'aws') return undefined;
  await taggedThings(place);
  return notOfAws(place.stage);
}

/** Whether a run has worked on this system, in these regions. */
const isOf = ({ name, regions }: RunNote['system'], { system }: Pick<SweptAccount, 'system'>): boolean =>
  name === system.name && regions.primary === system.regions.primary && regions.recovery === system.regions.recovery;

/** Whether it is for a sweep of the regions in which a dead run has worked to take its changes back, and then its lock. */
const isReplayedElsewhere = ({ lives, note, open }: KnownRun, place: Account): boolean =>
  !lives && note !== undefined && open.length > 0 && !isOf(note.system, place);

/** Whether all that its journal holds open was undone. */
async function replay({ runId, folder, open }: KnownRun, place: Account, swept: Swept): Promise<boolean> {
  const failures = await replayJournal(`${folder}/journal.jsonl`, { ...place, runId });
  swept.left.push(...failures.map((failure) => `run ${runId}: ${failure}`));
  const undone = open.length - failures.length;
  if (undone > 0) swept.done.push(`run ${runId}: ${undone} of ${open.length} journalled changes undone`);
  return failures.length === 0;
}

/** Resolves to the runs of which something may be left. */
async function removeTagged(
  place: Account,
  sight: RunSight,
  swept: Swept,
  unfinished: ReadonlySet<string>,
): Promise<Iterable<string>> {
  const withRest = new Set(unfinished);
  const elsewhere = new Set(sight.known.filter((run) => isReplayedElsewhere(run, place)).map(({ runId }) => runId));
  // By the clock that has said when things expire.
  const now = stageTime(place, 'min');
  const before = await taggedThings(place);
  const isKept = ({ isLock, runId }: Tagged): boolean =>
    isLock === true && (before.unseen.length > 0 || withRest.has(runId) || elsewhere.has(runId));
  for (const thing of before.things) {
    if (fateOf(thing, sight, now) !== 'remove' || isKept(thing)) continue;
    try {
      await thing.remove({ ...place, runId: thing.runId });
      swept.done.push(`${thing.name}, made by run ${thing.runId}`);
    } catch (error) {
      withRest.add(thing.runId);
      swept.done.push(`${thing.name} could not be removed: ${error instanceof Error ? error.message : error}`);
    }
  }
  // Only what is there no more has been removed, whatever the calls have answered.
  const after = await taggedThings(place);
  swept.left.push(...after.unseen.map((why) => `what is left could not be looked for: ${why}`));
  for (const thing of after.things) {
    if (thing.isLock && elsewhere.has(thing.runId)) continue;
    const fate = fateOf(thing, sight, now);
    if (fate === 'remove') swept.left.push(`${thing.name}, made by run ${thing.runId}`);
    if (fate === 'unknown') swept.left.push(mayLive(thing));
  }
  return (after.unseen.length > 0 ? sight.known : after.things).map(({ runId }) => runId);
}

const mayLive = ({ name, runId, expires }: Tagged): string =>
  `${name}, made by run ${runId}, which is not known here and may live${expires === undefined ? '' : ` (until ${expires})`}: --run ${runId} says that it is dead`;

function fateOf({ runId, expires }: Tagged, { known, named }: RunSight, now: number): 'remove' | 'leave' | 'unknown' {
  const run = known.find((one) => one.runId === runId);
  if (run?.lives) return 'leave';
  if (run !== undefined || named.includes(runId)) return 'remove';
  return expires !== undefined && Date.parse(expires) <= now ? 'remove' : 'unknown';
}
