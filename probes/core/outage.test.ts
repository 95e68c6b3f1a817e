import { expect, test } from 'vitest';
import { type DrawnTiming, drawnSamples } from './drawn-samples.ts';
import { type OutageRule, summarizeOutages, type TroubleWindow } from './outage.ts';

const EVERY_100_MS: DrawnTiming = { intervalMs: 100 };
const EVERY_SECOND: DrawnTiming = { intervalMs: 1_000 };

/** `down 200-400, partial 0-0 [200,500)` is a window with its ranges and its schedule. */
const told = (window: TroubleWindow): string => {
  const range = ({ msMin, msMax }: { msMin: number; msMax: number | null }) => `${msMin}-${msMax ?? 'open'}`;
  const down = window.down.map((segment) => range(segment.lengthMs)).join('+') || 'none';
  return `${window.kind}: down ${down}, partial ${range(window.partial)} [${window.openedAtMs},${window.closedAtMs ?? 'open'})`;
};

test.each<{ name: string; drawing: string; stableAnswers: number; windows: string[]; flapping?: true }>([
  { name: 'always good', drawing: '####', stableAnswers: 2, windows: [] },
  {
    name: 'a single bad answer is down, since nothing good lies inside',
    drawing: '##.###',
    stableAnswers: 3,
    windows: ['down: down 0-200, partial 0-0 [200,300)'],
  },
  {
    name: 'one long outage',
    drawing: '##...####',
    stableAnswers: 3,
    windows: ['down: down 200-400, partial 0-0 [200,500)'],
  },
  {
    name: 'never good again has no end',
    drawing: '##..',
    stableAnswers: 2,
    windows: ['down: down 100-open, partial 0-0 [200,open)'],
  },
  {
    name: 'too few good answers at the end are not a recovery',
    drawing: '##...##',
    stableAnswers: 3,
    windows: ['mixed: down 200-400, partial 0-open [200,open)'],
  },
  {
    name: 'every other answer bad is one partial window',
    drawing: '##.#.#.####',
    stableAnswers: 3,
    windows: ['partial: down none, partial 400-600 [200,700)'],
  },
  {
    name: 'down, then mixed',
    drawing: '##....#.####',
    stableAnswers: 3,
    windows: ['mixed: down 300-500, partial 0-300 [200,800)'],
  },
  {
    name: 'mixed, then down',
    drawing: '##.#....####',
    stableAnswers: 3,
    windows: ['mixed: down 300-500, partial 0-300 [200,800)'],
  },
  {
    name: 'down twice within a window flaps',
    drawing: '##...#...####',
    stableAnswers: 3,
    windows: ['mixed: down 200-400+200-400, partial 0-200 [200,900)'],
    flapping: true,
  },
  {
    name: 'down again after a stable run flaps',
    drawing: '##..##..###',
    stableAnswers: 2,
    windows: ['down: down 100-300, partial 0-0 [200,400)', 'down: down 100-300, partial 0-0 [600,800)'],
    flapping: true,
  },
  {
    name: 'a missed slot breaks a stable run',
    drawing: '##..##_###',
    stableAnswers: 3,
    windows: ['partial: down none, partial 100-600 [200,700)'],
  },
  {
    name: 'a missed slot amid bad answers is not up',
    drawing: '##.__.###',
    stableAnswers: 3,
    windows: ['down: down 300-500, partial 0-0 [200,600)'],
  },
  {
    name: 'a slow answer is not bad',
    drawing: '##..~##',
    stableAnswers: 3,
    windows: ['down: down 100-300, partial 0-0 [200,400)'],
  },
])('outage windows: $name ($drawing, $stableAnswers in a row)', ({ drawing, stableAnswers, windows, flapping }) => {
  const summary = summarizeOutages(drawnSamples(drawing, EVERY_100_MS), { stableAnswers });
  expect(summary.windows.map(told)).toEqual(windows);
  expect(summary.flapping).toBe(flapping ?? false);
});

test('the downtime has no upper end while the system is not recovered, though its down segment has', () => {
  const summary = summarizeOutages(drawnSamples('##...##', EVERY_100_MS), { stableAnswers: 3 });
  expect(summary.downtime).toEqual({ msMin: 200, msMax: null });
  expect(summary).not.toHaveProperty('recoveredAt');
});

test('recovery is the first answer of the last stable run', () => {
  const timing = { intervalMs: 100, goodTakesMs: 7 };
  const summary = summarizeOutages(drawnSamples('##..##..####', timing), { stableAnswers: 2 });
  expect(summary.recoveredAt).toEqual({ dueAtMs: 800, sentAtMs: 800, answeredAtMs: 807 });
  expect([summary.firstBadSentAtMs, summary.lastBadSentAtMs]).toEqual([200, 700]);
});

test('the resolution is the longest time between neighbouring good answers', () => {
  const timing = { intervalMs: 100, goodTakesMs: 7 };
  expect(summarizeOutages(drawnSamples('##..##__##', timing), { stableAnswers: 2 }).resolutionMs).toBe(307);
  expect(summarizeOutages(drawnSamples('#.', timing), { stableAnswers: 2 }).resolutionMs).toBeNull();
});

