import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSameProcess, startOfProcess } from '../../fixtures/stages/process-identity.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { forgetStopRequest } from './kill-switch.ts';

const LOCK = 'run.lock';

/** The run that holds the lock, and where its folder lies. */
export interface Holder {
  readonly pid: number;
  readonly start: string | undefined;
  readonly runId: string;
  readonly folder: string;
}

/**
 * Takes the one lock of this user: two runs at once would disturb each other's measurements. A lock
 * whose holder is dead is taken over. Returns how to give it back.
 */
export function takeLock(home: string, runId: string, folder: string): () => void {
  const path = join(home, LOCK);
  const mine: Holder = { pid: process.pid, start: startOfProcess(process.pid), runId, folder };
  const draft = join(home, `run.lock.${process.pid}`);
  writeFileSync(draft, JSON.stringify(mine));
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (tryLink(draft, path)) return () => release(home, runId);
      const holder = livingHolder(path);
      if (holder !== undefined) throw inProgress(holder);
      takeAway(home);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new KunrenError('run-in-progress', `The lock ${path} could not be taken.`, 'try again.');
}

function tryLink(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

const inProgress = ({ runId, pid }: Holder): KunrenError =>
  new KunrenError(
    'run-in-progress',
    `Another run is in progress (run ${runId}, process ${pid}).`,
    'wait for it to end, or end it by kunren stop.',
  );

function livingHolder(path: string): Holder | undefined {
  const holder = readHolder(path);
  return holder !== undefined && isSameProcess(holder.pid, holder.start) ? holder : undefined;
}

/**
 * Removes a dead lock. It is moved aside first and looked at again: another run may have replaced it by
 * a living one in between, which is then put back.
 */
function takeAway(home: string): void {
  const path = join(home, LOCK);
  const aside = `${path}.${process.pid}.dead`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (livingHolder(aside) !== undefined) tryLink(aside, path);
  else forgetStopRequest(home);
  rmSync(aside, { force: true });
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function release(home: string, runId: string): void {
  const path = join(home, LOCK);
  if (readHolder(path)?.runId !== runId) return;
  forgetStopRequest(home);
  rmSync(path, { force: true });
}

/** The run of this user that is in progress. */
export const runInProgress = (home: string): Holder | undefined => livingHolder(join(home, LOCK));

/** Removes a dead lock and drafts of dead processes. True when a living run holds the lock. */
export function clearDeadLock(home: string): boolean {
  for (const name of readdirSync(home)) {
    const [, pid] = /^run\.lock\.(\d+)/.exec(name) ?? [];
    if (pid !== undefined && startOfProcess(Number(pid)) === undefined) rmSync(join(home, name), { force: true });
  }
  const path = join(home, LOCK);
  if (livingHolder(path) !== undefined) return true;
  takeAway(home);
  return false;
}
