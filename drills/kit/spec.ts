import type { Fault, Field } from '../../fixtures/core/fault.ts';
import type { SystemService } from '../../fixtures/core/system.ts';
import type { Check, DrillEvidence, ProbeEvidence, RecoveryEvidence } from '../../reports/core/evidence.ts';

/** When a drilled system counts as recovered, beside its probes answering stably again. */
export interface Condition {
  /** What is still missing, in words; empty when it holds. */
  missing(field: Field): Promise<readonly string[]>;
}

/** What a check can look at once the drill has recovered. */
export interface Facts {
  readonly field: Field;
  readonly proof: { readonly proved: boolean; readonly why: string };
  /** The wall clock at the injection, for questions to AWS (never for measuring). */
  readonly injectedWallAt: Date;
  readonly recoveries: readonly RecoveryEvidence[];
  /** How many answers each probe had, how many were bad, and how many right ones it ended with. */
  readonly answers: readonly {
    readonly probe: string;
    readonly kind: ProbeEvidence['kind'];
    readonly total: number;
    readonly bad: number;
    readonly rightAtEnd: number;
  }[];
  /** The system's own functions, asked after recovery. */
  readonly functions: DrillEvidence['functions'];
}

/** Makes one checked fact out of what was seen. */
export type CheckMaker = (facts: Facts) => Promise<Check> | Check;

/** A drill as its author writes it. */
export interface DrillSpec {
  /** The claim that the report prints, in the present tense. */
  readonly title: { readonly en: string; readonly ja: string };
  /** Scenario ids of the system description whose objectives it is judged by. */
  readonly scenarios: readonly string[];
  readonly fault: Fault;
  /** True for the control: any bad answer is a miss. */
  readonly expectsNoOutage?: true;
  /** Beside stable answers of every probe. */
  readonly recovered: readonly Condition[];
  /** The runbook's manual answer, tried for each service when it does not come back by itself. */
  readonly procedure?: { readonly name: string; readonly run: (field: Field, service: SystemService) => Promise<void> };
  readonly checks: readonly CheckMaker[];
  /** What stays changed on purpose after the drill. */
  readonly residual?: readonly string[];
  /** After this the drill is ended and undone, in milliseconds. */
  readonly limitMs: number;
}
