import type { StageNote } from '../../fixtures/core/stage.ts';
import { loadSystem } from '../../fixtures/system-file.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { KnownRun, RunNote } from './run-note.ts';
import type { SweepWish } from './sweep.ts';
import { type RunSight, type Swept, type SweptAccount, sweepAccount } from './sweep-account.ts';

/**
 * Sweeps each account that was named or in which a run was killed, in whatever regions a run of this machine has worked
 * there; one that cannot be swept does not keep the others.
 */
export async function sweepAccounts(runs: readonly KnownRun[], wish: SweepWish): Promise<Swept[]> {
  const swept: Swept[] = [];
  const remote = runs.filter(({ note }) => note !== undefined && note.stage.kind !== 'twin');
  const groups = new Map<string, KnownRun[]>();
  for (const run of remote) {
    const key = placeName(run.note!.stage, run.note!.system);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const { account, named } = wish;
  const seen = new Set<string>();
  if (account !== undefined) {
    const { stage, system } = account;
    // Of a run that worked where the config has led since, nothing would be found in today's regions.
    const noted = remote.flatMap(({ note }) => (isSamePlace(note!, account) ? [note!.system.regions] : []));
    for (const regions of [system.regions, ...noted]) {
      const key = placeName(stage, { name: system.name, regions });
      if (seen.has(key)) continue;
      seen.add(key);
      swept.push(
        await sweepAccount({ stage, system: { ...system, regions } }, { known: runsAt(stage, remote), named }),
      );
    }
  }
  for (const [key, known] of groups) {
    if (seen.has(key) || known.every((run) => run.isClosed || run.lives)) continue;
    swept.push(await sweepKnown(key, known, { known: runsAt(known[0]!.note!.stage, remote), named }));
  }
  return swept;
}

/** Also those that drilled another system there: their things are found as well. */
const runsAt = (stage: StageNote, runs: readonly KnownRun[]): KnownRun[] =>
  runs.filter(({ note }) => note !== undefined && whereOf(note.stage) === whereOf(stage));

const isSamePlace = ({ stage, system }: RunNote, account: SweptAccount): boolean =>
  system.name === account.system.name && whereOf(stage) === whereOf(account.stage);

const placeName = (stage: StageNote, { name, regions: { primary, recovery } }: RunNote['system']): string =>
  `${name} in ${[primary, recovery].filter(Boolean).join(', ')} at ${whereOf(stage)}`;

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
