import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Journal } from '../drills/kit/journal.ts';
import { requestStop } from '../drills/kit/kill-switch.ts';
import { ENDING_SIGNALS, listenForInterrupts } from './interrupts.ts';

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
  for (const signal of ENDING_SIGNALS) process.removeListener(signal, process.listeners(signal).at(-1)!);
  expect(process.listeners('SIGINT')).toHaveLength(listeners);
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const press = (atMs: number, signal: (typeof ENDING_SIGNALS)[number] = 'SIGINT'): void => {
  nowMs = atMs;
  process.emit(signal, signal);
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

test('a lost connection undoes as a key does, and no supervisor makes it give up', () => {
  const interrupts = listenForInterrupts((line) => said.push(line));
  let cancelled = 0;
  interrupts.onInterrupt(() => cancelled++);
  interrupts.remind();
  expect(cancelled).toBe(0);
  press(1_000, 'SIGHUP');
  press(9_000, 'SIGTERM');
  press(10_000, 'SIGHUP');
  expect([cancelled, exits, said]).toEqual([1, [], ['interrupted: undoing …']]);
  interrupts.remind();
  expect(cancelled).toBe(2);
  press(11_000);
  expect(exits).toEqual([130]);
});

test('what breaks while a run is open is told, and undone like an interrupt', () => {
  const before = process.listeners('uncaughtException');
  const interrupts = listenForInterrupts((line) => said.push(line));
  interrupts.watch({ runId: 'run', runDirectory: folder });
  let cancelled = 0;
  interrupts.onInterrupt(() => cancelled++);
  (process as NodeJS.EventEmitter).emit('uncaughtException', new Error('a bug'));
  expect([cancelled, exits, interrupts.broken()]).toEqual([1, [], 'a bug']);
  expect(said[0]).toMatch(/^a bug of Kunren \(Error: a bug[\s\S]*: undoing …$/);
  interrupts.end();
  expect(process.listeners('uncaughtException')).toEqual(before);
});
