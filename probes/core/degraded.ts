import type { Sample } from './sample.ts';

/** A run of right but slow answers: available, yet degraded. */
export interface DegradedWindow {
  /** When the first slow answer was due. */
  readonly openedAtMs: number;
  readonly lengthMs: number;
  readonly slowSamples: number;
}

/**
 * The runs of slow answers, oldest first. One lasts from when its first was due until they were
 * answered, or until the next probe was answered if that came first: a system that is fast again
 * is no longer degraded though old requests still wait.
 */
export function degradedWindows(samples: readonly Sample[]): DegradedWindow[] {
  const windows: DegradedWindow[] = [];
  for (let i = 0; i < samples.length; i += 1) {
    if (samples[i]!.outcome !== 'slow') continue;
    const openedAtMs = samples[i]!.dueAtMs;
    const first = i;
    let answeredAtMs = samples[i]!.answeredAtMs;
    while (samples[i + 1]?.outcome === 'slow') {
      i += 1;
      answeredAtMs = Math.max(answeredAtMs, samples[i]!.answeredAtMs);
    }
    const closedAtMs = Math.min(answeredAtMs, samples[i + 1]?.answeredAtMs ?? answeredAtMs);
    windows.push({ openedAtMs, lengthMs: closedAtMs - openedAtMs, slowSamples: i - first + 1 });
  }
  return windows;
}
