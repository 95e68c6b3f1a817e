import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ArmedFault } from '../../fixtures/core/fault.ts';
import { patienceOf } from '../../fixtures/core/patience.ts';
import { machineClock } from '../../probes/clock.ts';
import { Book } from '../procedures/book.ts';
import { Journal, openIntents, readJournal } from './journal.ts';
import { DrillNotes } from './record.ts';
import { replayJournal } from './replay-journal.ts';
import type { Running } from './running.ts';
import { undo, undoBegun } from './undo.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kunren-undo-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const notes = (): DrillNotes =>
  new DrillNotes(
    machineClock,
    () => {},
    (_name, work) => work(),
    'a fault',
  );

/** A drill whose fault was requested. */
function begun(): DrillNotes {
  const record = notes();
  record.fault = { ...record.fault, injectedAtMs: machineClock.nowMs(), proof: 'not-observed' };
  return record;
}

const running = (record: DrillNotes, journal: Journal, thaw = async (_task: string): Promise<void> => {}): Running =>
  ({
    ...{ spec: {}, record, book: new Book(), context: { journal, drillId: 'a-drill' } },
    field: { clock: machineClock, patience: patienceOf('twin'), stage: { abilities: { taskControl: { thaw } } } },
  }) as unknown as Running;

const journalHere = (): Journal => new Journal(join(directory, 'journal.jsonl'));

test('exactly what was begun is undone, in reverse, each step even when another fails', async () => {
  const journal = journalHere();
  const began = (drillId: string, task: string, make = async () => {}) =>
    journal.change(
      drillId,
      { call: 'stage:freeze', region: 'r', parameters: { task }, undo: { call: 'stage:thaw', parameters: { task } } },
      make,
    );
  await began('a-drill', 'first');
  await began('another-drill', 'not this drill’s');
  await began('a-drill', 'second');
  await began('a-drill', 'cut off', () => Promise.reject(new Error('cut off'))).catch(() => {});
  const thawed: string[] = [];
  const thaw = async (task: string): Promise<void> => {
    thawed.push(task);
    if (task === 'second') throw new Error('it cannot be thawed');
  };
  const record = begun();
  const armed = { undo: () => Promise.reject(new Error('the fault stays')) } as unknown as ArmedFault;
  await undo(running(record, journal, thaw), armed);
  expect(thawed).toEqual(['cut off', 'second', 'first']);
  const left = openIntents(readJournal(journal.path)).map(({ intent }) => intent.parameters['task']);
  expect(left).toEqual(['second', 'not this drill’s']);
  expect(record.harnessFailed).toContain('the fault stays');
  expect(record.harnessFailed).toContain('it cannot be thawed');
});

test.each([
  { what: 'was never begun is not undone', record: notes, times: 0 },
  { what: 'may have failed half-way is undone', record: begun, times: 1 },
])('a fault whose injection $what', async ({ record, times }) => {
  let undone = 0;
  const armed = { undo: async () => void undone++ } as unknown as ArmedFault;
  await undo(running(record(), journalHere()), armed);
  expect(undone).toBe(times);
});

test('the lock is kept, by the drill and by whoever replays its journal, while anything else is left', async () => {
  const journal = journalHere();
  const lock = { call: 'ssm:DeleteParameter', parameters: { Name: '/kunren/lock/s' } };
  await journal.change(
    'a-drill',
    { call: 'ssm:PutParameter', region: 'r', parameters: {}, undo: lock },
    async () => {},
  );
  const thaw = { call: 'stage:thaw', parameters: { task: 'one' } };
  await journal.change('a-drill', { call: 'stage:freeze', region: 'r', parameters: {}, undo: thaw }, async () => {});
  const record = begun();
  const armed = { undo: async () => {} } as unknown as ArmedFault;
  const drill = running(record, journal, () => Promise.reject(new Error('it cannot be thawed')));
  await undo(drill, armed);
  const place = { ...drill.field, runId: 'r' };
  const failures = await replayJournal(journal.path, place);
  const calls = openIntents(readJournal(journal.path)).map(({ intent }) => intent.call);
  expect(calls).toEqual(['stage:freeze', 'ssm:PutParameter']);
  const kept = 'ssm:DeleteParameter: kept while anything else is left';
  expect(failures).toEqual(['stage:thaw: it cannot be thawed', kept]);
  expect(record.harnessFailed).toContain('ssm:PutParameter: kept while anything else is left');
});

test('of a drill that never got under way all that it has begun is undone, and nothing of another', async () => {
  const journal = journalHere();
  const freeze = (drillId: string, task: string) => {
    const thaw = { call: 'stage:thaw', parameters: { task } };
    return journal.change(drillId, { call: 'x', region: 'r', parameters: { task }, undo: thaw }, async () => {});
  };
  await freeze('a-drill', 'thawed');
  await freeze('a-drill', 'stuck');
  await freeze('another-drill', 'another’s');
  const record = notes();
  const { context, field } = running(record, journal, async (task) => {
    if (task === 'stuck') throw new Error('it cannot be thawed');
  });
  await undoBegun(context, field, record);
  const left = openIntents(readJournal(journal.path)).map(({ intent }) => intent.parameters['task']);
  expect(left).toEqual(['another’s', 'stuck']);
  expect(record.harnessFailed).toMatch(/^undo failed: stage:thaw: it cannot be thawed/);
});

test('rows are removed when nothing writes any more', async () => {
  const journal = journalHere();
  const rows = { call: 'rows:remove', parameters: { drillId: 'a-drill', directory } };
  await journal.change('a-drill', { call: 'rows:write', region: 'r', parameters: {}, undo: rows }, async () => {});
  const record = begun();
  const drill = running(record, journal);
  const asked: string[] = [];
  Object.assign(drill, { prober: { stop: async () => void asked.push('stopped') } });
  const guardRails = () => {
    asked.push('how to remove');
    return {};
  };
  Object.assign(drill.field, { system: Object.defineProperty({}, 'guardRails', { get: guardRails }) });
  await undo(drill, { undo: async () => {} } as unknown as ArmedFault);
  expect(asked).toEqual(['stopped', 'how to remove']);
  expect(record.harnessFailed).toContain('rows:write: guardRails.canary of the config does not say');
});
