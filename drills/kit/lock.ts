import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSameProcess, startOfProcess } from '../../fixtures/stages/process-identity.ts';
import { KunrenError } from '../../probes/core/error.ts';

interface Holder {
  readonly pid: number;
  readonly start: string | undefined;
  readonly runId: string;
}

/**
 * Takes the one lock of this user: two runs at once would disturb each other's measurements. A lock
 * whose holder is dead is taken over. Returns how to give it back.
 */
export function takeLock(home: string, runId: string): () => void {
  const path = join(home, 'run.lock');
  const mine: Holder = { pid: process.pid, start: startOfProcess(process.pid), runId };
  const draft = join(home, `run.lock.${process.pid}`);
  writeFileSync(draft, JSON.stringify(mine));
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (tryLink(draft, path)) return () => release(path, runId);
      const holder = livingHolder(path);
      if (holder !== undefined) throw runInProgress(holder);
      takeAway(path);
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

const runInProgress = ({ runId, pid }: Holder): KunrenError =>
  new KunrenError(
    'run-in-progress',
    `Another run is in progress (run ${runId}, process ${pid}).`,
    'wait for it to end, or end that process and run kunren sweep.',
  );

function livingHolder(path: string): Holder | undefined {
  const holder = readHolder(path);
  return holder !== undefined && isSameProcess(holder.pid, holder.start) ? holder : undefined;
}

/**
 * Removes a dead lock. It is moved aside first and looked at again: another run may have replaced it by
 * a living one in between, which is then put back.
 */
function takeAway(path: string): void {
  const aside = `${path}.${process.pid}.dead`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (livingHolder(aside) !== undefined) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function release(path: string, runId: string): void {
  if (readHolder(path)?.runId === runId) rmSync(path, { force: true });
}

/** Removes a dead lock and drafts of dead processes. True when a living run holds the lock. */
export function clearDeadLock(home: string): boolean {
  for (const name of readdirSync(home)) {
    const [, pid] = /^run\.lock\.(\d+)/.exec(name) ?? [];
    if (pid !== undefined && startOfProcess(Number(pid)) === undefined) rmSync(join(home, name), { force: true });
  }
  const path = join(home, 'run.lock');
  if (livingHolder(path) !== undefined) return true;
  takeAway(path);
  return false;
}
