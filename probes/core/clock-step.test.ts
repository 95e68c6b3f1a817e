import { expect, test } from 'vitest';
import { wallStepMs } from './clock-step.ts';

/** Anchors a minute apart; the wall clock is off by so much at each. */
const anchors = (...offMs: number[]) =>
  offMs.map((off, i) => ({ monoMs: i * 60_000, wallMs: 1_750_000_000_000 + i * 60_000 + off }));

test.each([
  { name: 'none', offMs: [], stepMs: 0 },
  { name: 'steady', offMs: [0, 0, 0], stepMs: 0 },
  { name: 'read a little late', offMs: [0, 4, -6], stepMs: 0 },
  { name: 'slewed at the limit', offMs: [0, 30, 60], stepMs: 0 },
  { name: 'thirty seconds back', offMs: [0, -30_000, -30_000], stepMs: -30_000 },
  { name: 'an hour ahead', offMs: [0, 0, 3_600_000], stepMs: 3_600_000 },
  { name: 'there and back again', offMs: [0, -30_000, 0], stepMs: -30_000 },
])('wall clock: $name', ({ offMs, stepMs }) => {
  expect(wallStepMs(anchors(...offMs))).toBe(stepMs);
});
