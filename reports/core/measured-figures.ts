import type { RangeMs } from '../../probes/core/sample.ts';
import type { DrillFacts } from './judge-drill.ts';
import { longest, timeNotServed } from './judge-objectives.ts';
import type { ProbeFinding } from './probe-finding.ts';
import { recoveryTime } from './recovery-time.ts';
import type { Measured } from './result.ts';
import { writtenData } from './written-data.ts';

/** What users suffered, from the probe that suffered most. A recovery time only when the fault was proved. */
export function measuredFigures({ evidence }: DrillFacts, findings: readonly ProbeFinding[]): Measured {
  const watched = findings.filter((finding) => finding.userFacing);
  const outages = watched.flatMap(({ outage, reading }) => (outage === null ? [] : [{ outage, reading }]));
  const worst = outages.sort((a, b) => longest(timeNotServed(b.outage)) - longest(timeNotServed(a.outage)))[0];
  const written = writtenData(evidence, findings);
  return {
    ...bounds('downtime', worst?.outage.down ?? null),
    ...bounds('partial', worst?.outage.partial ?? null),
    degradedMs: worst?.reading.degradedMs ?? null,
    ...bounds('recoveryTime', worstRecovery(evidence, watched)),
    writesAcknowledged: written?.acknowledged ?? null,
    writesLost: written?.lost ?? null,
    writesIndeterminate: written?.indeterminate ?? null,
    ...bounds('dataLoss', written?.lossMs ?? null),
  };
}

function worstRecovery(evidence: DrillFacts['evidence'], watched: readonly ProbeFinding[]): RangeMs | null {
  if (evidence.fault.proof !== 'proved') return null;
  const ranges = watched.flatMap((finding) => recoveryTime(evidence, finding)?.range ?? []);
  return ranges.sort((a, b) => longest(b) - longest(a) || b.msMin - a.msMin)[0] ?? null;
}

function bounds<Name extends string>(name: Name, range: RangeMs | null) {
  return { [`${name}MsMin`]: range?.msMin ?? null, [`${name}MsMax`]: range?.msMax ?? null } as {
    readonly [member in `${Name}MsMin` | `${Name}MsMax`]: number | null;
  };
}
