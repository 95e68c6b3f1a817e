import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Journal } from '../drills/kit/journal.ts';
import { isStopRequested } from '../drills/kit/kill-switch.ts';
import { takeLock } from '../drills/kit/lock.ts';
import { stop } from './stop.ts';

let home: string;
const said: string[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kunren-stop-'));
  vi.stubEnv('KUNREN_HOME', home);
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
  said.length = 0;
});

/** A run in progress, of this very process, that ends as soon as it is asked to; `leave` is what it leaves behind. */
async function stopped(leave: (folder: string) => Promise<void>): Promise<number> {
  const folder = join(home, 'runs', 'run-1');
  mkdirSync(folder, { recursive: true });
  const unlock = takeLock(home, 'run-1', folder);
  const ending = stop();
  await vi.waitUntil(() => isStopRequested(home, 'run-1'));
  await leave(folder);
  unlock();
  return await ending;
}

const document = (harnessFailed?: string) => async (folder: string) => {
  const evidence = harnessFailed === undefined ? {} : { harnessFailed };
  const result = { id: 'd', verdict: 'unknown', why: 'The drill was ended by kunren stop.' };
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ drills: [{ evidence, result }] }));
};

test('without a run there is nothing to stop', async () => {
  expect(await stop()).toBe(2);
  expect(said.join('')).toBe('no run is in progress\n');
});

test('a run is asked to end, waited for, and what came of it is told', async () => {
  expect(await stopped(document())).toBe(0);
  expect(said.join('')).toContain(
    'run run-1 has ended, all is undone\nd: unknown: The drill was ended by kunren stop.',
  );
});

const intent = { call: 'rds:X', region: 'r', parameters: {}, undo: { call: 'rds:Y', parameters: {} } };

test.each<[string, (folder: string) => Promise<void>, RegExp]>([
  ['died', async () => {}, /died before it could say/],
  [
    'left a change open',
    (folder) => new Journal(join(folder, 'journal.jsonl')).change('d', intent, async () => {}),
    /ended and left: rds:X in r/,
  ],
  ['left what only its inventory knows of', document('left behind: database x'), /left behind: database x/],
])('a run that %s is not told of as undone', async (_name, leave, says) => {
  await expect(stopped(leave)).rejects.toThrow(says);
  expect(said.join('')).not.toContain('all is undone');
});
