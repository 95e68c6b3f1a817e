import { coverage, paceOf } from '../../probes/core/coverage.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { LedgerEntry } from '../../probes/core/ledger.ts';
import { type OutageSummary, summarizeOutages } from '../../probes/core/outage.ts';
import type { MissedSlot, RangeMs, Sample } from '../../probes/core/sample.ts';
import { durationText } from './duration-text.ts';
import type { DrillEvidence, ProbeEvidence } from './evidence.ts';
import { breaksNothing } from './exercise.ts';
import type { ProbeReading } from './run-document.ts';

/** What one probe recorded. */
export interface Series {
  readonly samples: readonly Sample[];
  readonly missed: readonly MissedSlot[];
  /** Empty for a probe that writes nothing. */
  readonly ledger: readonly LedgerEntry[];
}

export type SeriesByProbe = ReadonlyMap<string, Series>;

/** One probe's answers, summed up for the judge. All in ms. */
export interface OutageFacts {
  /** Down, and with an outage too short to be seen allowed for. */
  readonly down: RangeMs;
  readonly partial: RangeMs;
  readonly badSamples: number;
  readonly resolutionMs: number | null;
  /** How long all outages together may have been that had room where probes were due and none was sent, outside those seen. */
  readonly unseenMs: number;
  readonly firstBadAnsweredAtMs: number | null;
  readonly lastBadSentAtMs: number | null;
  readonly recoveredAtMs: number | null;
}

export interface ProbeFinding {
  readonly probe: ProbeEvidence;
  /** Whether it stands for what users meet; one that asks the database itself does not. */
  readonly userFacing: boolean;
  readonly series: Series;
  /** `null` with a problem: its answers cannot be judged. */
  readonly outage: OutageFacts | null;
  readonly problem: string | null;
  readonly reading: ProbeReading;
}

const EMPTY: Series = { samples: [], missed: [], ledger: [] };
/** Below this share of probes sent in time, the window that matters was not watched (design). */
const COVERAGE_MIN = 0.95;
/**
 * One hole may be no longer than an answer may take and so many sendings after it, however well the rest was watched:
 * an outage of that length is what the prober itself needs to tell one. Assumed; a stall of a busy machine is shorter.
 */
const HOLE_SENDINGS_MAX = 5;

export function probeFindings(evidence: DrillEvidence, series: SeriesByProbe): ProbeFinding[] {
  return evidence.probes.map((probe) => probeFinding(evidence, probe, inOrder(series.get(probe.name) ?? EMPTY)));
}

/** A file holds answers in the order they came. */
function inOrder(series: Series): Series {
  return { ...series, samples: series.samples.toSorted((a, b) => a.k - b.k) };
}

function probeFinding(evidence: DrillEvidence, probe: ProbeEvidence, series: Series): ProbeFinding {
  const base = { probe, userFacing: probe.kind !== 'sql' && probe.kind !== 'canary', series };
  // A canary has a ledger and no answers of its own to be timed.
  if (probe.kind === 'canary') return { ...base, outage: null, problem: null, reading: reading(probe, series, null) };
  const judged = judgedSamples(evidence, probe, series.samples);
  if (typeof judged === 'string')
    return { ...base, outage: null, problem: judged, reading: reading(probe, series, null) };
  try {
    const summary = summarizeOutages(judged, { stableAnswers: evidence.stableAnswers });
    const outage = outageFacts(summary, judged);
    return { ...base, outage, problem: null, reading: reading(probe, series, summary) };
  } catch (error) {
    if (!(error instanceof KunrenError)) throw error;
    const problem = `probe ${probe.name}: ${error.problem}`;
    return { ...base, outage: null, problem, reading: reading(probe, series, null) };
  }
}

/**
 * From the last answers before the fault on. All before it must have been good: probes begin once the system is
 * whole, and a system that fails by itself is not seen to recover from a fault. The control and an exercise
 * are judged whole. A sentence when they cannot be judged.
 */
function judgedSamples(
  evidence: DrillEvidence,
  probe: ProbeEvidence,
  samples: readonly Sample[],
): readonly Sample[] | string {
  const { injectedAtMs } = evidence.fault;
  if (samples.length === 0) return `probe ${probe.name} recorded no answer at all`;
  if (injectedAtMs === undefined || breaksNothing(evidence)) return samples;
  const before = samples.filter((sample) => sample.answeredAtMs <= injectedAtMs);
  const first = before.at(-evidence.stableAnswers) ?? before[0];
  if (first === undefined) return `probe ${probe.name} had no answer before the fault`;
  const bad = before.find((sample) => sample.outcome === 'bad');
  if (bad) return `probe ${probe.name} was not steady before the fault (${bad.reason ?? 'bad'})`;
  return samples.filter((sample) => sample.k >= first.k);
}

