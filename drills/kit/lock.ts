import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    for (let attempt = 0; attempt < 2; attempt++) {
      if (tryLink(draft, path)) return () => release(path, runId);
      const holder = readHolder(path);
      if (holder !== undefined && isSameProcess(holder.pid, holder.start)) {
        throw new KunrenError(
          'run-in-progress',
          `Another run is in progress (run ${holder.runId}, process ${holder.pid}).`,
          'wait for it to end, or end that process and run kunren sweep.',
        );
      }
      rmSync(path, { force: true });
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

/** Removes a lock whose holder is dead. True when a living run holds it. */
export function clearDeadLock(home: string): boolean {
  const path = join(home, 'run.lock');
  const holder = readHolder(path);
  if (holder !== undefined && isSameProcess(holder.pid, holder.start)) return true;
  rmSync(path, { force: true });
  return false;
}
