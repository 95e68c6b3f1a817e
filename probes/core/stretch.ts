import type { RangeMs, Sample } from './sample.ts';

/** Samples `first` to `last` of a series, both in the same trouble. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** Whether a sample counts as bad under the rule in force. */
export type IsBad = (sample: Sample) => boolean;

/**
 * How long the trouble lasted in a stretch whose answers are all bad, or are mixed, in ms.
 *
 *     good     bad  ...  bad      good
 *     |--------|---------|--------|
 *     sent     answered  sent     answered
 *              <--------->                  msMin: trouble at both ends
 *     <--------------------------->         msMax: possibly in trouble
 *
 * A bad answer proves trouble at some moment between its sending and its end, so the trouble had
 * begun by the earliest end and lasted to the latest sending. A slow answer that counts as bad is
 * trouble all the while it was waited for, however fast the next one came. Judged on the maximum:
 * a range that rounds in the tool's favour would certify a system that misses its objective.
 */
export function troubleRange(samples: readonly Sample[], { first, last }: Stretch, isBad: IsBad): RangeMs {
  let begunByMs = Number.POSITIVE_INFINITY;
  let lastedToMs = Number.NEGATIVE_INFINITY;
  for (const sample of samples.slice(first, last + 1).filter(isBad)) {
    const slow = sample.outcome === 'slow';
    begunByMs = Math.min(begunByMs, slow ? sample.sentAtMs : sample.answeredAtMs);
    lastedToMs = Math.max(lastedToMs, slow ? sample.answeredAtMs : sample.sentAtMs);
  }
  const overAtMs = samples[last + 1]?.answeredAtMs;
  // A mixed stretch that begins good follows one that is down, and joins on to it.
  const fromMs = isBad(samples[first]!) ? lastUpAtMs(samples, first, isBad) : samples[first - 1]!.sentAtMs;
  return {
    msMin: Math.max(0, Math.min(lastedToMs, overAtMs ?? lastedToMs) - begunByMs),
    msMax: overAtMs === undefined ? null : overAtMs - fromMs,
  };
}

/** Adds ranges; one without an end leaves the sum without one. */
export function sumOfRanges(ranges: readonly RangeMs[]): RangeMs {
  let msMin = 0;
  let msMax: number | null = 0;
  for (const range of ranges) {
    msMin += range.msMin;
    msMax = msMax === null || range.msMax === null ? null : msMax + range.msMax;
  }
  return { msMin, msMax };
}

/**
 * The latest instant before the bad answer `first` from which the system is known to have been up
 * once more. A good answer that was still awaited when the bad one was sent proves nothing: it may
 * have hung through the whole outage and been answered at its end. So it goes back to a good answer
 * that had arrived by then.
 */
function lastUpAtMs(samples: readonly Sample[], first: number, isBad: IsBad): number {
  let i = first - 1;
  while (i > 0 && samples[i]!.answeredAtMs > samples[first]!.sentAtMs && !isBad(samples[i - 1]!)) i -= 1;
  return samples[i]!.sentAtMs;
}