function outageFacts(summary: OutageSummary, judged: readonly Sample[]): OutageFacts {
  const { downtime, partial, badSamples, resolutionMs } = summary;
  const bad = judged.filter((sample) => sample.outcome === 'bad');
  return {
    down: badSamples === 0 ? { msMin: 0, msMax: resolutionMs } : downtime,
    partial,
    badSamples,
    resolutionMs,
    unseenMs: unseen(summary, judged),
    firstBadAnsweredAtMs: bad.length === 0 ? null : bad.reduce((at, one) => Math.min(at, one.answeredAtMs), Infinity),
    lastBadSentAtMs: summary.lastBadSentAtMs ?? null,
    recoveredAtMs: summary.recoveredAt?.answeredAtMs ?? null,
  };
}

/** Holes within an outage are part of it. */
function unseen({ windows }: OutageSummary, judged: readonly Sample[]): number {
  return judged.reduce((sumMs, sample, i) => {
    const before = judged[i - 1];
    const isHole =
      before !== undefined && before.outcome !== 'bad' && sample.outcome !== 'bad' && sample.k > before.k + 1;
    const inTrouble = ({ openedAtMs, closedAtMs }: (typeof windows)[number]): boolean =>
      openedAtMs <= sample.dueAtMs && sample.dueAtMs <= (closedAtMs ?? Infinity);
    if (!isHole || windows.some(inTrouble)) return sumMs;
    return sumMs + sample.answeredAtMs - before.sentAtMs;
  }, 0);
}

function reading(probe: ProbeEvidence, { samples, missed }: Series, summary: OutageSummary | null): ProbeReading {
  const count = (outcome: Sample['outcome']) => samples.filter((sample) => sample.outcome === outcome).length;
  return {
    probe: probe.name,
    due: samples.length + missed.length,
    sent: samples.length,
    missed: missed.length,
    bad: count('bad'),
    slow: count('slow'),
    outages: summary?.windows.length ?? 0,
    flapping: summary?.flapping ?? false,
    downtime: summary?.downtime ?? null,
    partial: summary?.partial ?? null,
    degradedMs: summary?.degradedMs ?? null,
    recoveredAtMs: summary?.recoveredAt?.answeredAtMs ?? null,
  };
}

/** Why what users met was not watched well enough to be timed; `null` when it was. */
export function coverageProblem(evidence: DrillEvidence, findings: readonly ProbeFinding[]): string | null {
  const watched = findings.filter((finding) => finding.userFacing);
  if (watched.length === 0) return 'no probe asked what users ask';
  const problem = watched.find((finding) => finding.problem !== null)?.problem;
  if (problem) return problem;
  const window = windowThatMatters(evidence, watched);
  if (window === null) return 'nothing shows how long the drill was watched after the fault';
  for (const { probe, series } of watched) {
    const slots = [...series.samples, ...series.missed].sort((a, b) => a.k - b.k);
    const pace = paceOf(slots, probe.intervalMs);
    const seen = pace && coverage(slots, pace, window.fromMs, window.toMs);
    const percent = Math.floor((seen?.ratio ?? 0) * 100);
    if (!seen || seen.ratio < COVERAGE_MIN) {
      return `coverage of probe ${probe.name} was ${percent} % in the window that matters (95 % needed)`;
    }
    const holeMsMax = probe.deadlineMs + HOLE_SENDINGS_MAX * probe.intervalMs;
    if (seen.longestGapMs > holeMsMax) {
      const hole = `${durationText(seen.longestGapMs)} in the window that matters (${durationText(holeMsMax)} at most)`;
      return `probe ${probe.name} sent nothing for ${hole}`;
    }
    if (seen.sent < evidence.stableAnswers) {
      return `probe ${probe.name} has only ${seen.sent} answers in the window that matters (${evidence.stableAnswers} needed)`;
    }
  }
  return null;
}

/**
 * From the fault until all was seen to be stable again; where nothing is broken, the whole series. Its end comes from the
 * drill's phases too, so that a prober that died early does not shorten what it should have watched.
 */
function windowThatMatters(evidence: DrillEvidence, watched: readonly ProbeFinding[]) {
  const { injectedAtMs } = evidence.fault;
  const phaseEnds = evidence.phases
    .filter(({ phase, outcome }) => (phase === 'recover' || phase === 'stable') && outcome !== 'skipped')
    .map((phase) => phase.endedAtMs);
  const ends = [...phaseEnds, ...evidence.recoveries.map((recovery) => recovery.endedAtMs)];
  const dues = watched.flatMap(({ series }) => [...series.samples, ...series.missed].map((slot) => slot.dueAtMs));
  const maxOf = (list: readonly number[]) => list.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (breaksNothing(evidence)) {
    // Its end is not part of a window, and the last probe due is.
    return { fromMs: dues.reduce((a, b) => Math.min(a, b), Infinity), toMs: maxOf([...ends, ...dues]) + 1 };
  }
  if (injectedAtMs === undefined || ends.length === 0) return null;
  const open = watched.some(({ outage }) => outage && outage.badSamples > 0 && outage.recoveredAtMs === null);
  const recovered = watched.flatMap(({ outage }) => (outage?.recoveredAtMs == null ? [] : [outage.recoveredAtMs]));
  return { fromMs: injectedAtMs, toMs: maxOf([...ends, ...recovered, ...(open ? dues : [])]) };
}
