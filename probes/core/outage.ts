import { type DegradedWindow, degradedWindows } from './degraded.ts';
import { KunrenError } from './error.ts';
import type { RangeMs, Sample } from './sample.ts';
import { type IsBad, type Stretch, sumOfRanges, troubleRange } from './stretch.ts';

export interface OutageRule {
  /** So many good (or slow) answers in a row count as recovered; so many bad ones in a mixed window as down. */
  readonly stableAnswers: number;
  /** What a right but slow answer is. `degraded` (the default) keeps it apart; `down` counts it as bad. */
  readonly slowCountsAs?: 'degraded' | 'down';
}

/** A run of bad answers during which nothing good was seen. */
export interface DownSegment {
  readonly openedAtMs: number;
  readonly lengthMs: RangeMs;
  readonly badSamples: number;
}

/** From the first bad answer to the start of the next stable run of good ones. */
export interface TroubleWindow {
  /** `down`: no good answer inside. `partial`: good and bad mixed. `mixed`: both, one after the other. */
  readonly kind: 'down' | 'partial' | 'mixed';
  /** When the first bad answer was due. */
  readonly openedAtMs: number;
  /** When the first answer of the stable run was due; `null` while it has not come. */
  readonly closedAtMs: number | null;
  readonly samples: number;
  readonly badSamples: number;
  readonly down: readonly DownSegment[];
  readonly partial: RangeMs;
}

export interface OutageSummary {
  readonly rule: Required<OutageRule>;
  readonly windows: readonly TroubleWindow[];
  /** Sum of the down segments. `msMax` is `null` when a window never closed: not recovered. */
  readonly downtime: RangeMs;
  /** Sum of the time in which answers were mixed. */
  readonly partial: RangeMs;
  /** Sum of the windows by their schedule (opened to closed); `null` when one never closed. */
  readonly troubledMs: number | null;
  readonly degraded: readonly DegradedWindow[];
  readonly degradedMs: number;
  /** Bad answers, counted singly. */
  readonly badSamples: number;
  /** Went down more than once, or opened again after it had been stable. */
  readonly flapping: boolean;
  /** The first answer of the last stable run; absent without an outage, or when it never came back. */
  readonly recoveredAt?: { readonly dueAtMs: number; readonly sentAtMs: number; readonly answeredAtMs: number };
  readonly firstBadSentAtMs?: number;
  readonly lastBadSentAtMs?: number;
  /** An outage shorter than this could not be seen; `null` when no two good answers are neighbours. */
  readonly resolutionMs: number | null;
}

/**
 * What a series of samples (ordered by k, all of one probe) says about outages. Milliseconds on the
 * run's monotonic clock. Bad answers between which the system was never stable are one outage, and
 * a missed slot is not an answer: it breaks a stable run.
 */
export function summarizeOutages(samples: readonly Sample[], rule: OutageRule): OutageSummary {
  const fullRule = { slowCountsAs: 'degraded', ...rule } as const;
  const isBad: IsBad = (sample) =>
    sample.outcome === 'bad' || (sample.outcome === 'slow' && fullRule.slowCountsAs === 'down');
  requireSteadyStart(samples, isBad);
  const spans = troubleSpans(samples, isBad, rule.stableAnswers);
  const windows = spans.map((span) => troubleWindow(samples, span, isBad, rule.stableAnswers));
  const open = windows.some((window) => window.closedAtMs === null);
  const down = windows.flatMap((window) => window.down);
  const downtime = sumOfRanges(down.map((segment) => segment.lengthMs));
  const bad = samples.filter(isBad);
  const degraded = fullRule.slowCountsAs === 'degraded' ? degradedWindows(samples) : [];
  const recovered = open || spans.length === 0 ? undefined : samples[spans.at(-1)!.last + 1]!;
  return {
    rule: fullRule,
    windows,
    downtime: open ? { msMin: downtime.msMin, msMax: null } : downtime,
    partial: sumOfRanges(windows.map((window) => window.partial)),
    troubledMs: open ? null : windows.reduce((sum, window) => sum + window.closedAtMs! - window.openedAtMs, 0),
    degraded,
    degradedMs: degraded.reduce((sum, window) => sum + window.lengthMs, 0),
    badSamples: bad.length,
    flapping: down.length > 1 || windows.length > 1,
    ...(recovered === undefined
      ? {}
      : {
          recoveredAt: {
            dueAtMs: recovered.dueAtMs,
            sentAtMs: recovered.sentAtMs,
            answeredAtMs: recovered.answeredAtMs,
          },
        }),
    ...(bad.length === 0 ? {} : { firstBadSentAtMs: bad[0]!.sentAtMs, lastBadSentAtMs: bad.at(-1)!.sentAtMs }),
    resolutionMs: resolution(samples, isBad),
  };
}

