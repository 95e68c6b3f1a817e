import type { Sample } from '../../../../probes/core/sample.ts';

/**
 * The longest outage that a probe has surely seen since an instant, in ms, also one that has not ended: from the sending
 * of its first bad answer to the coming of its last, ended only by `stableAnswers` right ones in a row.
 */
export function outageSoFarMs(samples: readonly Sample[], stableAnswers: number, sinceMs: number): number {
  let longestMs = 0;
  let beganAtMs: number | undefined;
  let rightInARow = 0;
  for (const sample of samples.filter(({ sentAtMs }) => sentAtMs >= sinceMs).toSorted((a, b) => a.k - b.k)) {
    if (sample.outcome === 'bad') {
      beganAtMs ??= sample.sentAtMs;
      rightInARow = 0;
      longestMs = Math.max(longestMs, sample.answeredAtMs - beganAtMs);
    } else if (++rightInARow >= stableAnswers) beganAtMs = undefined;
  }
  return longestMs;
}
