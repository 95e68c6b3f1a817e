import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isStopRequested, requestStop } from './kill-switch.ts';
import { clearDeadLock, runInProgress, takeLock } from './lock.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kunren-lock-'));
});
afterEach(() => rmSync(home, { recursive: true }));

/** A lock whose holder's id is now another process's (this one's), or nobody's. */
const deadLock = (pid: number): void =>
  writeFileSync(join(home, 'run.lock'), JSON.stringify({ pid, start: 'another start', runId: 'dead' }));

test('one run at a time: the second is refused and names the first', () => {
  const release = takeLock(home, 'first', join(home, 'runs'));
  expect(() => takeLock(home, 'second', join(home, 'runs'))).toThrow(/run first, process \d+.*\[run-in-progress\]/s);
  release();
  takeLock(home, 'second', join(home, 'runs'))();
  expect(readdirSync(home)).toEqual([]);
});

test.each([process.pid, 2 ** 22])('a lock whose holder is dead is taken over (process %i)', (pid) => {
  deadLock(pid);
  const release = takeLock(home, 'next', join(home, 'runs'));
  expect(clearDeadLock(home)).toBe(true);
  release();
  expect(readdirSync(home)).toEqual([]);
});

test('giving back does not take away the lock of a later run', () => {
  const release = takeLock(home, 'first', join(home, 'runs'));
  release();
  const releaseSecond = takeLock(home, 'second', join(home, 'runs'));
  release();
  expect(clearDeadLock(home)).toBe(true);
  releaseSecond();
});

test('dead locks and drafts of dead processes are cleared, and a torn lock is no lock', () => {
  writeFileSync(join(home, 'run.lock'), '{"pid":');
  writeFileSync(join(home, `run.lock.${2 ** 22}`), '{}');
  expect(clearDeadLock(home)).toBe(false);
  expect(readdirSync(home)).toEqual([]);
});

test('a request to stop is for one run, and ends with it', () => {
  const release = takeLock(home, 'first', join(home, 'runs'));
  requestStop(home, 'first');
  expect(runInProgress(home)).toMatchObject({ runId: 'first', folder: join(home, 'runs') });
  expect([isStopRequested(home, 'first'), isStopRequested(home, 'second')]).toEqual([true, false]);
  release();
  expect(runInProgress(home)).toBeUndefined();
  expect(readdirSync(home)).toEqual([]);
});