/** The samples inside each window: from a bad one to the last before the stable run. */
function troubleSpans(
  samples: readonly Sample[],
  isBad: IsBad,
  stableAnswers: number,
): (Stretch & { open: boolean })[] {
  const spans: (Stretch & { open: boolean })[] = [];
  for (let i = 0; i < samples.length; i += 1) {
    if (!isBad(samples[i]!)) continue;
    let goodInARow = 0;
    let j = i + 1;
    for (; j < samples.length && goodInARow < stableAnswers; j += 1) {
      const follows = goodInARow > 0 && samples[j]!.k === samples[j - 1]!.k + 1;
      goodInARow = isBad(samples[j]!) ? 0 : follows ? goodInARow + 1 : 1;
    }
    const open = goodInARow < stableAnswers;
    spans.push({ first: i, last: (open ? j : j - stableAnswers) - 1, open });
    i = j - 1;
  }
  return spans;
}

function troubleWindow(
  samples: readonly Sample[],
  span: Stretch & { open: boolean },
  isBad: IsBad,
  stableAnswers: number,
): TroubleWindow {
  const inside = samples.slice(span.first, span.last + 1);
  const badSamples = inside.filter(isBad).length;
  const allBad = badSamples === inside.length;
  const stretches = allBad ? [{ ...span, bad: true }] : alternate(samples, span, isBad, stableAnswers);
  const down = stretches
    .filter((stretch) => stretch.bad)
    .map((stretch) => ({
      openedAtMs: samples[stretch.first]!.dueAtMs,
      lengthMs: troubleRange(samples, stretch, isBad),
      badSamples: stretch.last - stretch.first + 1,
    }));
  const mixed = stretches.filter((stretch) => !stretch.bad);
  return {
    kind: allBad ? 'down' : down.length === 0 ? 'partial' : 'mixed',
    openedAtMs: inside[0]!.dueAtMs,
    closedAtMs: span.open ? null : samples[span.last + 1]!.dueAtMs,
    samples: inside.length,
    badSamples,
    down,
    partial: sumOfRanges(mixed.map((stretch) => troubleRange(samples, stretch, isBad))),
  };
}

/** Cuts a window into runs of at least `longRun` bad answers and what lies between them. */
function alternate(
  samples: readonly Sample[],
  span: Stretch,
  isBad: IsBad,
  longRun: number,
): (Stretch & { bad: boolean })[] {
  const stretches: (Stretch & { bad: boolean })[] = [];
  for (let i = span.first; i <= span.last; ) {
    let last = i;
    if (isBad(samples[i]!)) while (last < span.last && isBad(samples[last + 1]!)) last += 1;
    const bad = isBad(samples[i]!) && last - i + 1 >= longRun;
    const before = stretches.at(-1);
    if (before !== undefined && !before.bad && !bad) stretches[stretches.length - 1] = { ...before, last };
    else stretches.push({ first: i, last, bad });
    i = last + 1;
  }
  return stretches;
}

function resolution(samples: readonly Sample[], isBad: IsBad): number | null {
  let longestMs: number | null = null;
  for (let i = 1; i < samples.length; i += 1) {
    if (isBad(samples[i - 1]!) || isBad(samples[i]!)) continue;
    longestMs = Math.max(longestMs ?? 0, samples[i]!.answeredAtMs - samples[i - 1]!.sentAtMs);
  }
  return longestMs;
}

function requireSteadyStart(samples: readonly Sample[], isBad: IsBad): void {
  const first = samples[0];
  if (first !== undefined && !isBad(first)) return;
  throw new KunrenError(
    'steady-state-not-held',
    first === undefined
      ? 'The probe has no sample at all.'
      : `The first sample of the probe, number ${first.k}, is bad already (${first.reason ?? first.outcome}).`,
    'Wait until the system holds its steady state before a fault is injected.',
  );
}
