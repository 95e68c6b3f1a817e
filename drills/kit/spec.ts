import type { Fault, Field, Hits } from '../../fixtures/core/fault.ts';
import type { PlannedCall } from '../../fixtures/core/planned-call.ts';
import type { System, SystemService } from '../../fixtures/core/system.ts';
import type { Sample } from '../../probes/core/sample.ts';
import type {
  Check,
  DrillEvidence,
  Exposure,
  ProbeEvidence,
  RecoveryEvidence,
  StepEvidence,
} from '../../reports/core/evidence.ts';
import type { Book } from '../procedures/book.ts';

/** When a drilled system counts as recovered, beside its probes answering stably again. */
export interface Condition {
  /** What is still missing, in words; empty when it holds. */
  missing(field: Field): Promise<readonly string[]>;
}

/** One step of a procedure, as the runbook orders it. */
export interface Step {
  /** A check of this id is made of it; one of the runbook's checklist, where there is one. */
  readonly id: string;
  /** What is so when it is done, in the present tense. */
  readonly name: { readonly en: string; readonly ja: string };
  /** It writes rows into the system: on stage aws only with its owner's consent. */
  readonly writes?: true;
  /** The calls that it makes in the account, in order, for the plan. */
  calls?(system: System): readonly PlannedCall[];
  /** Resolves to what it came to, with values. What later steps need goes into the book. */
  run(field: Field, book: Book): Promise<string>;
}

/** A step that was carried out, or was not. */
export type StepOutcome = StepEvidence & { readonly id: string };

/** What a check can look at once the drill has recovered. */
export interface Facts {
  readonly field: Field;
  readonly proof: { readonly proved: boolean; readonly why: string };
  /** What the fault was to hit in the account; `undefined` when it was nothing of it. */
  readonly hits: Hits | undefined;
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
    /** By themselves, in the order in which they were due. */
    readonly samples: readonly Sample[];
  }[];
  /** The system's own functions, asked after recovery. */
  readonly functions: DrillEvidence['functions'];
  /** What its procedures know. */
  readonly book: Book;
}

/** Makes one checked fact out of what was seen. */
export type CheckMaker = (facts: Facts) => Promise<Check> | Check;

/** A manual answer of the runbook, carried out service by service. */
export interface Procedure {
  readonly name: string;
  /** The calls that it makes in the account, in order, for the plan. */
  calls?(system: System): readonly PlannedCall[];
  run(field: Field, service: SystemService): Promise<void>;
}

/** A drill as its author writes it. */
export interface DrillSpec {
  /** The claim that the report prints, in the present tense. */
  readonly title: { readonly en: string; readonly ja: string };
  /** Scenario ids of the system description whose objectives it is judged by. */
  readonly scenarios: readonly string[];
  readonly fault: Fault;
  /** True for the control: any bad answer is a miss. */
  readonly expectsNoOutage?: true;
  /** Nothing is broken: a procedure is practised beside the running system, whose users must not notice. */
  readonly exercise?: true;
  /** Users look for the rows that the drill is about, all along. */
  readonly watchesRows?: true;
  /** Carried out once the steady state holds, before the fault. */
  readonly arrange?: readonly Step[];
  /** Beside stable answers of every probe. */
  readonly recovered: readonly Condition[];
  /** The runbook's manual answer, tried for each service when it does not come back by itself. */
  readonly procedure?: Procedure;
  /** The runbook's procedure for what never comes back by itself, begun at once. Each step becomes a check. */
  readonly restoration?: { readonly name: string; readonly steps: readonly Step[] };
  /** Carried out once it has recovered and was watched, its users still asked; each step becomes a check. */
  readonly afterwards?: readonly Step[];
  /** Carried out when all is measured, before whatever is left is undone; each step is tried. */
  readonly cleanUp?: readonly Step[];
  /** What can be lost by the schedule of backups. */
  readonly exposure?: (system: System) => Exposure | undefined;
  readonly checks: readonly CheckMaker[];
  /** What stays changed on purpose after the drill. */
  readonly residual?: readonly string[];
  /** After this the drill is ended and undone, in milliseconds. */
  readonly limitMs: number;
}
