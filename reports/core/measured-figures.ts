import type { RangeMs } from '../../probes/core/sample.ts';
import type { DrillFacts } from './drill-facts.ts';
import { isExercise } from './exercise.ts';
import { worseFirst } from './judge-objectives.ts';
import type { ProbeFinding } from './probe-finding.ts';
import { practiceTime, recoveryTime } from './recovery-time.ts';
import type { Measured } from './result.ts';
import { writtenData } from './written-data.ts';

/**
 * What users suffered. Each figure comes from the probe that suffered most of it: who could not write at all must
 * not be hidden by who could read now and then. A recovery time only when the fault was proved.
 */
export function measuredFigures({ evidence }: DrillFacts, findings: readonly ProbeFinding[]): Measured {
  const run = evidence.notRun === undefined ? findings : [];
  const watched = run.filter((finding) => finding.userFacing);
  const outages = watched.flatMap(({ outage }) => outage ?? []);
  const degraded = watched.flatMap(({ reading }) => reading.degradedMs ?? []);
  const written = writtenData(evidence, run);
  return {
    ...bounds('downtime', worst(outages.map((outage) => outage.down))),
    ...bounds('partial', worst(outages.map((outage) => outage.partial))),
    degradedMs: degraded.length === 0 ? null : Math.max(...degraded),
    ...bounds('recoveryTime', worstRecovery(evidence, watched)),
    writesAcknowledged: written?.acknowledged ?? null,
    writesLost: written?.lost ?? null,
    writesIndeterminate: written?.indeterminate ?? null,
    ...bounds('dataLoss', written?.lossMs ?? null),
  };
}

function worstRecovery(evidence: DrillFacts['evidence'], watched: readonly ProbeFinding[]): RangeMs | null {
  if (isExercise(evidence)) return practiceTime(evidence);
  if (evidence.fault.proof !== 'proved') return null;
  return worst(watched.flatMap((finding) => recoveryTime(evidence, finding)?.range ?? []));
}

function worst(ranges: readonly RangeMs[]): RangeMs | null {
  return ranges.toSorted(worseFirst)[0] ?? null;
}

function bounds<Name extends string>(name: Name, range: RangeMs | null) {
  return { [`${name}MsMin`]: range?.msMin ?? null, [`${name}MsMax`]: range?.msMax ?? null } as {
    readonly [member in `${Name}MsMin` | `${Name}MsMax`]: number | null;
  };
}
