import type { DrillEvidence } from './evidence.ts';
import type { SeriesByProbe } from './probe-finding.ts';
import type { ScenarioSnapshot } from './run-document.ts';

/** All that a verdict rests on. */
export interface DrillFacts {
  readonly evidence: DrillEvidence;
  readonly series: SeriesByProbe;
  /** Every scenario of the system; the evidence names those it is judged by. */
  readonly scenarios: readonly ScenarioSnapshot[];
  readonly calibrationHolds: boolean;
}
