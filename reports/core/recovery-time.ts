import type { RangeMs } from '../../probes/core/sample.ts';
import type { DrillEvidence, RecoveryEvidence } from './evidence.ts';
import type { OutageFacts, ProbeFinding } from './probe-finding.ts';

/** How long after the fault one probe's users were served again, and what its upper bound rests on. */
export interface RecoveryTime {
  readonly range: RangeMs;
  readonly restsOn: string;
}

/**
 * From the fault to recovery, as a range (ms). Upper: from the sending of the injection to the answer that began
 * the last stable run of good ones, or to the end of the awaited recovery when that came later. Lower: from the
 * answer of the first bad probe (the fault had struck by then) to the sending of the last bad one. `null`: the
 * fault has no instant to count from, or no recovery was awaited, so nothing shows that there was one.
 */
export function recoveryTime(evidence: DrillEvidence, finding: ProbeFinding): RecoveryTime | null {
  const { injectedAtMs } = evidence.fault;
  if (injectedAtMs === undefined || finding.outage === null) return null;
  const seen = answersRange(finding.outage, injectedAtMs);
  // Ended early, it was awaited only until then: what it had taken by then is sure.
  if (evidence.stopped) return { range: { ...seen, msMax: null }, restsOn: `probe ${finding.probe.name}` };
  if (evidence.recoveries.length === 0) return null;
  const unended = unendedRecoveries(evidence.recoveries);
  if (unended.length > 0) {
    const struckAtMs = evidence.fault.injectAnsweredAtMs ?? injectedAtMs;
    const waitedMs = Math.max(...unended.map((recovery) => recovery.endedAtMs)) - struckAtMs;
    const names = unended.map((recovery) => recovery.name).join(', ');
    return { range: { msMin: Math.max(seen.msMin, waitedMs), msMax: null }, restsOn: `until the end of: ${names}` };
  }
  const last = evidence.recoveries.reduce((a, b) => (b.endedAtMs > a.endedAtMs ? b : a));
  const endedMs = last.endedAtMs - injectedAtMs;
  if (seen.msMax === null || seen.msMax >= endedMs) return { range: seen, restsOn: `probe ${finding.probe.name}` };
  return { range: { msMin: seen.msMin, msMax: endedMs }, restsOn: `until the end of: ${last.name}` };
}

/** How long a practised procedure took (ms), from its first step to its last; `null` when none was carried out to its end. */
export function practiceTime({ recoveries }: DrillEvidence): RangeMs | null {
  const practised = recoveries.filter(({ kind, recovered }) => kind === 'manual' && recovered);
  const [first] = practised;
  if (first === undefined) return null;
  const ms = Math.max(...practised.map(({ endedAtMs }) => endedAtMs)) - first.startedAtMs;
  return { msMin: ms, msMax: ms };
}

function answersRange(outage: OutageFacts, injectedAtMs: number): RangeMs {
  if (outage.badSamples === 0) return { msMin: 0, msMax: outage.resolutionMs };
  const { firstBadAnsweredAtMs, lastBadSentAtMs, recoveredAtMs } = outage;
  const msMin = Math.max(0, (lastBadSentAtMs ?? 0) - (firstBadAnsweredAtMs ?? Number.POSITIVE_INFINITY));
  return { msMin, msMax: recoveredAtMs === null ? null : Math.max(msMin, recoveredAtMs - injectedAtMs) };
}

/** Those that ended without recovery and were not followed by one that recovered. */
export function unendedRecoveries(recoveries: readonly RecoveryEvidence[]): RecoveryEvidence[] {
  return recoveries.filter(
    (failed) =>
      !failed.recovered && !recoveries.some((later) => later.recovered && later.startedAtMs >= failed.endedAtMs),
  );
}
