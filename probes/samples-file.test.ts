import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLedgerFile, readSamplesFile } from './samples-file.ts';
import { temporaryDirectory } from './test-server.ts';

const good = (k: number) => ({ k, dueAtMs: k, sentAtMs: k, answeredAtMs: k + 1, outcome: 'good' });
const missed = { k: 2, dueAtMs: 2, missed: true };

const fileOf = (text: string): string => {
  const path = join(temporaryDirectory(), 'file.jsonl');
  writeFileSync(path, text);
  return path;
};
const lines = (...values: object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

test('samples are ordered by their number, missed slots between', () => {
  const path = fileOf(lines(good(1), missed, good(3), good(0)));
  expect(readSamplesFile(path)).toEqual({
    slots: [good(0), good(1), missed, good(3)],
    samples: [good(0), good(1), good(3)],
    torn: false,
  });
});

test('a last line that was cut short is left out and told', () => {
  const path = fileOf(lines(good(0)) + JSON.stringify(good(1)).slice(0, -9));
  expect(readSamplesFile(path)).toMatchObject({ samples: [good(0)], torn: true });
  expect(readSamplesFile(fileOf(''))).toEqual({ slots: [], samples: [], torn: false });
});

test.each([
  ['no JSON', 'nonsense\n'],
  ['an unknown outcome', lines({ ...good(0), outcome: 'fine' })],
  ['a missing instant', lines({ k: 0, dueAtMs: 0, outcome: 'good' })],
  ['a member that was never written', lines({ ...good(0), note: 'by hand' })],
])('a samples file with %s is not judged', (_, text) => {
  expect(() => readSamplesFile(fileOf(lines(good(9)) + text))).toThrow(/file\.jsonl:2 .*evidence-damaged/);
});

test('a ledger keeps the order in which it was written', () => {
  const entries = [
    { n: 1, reference: 'm-000001', state: 'intended', atMs: 5 },
    { n: 0, reference: 'm-000000', state: 'intended', atMs: 4 },
    { n: 0, state: 'refused', atMs: 6, reason: 'HTTP 503' },
    { n: 1, state: 'acknowledged', atMs: 7 },
  ];
  expect(readLedgerFile(fileOf(`${lines(...entries)}{"n":2,`))).toEqual({ entries, torn: true });
});
