import { dirname } from 'node:path';
import { runsFolder } from '../drills/kit/run.ts';
import { sweepAll } from '../drills/kit/sweep.ts';
import type { SweptAccount } from '../drills/kit/sweep-account.ts';
import { openStage } from '../fixtures/stages/open-stage.ts';
import { loadSystem } from '../fixtures/system-file.ts';
import { KunrenError } from '../probes/core/error.ts';
import { EXIT } from './exit.ts';

export interface SweepFlags {
  /** Without it only what this machine has on record is swept. */
  readonly stage?: string;
  readonly config?: string;
  readonly endpoint?: string;
  readonly account?: string;
  readonly confirm?: string;
  /** Runs of other machines that are dead. */
  readonly run: readonly string[];
}

/** Removes what killed runs left behind, and says what. Resolves to 0 only when nothing is left. */
export async function sweep(flags: SweepFlags): Promise<number> {
  const account = await accountOf(flags);
  const { done, left } = await sweepAll(runsFolder(), { named: flags.run, ...(account && { account }) });
  for (const line of done) process.stderr.write(`swept: ${line}\n`);
  for (const line of left) process.stderr.write(`left: ${line}\n`);
  if (done.length + left.length === 0) process.stderr.write('nothing was left behind\n');
  return left.length === 0 ? EXIT.ok : EXIT.harness;
}

async function accountOf({ stage: kind, config, ...flags }: SweepFlags): Promise<SweptAccount | undefined> {
  if (kind === undefined) return undefined;
  if (kind !== 'localstack' && kind !== 'aws') {
    throw new KunrenError('unknown-stage', `There is no account on stage "${kind}".`, 'use localstack or aws.');
  }
  const { system, path } = await loadSystem(config);
  if (kind === 'aws' && flags.confirm !== system.name) {
    const said = flags.confirm === undefined ? 'not confirmed' : `confirmed as "${flags.confirm}"`;
    throw new KunrenError('not-confirmed', `The system was ${said}.`, `say --confirm ${system.name}.`);
  }
  const { note } = await openStage({ ...flags, kind, system, configDirectory: dirname(path), seed: 1 });
  return { stage: note, system };
}
