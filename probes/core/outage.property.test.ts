import fc from 'fast-check';
import { expect, test } from 'vitest';
import { summarizeOutages } from './outage.ts';
import type { Sample } from './sample.ts';

// Method: invent the truth (one outage), let probes meet it as real ones would, and check that the
// measured range contains it and is no wider than the probing allows. Replay a failure by its seed.

/** What becomes of a request that is sent during the outage, or is in flight when it begins. */
type Fate = 'refused' | 'lost' | 'thawed';

interface World {
  readonly intervalMs: number;
  readonly deadlineMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** For each probe in turn, over and over. */
  readonly latenciesMs: readonly number[];
  readonly fates: readonly Fate[];
}

const worlds = (fates: fc.Arbitrary<Fate[]>): fc.Arbitrary<World> =>
  fc
    .record({
      intervalMs: fc.integer({ min: 2, max: 400 }),
      deadlineMs: fc.integer({ min: 60, max: 2_000 }),
      downFromMs: fc.integer({ min: 0, max: 900 }),
      downForMs: fc.integer({ min: 1, max: 5_000 }),
      latenciesMs: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 7 }),
      fates,
    })
    // The first two probes are answered before the outage: the steady state.
    .map(({ downFromMs, downForMs, ...rest }) => {
      const fromMs = rest.intervalMs + 51 + downFromMs;
      return { ...rest, fromMs, toMs: fromMs + downForMs };
    });

function probed(world: World): Sample[] {
  const count = Math.ceil((world.toMs + 10 * world.intervalMs) / world.intervalMs);
  return Array.from({ length: count }, (_, k) => {
    const sentAtMs = k * world.intervalMs;
    const latencyMs = world.latenciesMs[k % world.latenciesMs.length]!;
    return { k, dueAtMs: sentAtMs, sentAtMs, ...answer(world, k, sentAtMs, latencyMs) };
  });
}

function answer(
  world: World,
  k: number,
  sentAtMs: number,
  latencyMs: number,
): Pick<Sample, 'answeredAtMs' | 'outcome'> {
  const { fromMs, toMs, deadlineMs } = world;
  const untouched = sentAtMs + latencyMs <= fromMs || sentAtMs >= toMs;
  if (untouched) return { answeredAtMs: sentAtMs + latencyMs, outcome: 'good' };
  const fate = world.fates[k % world.fates.length]!;
  const givenUpAtMs = sentAtMs + deadlineMs;
  const struckAtMs = Math.max(fromMs, sentAtMs);
  if (fate === 'refused') return { answeredAtMs: struckAtMs, outcome: 'bad' };
  const thawedAtMs = Math.max(toMs, sentAtMs + latencyMs);
  if (fate === 'lost' || thawedAtMs > givenUpAtMs) return { answeredAtMs: givenUpAtMs, outcome: 'bad' };
  return { answeredAtMs: thawedAtMs, outcome: 'good' };
}

test.each<{ fate: Fate; hangs: number }>([
  { fate: 'refused', hangs: 0 },
  { fate: 'lost', hangs: 1 },
  // Given up at both ends: the first one late, and the last one a deadline before the end.
  { fate: 'thawed', hangs: 2 },
])('the range contains the truth and is narrow when requests are $fate', ({ fate, hangs }) => {
  const answeredBetween = worlds(fc.constant([fate])).filter(
    (world) => Math.max(...world.latenciesMs) < world.intervalMs,
  );
  fc.assert(
    fc.property(answeredBetween, (world) => {
      const { downtime, windows, flapping, resolutionMs } = summarizeOutages(probed(world), { stableAnswers: 3 });
      const trueMs = world.toMs - world.fromMs;
      if (windows.length === 0) {
        expect(resolutionMs).toBeGreaterThanOrEqual(trueMs);
        return;
      }
      expect(flapping).toBe(false);
      expect(downtime.msMin).toBeLessThanOrEqual(trueMs);
      expect(downtime.msMax).toBeGreaterThanOrEqual(trueMs);
      const widthMsMax = 2 * world.intervalMs + 2 * Math.max(...world.latenciesMs) + hangs * world.deadlineMs;
      expect(downtime.msMax! - downtime.msMin).toBeLessThanOrEqual(widthMsMax);
    }),
    { numRuns: 1_000 },
  );
});

test('nothing is hidden when answers overtake each other and requests meet all fates at once', () => {
  const fates = fc.array(fc.constantFrom<Fate>('refused', 'lost', 'thawed'), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(worlds(fates), fc.integer({ min: 2, max: 4 }), (world, stableAnswers) => {
      const { downtime, partial, resolutionMs } = summarizeOutages(probed(world), { stableAnswers });
      const trueMs = world.toMs - world.fromMs;
      expect(downtime.msMin + partial.msMin).toBeLessThanOrEqual(trueMs);
      // A window may have been seen only in part: then the rest is shorter than the resolution.
      expect(Math.max(downtime.msMax! + partial.msMax!, resolutionMs!)).toBeGreaterThanOrEqual(trueMs);
    }),
    { numRuns: 5_000 },
  );
});
