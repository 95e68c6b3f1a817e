import { expect, test } from 'vitest';
import type { Sample } from '../../../../probes/core/sample.ts';
import { outageSoFarMs } from './outage-so-far.ts';

/** One answer every 100 ms, 10 ms after it was asked for: `#` right, `.` bad. */
const drawn = (answers: string): Sample[] =>
  [...answers].map((one, k) => ({
    ...{ k, dueAtMs: k * 100, sentAtMs: k * 100, answeredAtMs: k * 100 + 10 },
    ...(one === '.' ? { outcome: 'bad', reason: 'deadline' } : { outcome: 'good' }),
  }));

test.each([
  ['##########', 0],
  ['###.######', 10],
  ['###.....', 410],
  ['###.....####', 410],
  // One right answer is no recovery.
  ['###..#..#..', 710],
  ['...###.###....', 310],
  ['', 0],
])('%s: %i ms', (answers, ms) => {
  expect(outageSoFarMs(drawn(answers), 3, 0)).toBe(ms);
});

test('what was bad before the fault is none of it, and answers may come in any order', () => {
  expect(outageSoFarMs(drawn('....##..').reverse(), 3, 500)).toBe(110);
});
