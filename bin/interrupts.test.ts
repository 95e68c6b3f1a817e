import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Journal } from '../drills/kit/journal.ts';
import { requestStop } from '../drills/kit/kill-switch.ts';
import { listenForInterrupts } from './interrupts.ts';

let folder: string;
let said: string[];
let exits: unknown[];
let nowMs: number;
const listeners = process.listeners('SIGINT').length;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kunren-interrupts-'));
  vi.stubEnv('KUNREN_HOME', folder);
  said = [];
  exits = [];
  nowMs = 0;
  vi.useFakeTimers();
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  vi.spyOn(process, 'exit').mockImplementation((code) => exits.push(code) as never);
});
afterEach(() => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.removeListener(signal, process.listeners(signal).at(-1)!);
  expect(process.listeners('SIGINT')).toHaveLength(listeners);
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const press = (atMs: number): void => {
  nowMs = atMs;
  process.emit('SIGINT');
};

test('the second interrupt says what is left by name, and where the journal really is', async () => {
  const intent = { call: 'rds:RestoreDBInstance', region: 'r', parameters: { DBInstanceIdentifier: 'db-drill' } };
  const undo = { call: 'rds:DeleteDBInstance', parameters: {} };
  await new Journal(join(folder, 'journal.jsonl')).change('restore', { ...intent, undo }, async () => {});
  const interrupts = listenForInterrupts((line) => said.push(line));
  interrupts.watch({ runId: 'run', runDirectory: folder });
  let cancelled = 0;
  interrupts.onInterrupt(() => cancelled++);
  press(1_000);
  press(1_100); // The same key press, by another way.
  expect([cancelled, exits, said]).toEqual([1, [], ['interrupted: undoing …']]);
  press(2_000);
  expect(exits).toEqual([130]);
  expect(said.slice(1)).toEqual([
    `interrupted again: giving up; run kunren sweep to remove what is left (journal: ${join(folder, 'journal.jsonl')})`,
    'left: rds:RestoreDBInstance in r {"DBInstanceIdentifier":"db-drill"}',
  ]);
  interrupts.end();
});

test('kunren stop cancels its own run as an interrupt does, and only once', () => {
  const interrupts = listenForInterrupts((line) => said.push(line));
  interrupts.watch({ runId: 'run', runDirectory: folder });
  requestStop(folder, 'another');
  vi.advanceTimersByTime(1_000);
  expect(interrupts.interrupted()).toBe(false);
  requestStop(folder, 'run');
  vi.advanceTimersByTime(1_000);
  expect(interrupts.interrupted()).toBe(true);
  expect(said).toEqual(['ended by kunren stop: undoing …']);
  interrupts.end();
});
