import type { RangeMs } from '../../probes/core/sample.ts';
import type { Check, Exposure, Truth } from './evidence.ts';

export type Verdict = 'met' | 'missed' | 'unknown' | 'not-run';

/** One objective of the runbook against what was measured. `limitMs` is the promise. */
export interface ObjectiveResult {
  readonly scenario: string;
  readonly name: 'RTO' | 'RPO' | 'downtime' | 'no outage';
  readonly limitMs: number;
  readonly measured: RangeMs | null;
  /** RPO only: what may be lost by the schedule of backups. Judged beside `measured`, never merged with it. */
  readonly exposure?: Exposure;
  /** The scenario whose objective this is, when the drill's own has none. */
  readonly borrowedFrom?: string;
  readonly verdict: Verdict;
  readonly why: string;
}

/** What users suffered, from the probe that suffered most. `null`: not seen to end, or not measured. */
export interface Measured {
  readonly downtimeMsMin: number | null;
  readonly downtimeMsMax: number | null;
  readonly partialMsMin: number | null;
  readonly partialMsMax: number | null;
  readonly degradedMs: number | null;
  readonly recoveryTimeMsMin: number | null;
  readonly recoveryTimeMsMax: number | null;
  readonly writesAcknowledged: number | null;
  readonly writesLost: number | null;
  readonly writesIndeterminate: number | null;
  readonly dataLossMsMin: number | null;
  readonly dataLossMsMax: number | null;
}

/** A drill's verdict: the worst of its objectives and checks. */
export interface DrillResult {
  readonly id: string;
  readonly verdict: Verdict;
  /** One line: the true reason. */
  readonly why: string;
  readonly objectives: readonly ObjectiveResult[];
  readonly checks: readonly Check[];
  readonly measured: Measured;
  readonly truth?: Truth;
}
