import type { StageNote } from '../../fixtures/core/stage.ts';
import { loadSystem } from '../../fixtures/system-file.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { KnownRun } from './run-note.ts';
import type { SweepWish } from './sweep.ts';
import { type RunSight, type Swept, type SweptAccount, sweepAccount } from './sweep-account.ts';

/** Sweeps each account that was named or in which a run was killed; one that cannot be swept does not keep the others. */
export async function sweepAccounts(runs: readonly KnownRun[], wish: SweepWish): Promise<Swept[]> {
  const swept: Swept[] = [];
  const remote = runs.filter(({ note }) => note !== undefined && note.stage.kind !== 'twin');
  const groups = new Map<string, KnownRun[]>();
  for (const run of remote) {
    const key = placeName(run.note!.stage, run.note!.system.name);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const { account, named } = wish;
  if (account !== undefined) {
    const key = placeName(account.stage, account.system.name);
    swept.push(await sweepAccount(account, { known: runsAt(account.stage, remote), named }));
    groups.delete(key);
  }
  for (const [key, known] of groups) {
    if (known.every((run) => run.isClosed || run.lives)) continue;
    swept.push(await sweepKnown(key, known, { known: runsAt(known[0]!.note!.stage, remote), named }));
  }
  return swept;
}

/** Also those that drilled another system there: their things are found as well. */
const runsAt = (stage: StageNote, runs: readonly KnownRun[]): KnownRun[] =>
  runs.filter(({ note }) => note !== undefined && whereOf(note.stage) === whereOf(stage));

const placeName = (stage: StageNote, system: string): string => `${system} at ${whereOf(stage)}`;

const whereOf = (stage: StageNote): string =>
  stage.kind === 'localstack' ? stage.endpoint : stage.kind === 'aws' ? `account ${stage.account}` : 'twin';

async function sweepKnown(key: string, known: readonly KnownRun[], sight: RunSight): Promise<Swept> {
  try {
    return await sweepAccount(await accountOf(known.find((run) => !run.isClosed)!), sight);
  } catch (error) {
    const why = `${key} could not be swept: ${error instanceof Error ? error.message : error}`;
    const hasMade = known.some(({ open }) => open.length > 0);
    // The journal is on disk before anything is made: where it holds nothing open, nothing is known to be there.
    return hasMade ? { done: [], left: [why] } : { done: [`${why} (no journal knows of anything in it)`], left: [] };
  }
}

/** The system as its config describes it now, in the regions in which the run has worked. */
async function accountOf({ note, runId }: KnownRun): Promise<SweptAccount> {
  const { stage, configPath, system: noted } = note!;
  const { system } = await loadSystem(configPath);
  if (system.name === noted.name) return { stage, system: { ...system, regions: noted.regions } };
  throw new KunrenError(
    'another-system',
    `${configPath} describes ${system.name}, and run ${runId} drilled ${noted.name}.`,
    'sweep it by its own config: kunren sweep --stage … --config FILE.',
  );
}
