import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolder, removeHomeIfEmpty, stageFolders, stageNotePath } from '../../fixtures/stages/home.ts';
import { isSameProcess } from '../../fixtures/stages/process-identity.ts';
import { removeStage } from '../../fixtures/stages/twin-process.ts';
import { clearDeadLock } from './lock.ts';
import { replayJournal } from './replay-journal.ts';
import { knownRuns } from './run-note.ts';
import type { Swept, SweptAccount } from './sweep-account.ts';
import { sweepAccounts } from './sweep-accounts.ts';

interface Identity {
  readonly pid: number;
  readonly start?: string;
}

/**
 * Ends the processes and removes the folders of every stage whose twin, or whose owner, no longer
 * lives. A stage that is up and has no owner (`kunren stage up`) is left alone. Says what it did.
 */
export async function sweepStages(): Promise<string[]> {
  const done: string[] = [];
  for (const folder of stageFolders()) {
    if (stageLives(folder)) continue;
    done.push(`${folder} (${await removeStage(folder)} processes ended)`);
  }
  return done;
}

/** What an operator asks to have swept beside what this machine knows of. */
export interface SweepWish {
  /** An account or endpoint of which there need be no journal here. */
  readonly account?: SweptAccount;
  /** Runs of other machines that are dead. */
  readonly named: readonly string[];
}

/**
 * Sweeps stages, a dead run's lock, the journals of runs whose twin is gone, and every account in which a run that was
 * killed has worked. What a living run uses is left alone.
 */
export async function sweepAll(runs: string, wish: SweepWish): Promise<Swept> {
  const swept: Swept = { done: await sweepStages(), left: [] };
  const home = homeFolder();
  const isBusy = existsSync(home) && clearDeadLock(home);
  if (isBusy) swept.done.push('a run is in progress: its own stage and journal were left alone');
  const known = knownRuns(runs);
  // A run without a note was killed before its stage was there, or lives and is about to write one.
  const onTwin = known.filter(
    ({ note, lives }) => !lives && (note === undefined ? !isBusy : note.stage.kind === 'twin'),
  );
  for (const { folder } of onTwin) await replayJournal(join(folder, 'journal.jsonl'), undefined);
  for (const part of await sweepAccounts(known, wish)) {
    swept.done.push(...part.done);
    swept.left.push(...part.left);
  }
  removeHomeIfEmpty();
  return swept;
}

/**
 * A stage lives while its twin does and somebody wants it: the process that made it, or the note of
 * `kunren stage up`. Before the twin has said who it is, its maker stands for it.
 */
function stageLives(folder: string): boolean {
  const maker = read<Identity>(join(folder, 'maker.json'));
  const noted = read<{ readonly directory: string }>(stageNotePath())?.directory === folder;
  const twin = read<Identity>(join(folder, 'stage.json'));
  const makerLives = maker !== undefined && isSameProcess(maker.pid, maker.start);
  if (twin === undefined) return makerLives || (maker === undefined && isNew(folder));
  return isSameProcess(twin.pid, twin.start) && (makerLives || noted);
}

/** A folder this young, in milliseconds, may not have been signed by its maker yet. Assumed; signing takes microseconds. */
const UNSIGNED_MS_MAX = 10_000;

const isNew = (folder: string): boolean => Date.now() - statSync(folder).mtimeMs < UNSIGNED_MS_MAX;

/** A file that is missing, or that was cut off by a kill while it was written, says nothing. */
function read<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
