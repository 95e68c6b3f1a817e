import { expect, test } from 'vitest';
import { judgeAge } from './copy-needs.ts';

const HOUR_MS = 3_600_000;

test('a copy no older than its schedule is young enough', () =>
  expect(judgeAge(0, 24.5 * HOUR_MS, 24.5 * HOUR_MS)).toBe(
    'the newest holds data of 24.5 h ago (1970-01-01T00:00:00.000Z); 24.5 h is due',
  ));

test.each([
  [undefined, /no snapshot or replicated backup/],
  [-1, /data of 24\.5 h ago .*; 24\.5 h is due\. Remedy: look why/],
])('the newest of %s is missing', (newestAtMs, says) =>
  expect(() => judgeAge(newestAtMs, 24.5 * HOUR_MS, 24.5 * HOUR_MS)).toThrow(says),
);
