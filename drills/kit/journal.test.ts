import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Intent } from '../../fixtures/core/fault.ts';
import { Journal, openIntents, readJournal } from './journal.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kunren-journal-'));
  path = join(folder, 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const freeze = (task: string): Intent => ({
  call: 'stage:freeze',
  region: 'xx-north-1',
  parameters: { task },
  undo: { call: 'stage:thaw', parameters: { task } },
});

test('the intent is on disk before the change is made', async () => {
  const journal = new Journal(path);
  let seen = '';
  await journal.change('a-drill', freeze('t1'), async () => {
    seen = readFileSync(path, 'utf8');
  });
  expect(seen).toContain('"state":"intended"');
  expect(seen).not.toContain('"state":"made"');
});

test('what was begun is undone in reverse, also when its call failed', async () => {
  const journal = new Journal(path);
  await journal.change('a-drill', freeze('t1'), async () => {});
  await journal
    .change('a-drill', freeze('t2'), async () => {
      throw new Error('cut off');
    })
    .catch(() => {});
  expect(openIntents(readJournal(path)).map((open) => open.intent.parameters['task'])).toEqual(['t2', 't1']);
});

test('an undone intent and one that has no undo are not open', async () => {
  const journal = new Journal(path);
  await journal.change('a-drill', freeze('t1'), async () => {});
  await journal.change('a-drill', { call: 'ecs:StopTask', region: 'xx-north-1', parameters: {} }, async () => {});
  journal.undone(1, 'thawed');
  expect(openIntents(readJournal(path))).toEqual([]);
});

test('a torn line is left out, and hides nothing that is written after it', async () => {
  await new Journal(path).change('a-drill', freeze('t1'), async () => {});
  appendFileSync(path, '{"id":9,"st');
  expect(readJournal(path)).toHaveLength(2);
  await new Journal(path).change('a-drill', freeze('t2'), async () => {});
  expect(openIntents(readJournal(path)).map((open) => open.intent.parameters['task'])).toEqual(['t2', 't1']);
});

test('a line that the disk does not take whole is an error, and its change is not made', async () => {
  // The limit on a file's size, which the system keeps to the byte, stands for a disk that is nearly full.
  const script = `
    const { Journal } = await import(${JSON.stringify(new URL('./journal.ts', import.meta.url).href)});
    const journal = new Journal(${JSON.stringify(path)});
    const intent = { call: 'x', region: 'r', parameters: { text: 'x'.repeat(300) } };
    let made = 0;
    try {
      for (;;) await journal.change('d', intent, async () => void made++);
    } catch (error) {
      console.log(error.code, made);
    }`;
  const args = ['-c', 'ulimit -f 1; exec "$0" --input-type=module -e "$1"', process.execPath, script];
  const { stdout } = await promisify(execFile)('bash', args);
  expect(stdout).toBe('EFBIG 2\n');
  expect(readJournal(path).filter(({ state }) => state === 'intended')).toHaveLength(2);
});
