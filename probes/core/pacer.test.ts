import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dueAtMs, inFlightLimit, takeTurn } from './pacer.ts';

const pace = { t0Ms: 1_000, intervalMs: 50 };

test.each([
  { name: 'before the first', nextK: 0, nowMs: 999, due: [], missed: [], nextK_: 0, nextDueAtMs: 1_000 },
  { name: 'the first, on time', nextK: 0, nowMs: 1_000, due: [0], missed: [], nextK_: 1, nextDueAtMs: 1_050 },
  { name: 'nothing twice', nextK: 1, nowMs: 1_049, due: [], missed: [], nextK_: 1, nextDueAtMs: 1_050 },
  {
    name: 'a short stall is caught up',
    nextK: 1,
    nowMs: 1_150,
    due: [1, 2, 3],
    missed: [],
    nextK_: 4,
    nextDueAtMs: 1_200,
  },
  {
    name: 'after a long stall the old slots are missed',
    nextK: 1,
    nowMs: 1_260,
    due: [4, 5],
    missed: [1, 2, 3],
    nextK_: 6,
    nextDueAtMs: 1_300,
  },
])('turns: $name', ({ nextK, nowMs, due, missed, nextK_, nextDueAtMs }) => {
  expect(takeTurn(pace, nextK, nowMs)).toEqual({ due, missed, nextK: nextK_, nextDueAtMs });
});

test('a slow pace may be late by one interval', () => {
  expect(takeTurn({ t0Ms: 0, intervalMs: 1_000 }, 0, 950)).toMatchObject({ due: [0], missed: [] });
});

// Method: wake at invented instants; every slot up to the last must be taken exactly once, in order.
test('no slot is taken twice or forgotten', () => {
  const wakes = fc.array(fc.double({ min: 0, max: 700, noNaN: true }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(wakes, fc.double({ min: 0.5, max: 300, noNaN: true }), (sleepsMs, intervalMs) => {
      const taken: number[] = [];
      let nowMs = 0;
      let nextK = 0;
      for (const sleptMs of sleepsMs) {
        nowMs += sleptMs;
        const turn = takeTurn({ t0Ms: 5, intervalMs }, nextK, nowMs);
        taken.push(...turn.missed, ...turn.due);
        nextK = turn.nextK;
        expect(turn.nextDueAtMs).toBeGreaterThan(nowMs);
      }
      expect(taken).toEqual(Array.from({ length: nextK }, (_, k) => k));
      expect(nextK === 0 || dueAtMs({ t0Ms: 5, intervalMs }, nextK - 1) <= nowMs).toBe(true);
    }),
  );
});

test('all probes that can be within their deadline fit in flight', () => {
  expect(inFlightLimit(1_000, 50)).toBeGreaterThanOrEqual(20);
  expect(inFlightLimit(100, 1_000)).toBeGreaterThanOrEqual(1);
});
