import type { Sample } from '../../probes/core/sample.ts';

/**
 * The start of the run of right answers that a series ends with, when it is at least `stableAnswers`
 * long and began after `afterMs`: the answer of its first probe. `undefined`: not stable (yet).
 * A probe that is still awaited, or was never sent, ends the run: it may yet turn out bad.
 */
export function stableSince(samples: readonly Sample[], stableAnswers: number, afterMs: number): number | undefined {
  const ordered = [...samples].sort((a, b) => a.k - b.k);
  let run = 0;
  let first: Sample | undefined;
  for (let i = ordered.length - 1; i >= 0; i--) {
    const sample = ordered[i]!;
    if (sample.outcome === 'bad' || sample.sentAtMs < afterMs) break;
    if (first !== undefined && first.k !== sample.k + 1) break;
    first = sample;
    run++;
  }
  return first !== undefined && run >= stableAnswers ? first.answeredAtMs : undefined;
}
