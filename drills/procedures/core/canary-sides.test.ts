import { expect, test } from 'vitest';
import type { LedgerEntry } from '../../../probes/core/ledger.ts';
import { canarySides, judgeSides } from './canary-sides.ts';

/** Numbered writes, sent every 100 ms and acknowledged 40 ms later. */
const ledger = [0, 1, 2, 3].flatMap((n): LedgerEntry[] => [
  { n, reference: `m-${n}`, state: 'intended', atMs: n * 100 },
  { n, state: 'acknowledged', atMs: n * 100 + 40 },
]);

test.each([
  { restoredToMs: 150, before: [0, 1], after: [2, 3] },
  { restoredToMs: 120, before: [0], after: [2, 3] }, // Write 1 was under way: it may be there or not.
  { restoredToMs: 140, before: [0, 1], after: [2, 3] },
  { restoredToMs: -1, before: [], after: [0, 1, 2, 3] },
  { restoredToMs: 999, before: [0, 1, 2, 3], after: [] },
])('restored to $restoredToMs ms: $before must be there and $after must not', ({ restoredToMs, before, after }) => {
  expect(canarySides(ledger, restoredToMs)).toEqual({ before, after });
});

const sides = { before: [0, 1], after: [2, 3] };

test.each([
  { found: [0, 1], outcome: 'yes' },
  { found: [0], outcome: 'no' }, // The restore misses what was written just before.
  { found: [0, 1, 2], outcome: 'no' }, // It holds what was written just after.
  { found: [], outcome: 'no' },
])('$found found: $outcome', ({ found, outcome }) => {
  expect(judgeSides(sides, found)).toMatchObject({ outcome });
});

test('a side without canaries shows nothing', () => {
  expect(judgeSides({ before: [0], after: [] }, [0])).toMatchObject({ outcome: 'unknown' });
  expect(judgeSides({ before: [], after: [1] }, [])).toMatchObject({ outcome: 'unknown' });
});
