import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dataLoss } from './data-loss.ts';
import type { LedgerEntry } from './ledger.ts';

/** One character a write, sent every 100 ms and answered 10 ms later: `a`cknowledged, `r`efused, `?` cut, `i` intent only. */
function drawnLedger(drawing: string): LedgerEntry[] {
  const states = { a: 'acknowledged', r: 'refused', '?': 'indeterminate' } as const;
  return [...drawing].flatMap((mark, n): LedgerEntry[] => {
    const intent: LedgerEntry = { n, reference: `m-${n}`, state: 'intended', atMs: n * 100 };
    const state = states[mark as keyof typeof states];
    return state === undefined ? [intent] : [intent, { n, state, atMs: n * 100 + 10 }];
  });
}

/** The numbers under which a drawing has an `x`. */
const drawnNumbers = (drawing: string): number[] => [...drawing].flatMap((mark, n) => (mark === 'x' ? [n] : []));

const none = { lost: [], indeterminatePresent: [], refusedPresent: [], neverIntended: [] };

test.each<{ name: string; writes: string; present: string; faultAtMs: number; is: object }>([
  {
    name: 'everything acknowledged is there',
    writes: 'aaaa',
    present: 'xxxx',
    faultAtMs: 350,
    is: { ...none, intended: 4, acknowledged: 4, lossMs: { msMin: 0, msMax: 0 } },
  },
  {
    name: 'an acknowledged write that is absent is lost, from the oldest on',
    writes: 'aaaaaa',
    present: 'xx x x',
    faultAtMs: 700,
    is: { ...none, lost: [2, 4], lossMs: { msMin: 490, msMax: 590 } },
  },
  {
    name: 'without a survivor before it the loss has no upper end',
    writes: 'aaa',
    present: '',
    faultAtMs: 300,
    is: { ...none, lost: [0, 1, 2], lossMs: { msMin: 290, msMax: null } },
  },
  {
    name: 'a loss acknowledged after the fault was asked for is still a loss in time',
    writes: 'aaaa',
    present: 'xxx ',
    faultAtMs: 250,
    is: { ...none, lost: [3], lossMs: { msMin: 0, msMax: 100 } },
  },
  {
    name: 'a cut write is neither lost nor extra, whether or not it is there',
    writes: 'a??ia',
    present: 'xx  x',
    faultAtMs: 450,
    is: { ...none, acknowledged: 2, indeterminate: 3, indeterminatePresent: [1], lossMs: { msMin: 0, msMax: 0 } },
  },
  {
    name: 'a refused write that is there, and one that nobody sent, are listed apart',
    writes: 'arr',
    present: 'xx xx',
    faultAtMs: 250,
    is: { ...none, refused: 2, refusedPresent: [1], neverIntended: [3, 4] },
  },
  {
    name: 'with nothing acknowledged before the fault no loss could be seen',
    writes: '??a',
    present: '  x',
    faultAtMs: 150,
    is: { ...none, acknowledged: 1, lossMs: null },
  },
])('data loss: $name', ({ writes, present, faultAtMs, is }) => {
  expect(dataLoss(drawnLedger(writes), drawnNumbers(present), faultAtMs)).toMatchObject(is);
});

// Published situation: the connection is cut between COMMIT and its answer, a hundred times.
test('a hundred commits whose answers never came are a class of their own', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 100, maxLength: 100 }), (exists) => {
      const present = [0, ...exists.flatMap((there, i) => (there ? [i + 1] : []))];
      const loss = dataLoss(drawnLedger(`a${'?'.repeat(100)}`), present, 20_000);
      expect(loss).toMatchObject({
        acknowledged: 1,
        indeterminate: 100,
        lost: [],
        neverIntended: [],
        refusedPresent: [],
      });
      expect(loss.indeterminatePresent).toHaveLength(present.length - 1);
      expect(loss.lossMs).toEqual({ msMin: 0, msMax: 0 });
    }),
  );
});

// Method: invent when the database stopped keeping what it acknowledged; the range must contain the truth.
test('the loss in time contains the truth', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 1, max: 59 }), (count, kept) => {
      fc.pre(kept < count);
      const faultAtMs = count * 100;
      const present = Array.from({ length: kept }, (_, n) => n);
      // Commits reached the disk until just before the answer to the first lost one.
      const { lossMs } = dataLoss(drawnLedger('a'.repeat(count)), present, faultAtMs);
      const trueMs = faultAtMs - (kept * 100 + 5);
      expect(lossMs!.msMin).toBeLessThanOrEqual(trueMs);
      expect(lossMs!.msMax).toBeGreaterThanOrEqual(trueMs);
    }),
  );
});

test.each<{ name: string; ledger: LedgerEntry[] }>([
  { name: 'an outcome without intent', ledger: [{ n: 1, state: 'acknowledged', atMs: 1 }] },
  { name: 'two outcomes', ledger: [...drawnLedger('a'), { n: 0, state: 'refused', atMs: 20 }] },
  { name: 'two intents', ledger: [...drawnLedger('i'), ...drawnLedger('i')] },
])('a ledger with $name is refused', ({ ledger }) => {
  expect(() => dataLoss(ledger, [], 0)).toThrow(/ledger-damaged/);
});