test.each([
  ['starts bad', '.##'],
  ['is empty', ''],
])('a series that %s holds no steady state', (_, drawing) => {
  expect(() => summarizeOutages(drawnSamples(drawing, EVERY_100_MS), { stableAnswers: 2 })).toThrow(
    /steady-state-not-held/,
  );
});

// Published situation: probes whose deadline (5 s) is longer than their interval (1 s), 20 s of silence.
test('answers given up late make one outage, not several with ups between', () => {
  const drawing = `###${'.'.repeat(20)}###`;
  const summary = summarizeOutages(drawnSamples(drawing, { ...EVERY_SECOND, badTakesMs: 5_000 }), { stableAnswers: 3 });
  expect(summary.windows.map(told)).toEqual(['down: down 14000-21000, partial 0-0 [3000,23000)']);
  expect(summary.troubledMs).toBe(20_000);
});

// Published situation: two targets behind a balancer, one answers 503, 60 s at 5 probes/s.
test('half of the answers bad for a minute is a partial outage of a minute', () => {
  const drawing = `#####${'.#'.repeat(150)}####`;
  const summary = summarizeOutages(drawnSamples(drawing, { intervalMs: 200 }), { stableAnswers: 3 });
  expect(summary.windows).toHaveLength(1);
  expect(summary.downtime).toEqual({ msMin: 0, msMax: 0 });
  expect(summary.partial).toEqual({ msMin: 59_600, msMax: 60_000 });
  expect(summary.badSamples).toBe(150);
});

// Published situation: U U D U U D D D U D U U, a second each; the rule decides, so it is given.
test.each<{ stableAnswers: number; windows: [number, number | null][]; troubledMs: number | null }>([
  { stableAnswers: 3, windows: [[2_000, null]], troubledMs: null },
  {
    stableAnswers: 2,
    windows: [
      [2_000, 3_000],
      [5_000, 10_000],
    ],
    troubledMs: 6_000,
  },
])('flapping under "$stableAnswers in a row"', ({ stableAnswers, windows, troubledMs }) => {
  const summary = summarizeOutages(drawnSamples('##.##...#.##', EVERY_SECOND), { stableAnswers });
  expect(summary.windows.map((window) => [window.openedAtMs, window.closedAtMs])).toEqual(windows);
  expect(summary.troubledMs).toBe(troubledMs);
  expect(summary.badSamples).toBe(5);
  expect(summary.rule).toEqual({ stableAnswers, slowCountsAs: 'degraded' });
  expect(summary.recoveredAt?.dueAtMs).toBe(troubledMs === null ? undefined : 10_000);
});

/** The app stands still from 1,000 to 7,000 ms: every request of that time is answered at its end. */
const frozen = Array.from({ length: 40 }, (_, k) => {
  const dueAtMs = 10 + k * 250;
  const answeredAtMs = dueAtMs < 1_000 || dueAtMs >= 7_000 ? dueAtMs + 2 : 7_002;
  const outcome = answeredAtMs - dueAtMs > 500 ? ('slow' as const) : ('good' as const);
  return { k, dueAtMs, sentAtMs: dueAtMs, answeredAtMs, outcome };
});

// Published situation: a freeze of 6 s, every 250 ms, deadline (10 s) longer than the freeze.
test.each<{ rule: OutageRule; downtime: object; degradedMs: number }>([
  {
    rule: { stableAnswers: 3, slowCountsAs: 'down' },
    downtime: { msMin: 5_992, msMax: 7_002 - 760 },
    degradedMs: 0,
  },
  { rule: { stableAnswers: 3 }, downtime: { msMin: 0, msMax: 0 }, degradedMs: 5_992 },
])('a freeze answered in the end lasts about 6 s ($rule)', ({ rule, downtime, degradedMs }) => {
  const summary = summarizeOutages(frozen, rule);
  expect(summary.downtime).toEqual(downtime);
  expect(summary.degradedMs).toBe(degradedMs);
});

// Published situation: right answers after 4.9 s for 30 s; deadline 5 s, slow after 1 s.
test.each<{ rule: OutageRule; downtime: object; degradedMs: number }>([
  { rule: { stableAnswers: 2 }, downtime: { msMin: 0, msMax: 0 }, degradedMs: 30_000 },
  {
    rule: { stableAnswers: 2, slowCountsAs: 'down' },
    downtime: { msMin: 30_000, msMax: 31_000 },
    degradedMs: 0,
  },
])('right but slow answers for 30 s ($rule)', ({ rule, downtime, degradedMs }) => {
  const drawing = `###${'~'.repeat(30)}###`;
  const summary = summarizeOutages(drawnSamples(drawing, { ...EVERY_SECOND, slowTakesMs: 4_900 }), rule);
  expect(summary.downtime).toEqual(downtime);
  expect(summary.degradedMs).toBe(degradedMs);
});

test('a good answer that hung through the outage does not shorten it', () => {
  // Probe 2 was sent after the strike at 150 ms and answered at its end; 3 to 5 were refused at once.
  const samples = drawnSamples('###...####', { intervalMs: 100 }).map((s) =>
    s.k === 2 ? { ...s, answeredAtMs: 550 } : s,
  );
  expect(summarizeOutages(samples, { stableAnswers: 3 }).downtime).toEqual({ msMin: 200, msMax: 500 });
});
