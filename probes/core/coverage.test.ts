import { expect, test } from 'vitest';
import { coverage, paceOf, type Slot } from './coverage.ts';

const pace = { t0Ms: 0, intervalMs: 100 };

/** One character a slot of 100 ms: `#` sent in time, `l` sent 150 ms late, `m` recorded as missed, `_` not recorded. */
function drawnSlots(drawing: string): Slot[] {
  return [...drawing].flatMap((mark, k): Slot[] => {
    const dueAtMs = k * 100;
    if (mark === '_') return [];
    if (mark === 'm') return [{ k, dueAtMs, missed: true }];
    const sentAtMs = dueAtMs + (mark === 'l' ? 150 : 0);
    return [{ k, dueAtMs, sentAtMs, answeredAtMs: sentAtMs + 1, outcome: 'good' }];
  });
}

test.each<{ name: string; drawing: string; window: [number, number]; is: object }>([
  {
    name: 'all sent',
    drawing: '##########',
    window: [0, 1_000],
    is: { due: 10, sent: 10, late: 0, missed: 0, ratio: 1, longestGapMs: 100 },
  },
  {
    name: 'missed and late slots do not cover',
    drawing: '##mm#l####',
    window: [0, 1_000],
    is: { due: 10, sent: 8, late: 1, missed: 2, ratio: 0.7, longestGapMs: 300 },
  },
  {
    name: 'a prober that died leaves missed slots, not a shorter window',
    drawing: '#####_____',
    window: [0, 1_000],
    is: { due: 10, sent: 5, late: 0, missed: 5, ratio: 0.5, longestGapMs: 600 },
  },
  {
    name: 'only the window counts',
    drawing: '####mm####',
    window: [400, 600],
    is: { due: 2, sent: 0, late: 0, missed: 2, ratio: 0, longestGapMs: 200 },
  },
  {
    name: 'an empty window is never covered',
    drawing: '##########',
    window: [410, 420],
    is: { due: 0, sent: 0, late: 0, missed: 0, ratio: 0, longestGapMs: 10 },
  },
  {
    name: 'nothing recorded at all',
    drawing: '',
    window: [0, 500],
    is: { due: 5, sent: 0, late: 0, missed: 5, ratio: 0, longestGapMs: 500 },
  },
])('coverage: $name', ({ drawing, window, is }) => {
  expect(coverage(drawnSlots(drawing), pace, ...window)).toEqual(is);
});

test('the pace is found again from any recorded slot', () => {
  expect(paceOf(drawnSlots('__#'), 100)).toEqual({ t0Ms: 0, intervalMs: 100 });
  expect(paceOf([], 100)).toBeUndefined();
});
