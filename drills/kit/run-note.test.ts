import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { System } from '../../fixtures/core/system.ts';
import { knownRuns, markSwept, type RunNote, writeRunNote } from './run-note.ts';

const runs = mkdtempSync(join(tmpdir(), 'kunren-notes-'));
afterAll(() => rmSync(runs, { recursive: true }));

const system = { name: 's', regions: { primary: 'r' } } as System;
const stage = { kind: 'aws', account: '123456789012' } as const;

test('a run of this machine is known, with whether it lives; one of another machine is not', async () => {
  const folder = join(runs, 'run-1');
  mkdirSync(folder);
  await writeRunNote(folder, { stage, configPath: 'c', system });
  expect(knownRuns(runs)).toMatchObject([{ runId: 'run-1', lives: true, isClosed: false }]);
  const path = join(folder, 'stage.json');
  const note = JSON.parse(readFileSync(path, 'utf8')) as RunNote;
  writeFileSync(path, JSON.stringify({ ...note, pid: 5_000_000 }));
  expect(knownRuns(runs)).toMatchObject([{ runId: 'run-1', lives: false }]);
  writeFileSync(path, JSON.stringify({ ...note, pid: 5_000_000, host: `not-${note.host}` }));
  expect(knownRuns(runs)).toEqual([]);
});

test('a run whose inventory was not empty is not closed before it is swept, whatever its journal says', async () => {
  const folder = join(runs, 'run-2');
  mkdirSync(folder);
  await writeRunNote(folder, { stage, configPath: 'c', system });
  writeFileSync(join(folder, 'run-evidence.json'), '{}');
  const isClosed = () => knownRuns(runs).find(({ runId }) => runId === 'run-2')!.isClosed;
  expect(isClosed()).toBe(false);
  const drills = (evidence: object): void =>
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ drills: [{ evidence: {} }, { evidence }] }));
  drills({});
  expect(isClosed()).toBe(true);
  drills({ harnessFailed: 'left behind: database x' });
  expect(isClosed()).toBe(false);
  await markSwept(knownRuns(runs).find(({ runId }) => runId === 'run-2')!);
  expect(isClosed()).toBe(true);
});
