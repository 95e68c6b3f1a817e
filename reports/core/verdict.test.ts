import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Verdict } from './result.ts';
import { exitCode, judgeRange, worstVerdict } from './verdict.ts';

describe('a range against an objective of 100 ms', () => {
  test.each([
    ['within', { msMin: 10, msMax: 100 }, 'met'],
    ['at zero', { msMin: 0, msMax: 0 }, 'met'],
    ['over', { msMin: 101, msMax: 200 }, 'missed'],
    ['straddling', { msMin: 100, msMax: 101 }, 'unknown'],
    ['not seen to end, so far within', { msMin: 50, msMax: null }, 'unknown'],
    ['not seen to end, already over', { msMin: 101, msMax: null }, 'missed'],
    ['not measured', null, 'unknown'],
    ['not a number', { msMin: Number.NaN, msMax: Number.NaN }, 'unknown'],
    ['less than no time', { msMin: -20, msMax: -10 }, 'unknown'],
    ['upside down', { msMin: 50, msMax: 10 }, 'unknown'],
  ] as const)('%s', (_name, range, verdict) => {
    expect(judgeRange('downtime', range, 100).verdict).toBe(verdict);
  });

  test('says its reason', () => {
    expect(judgeRange('downtime', { msMin: 50, msMax: 150 }, 100).why).toBe(
      'downtime 50 ms to 150 ms straddles the objective of 100 ms: probe more often',
    );
    expect(judgeRange('downtime', { msMin: 50, msMax: null }, 100).why).toMatch(/not seen to end/);
    expect(judgeRange('downtime', null, 100).why).toBe('downtime was not measured');
  });

  test('is met only when every length in it is', () => {
    const ms = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(ms, ms, ms, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, limitMs, share) => {
        const range = { msMin: Math.min(a, b), msMax: Math.max(a, b) };
        const truthMs = range.msMin + share * (range.msMax - range.msMin);
        const { verdict } = judgeRange('x', range, limitMs);
        if (verdict === 'met') expect(truthMs).toBeLessThanOrEqual(limitMs);
        if (verdict === 'missed') expect(truthMs).toBeGreaterThan(limitMs);
      }),
    );
  });
});

test.each<[Verdict[], Verdict]>([
  [[], 'unknown'],
  [['met', 'met'], 'met'],
  [['met', 'not-run'], 'not-run'],
  [['not-run', 'unknown'], 'unknown'],
  [['unknown', 'missed', 'met'], 'missed'],
])('the worst of %j is %s', (verdicts, worst) => {
  expect(worstVerdict(verdicts)).toBe(worst);
});

test.each<[string, Verdict[], string[], number]>([
  ['nothing judged', [], [], 2],
  ['all met', ['met', 'met'], [], 0],
  ['one missed', ['met', 'missed', 'unknown'], [], 1],
  ['one unknown', ['met', 'unknown'], [], 2],
  ['one not run', ['met', 'not-run'], [], 2],
  ['one not run, allowed', ['met', 'not-run'], ['d1'], 0],
  ['another not run than allowed', ['met', 'not-run'], ['d0'], 2],
  ['only an allowed one, so nothing judged', ['not-run'], ['d0'], 2],
  ['unknown is never allowed', ['met', 'unknown'], ['d1'], 2],
])('exit code: %s', (_name, verdicts, allowNotRun, code) => {
  const results = verdicts.map((verdict, i) => ({ id: `d${i}`, verdict }));
  expect(exitCode(results, { allowNotRun })).toBe(code);
});
