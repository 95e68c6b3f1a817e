import type { ApiCall } from '../../fixtures/core/api-call.ts';
import type { ExperimentSeen } from '../../fixtures/core/fault.ts';
import type { RangeMs } from '../../probes/core/sample.ts';

/** The phases of a drill, in order. */
export type Phase =
  | 'preflight'
  | 'steady-state'
  | 'arrange'
  | 'inject'
  | 'prove-fault'
  | 'recover'
  | 'stable'
  | 'undo'
  | 'inventory'
  | 'judge';

export interface PhaseEvidence {
  readonly phase: Phase;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly outcome: 'done' | 'failed' | 'skipped';
  readonly detail?: string;
}

/** Something that happened, for the timeline. */
export interface TimelineEntry {
  readonly atMs: number;
  /** Who says so: `kunren`, `rds event`, `ecs event`, `twin` … */
  readonly source: string;
  readonly text: string;
}

/** A yes-or-no fact that was checked, with what was seen. */
export interface Check {
  /** Matches an item of the runbook's checklist when one stands for it. */
  readonly id: string;
  /** A claim in the present tense. */
  readonly claim: { readonly en: string; readonly ja: string };
  readonly outcome: 'yes' | 'no' | 'unknown';
  /** What was seen, with values. */
  readonly seen: string;
}

/** A probe's series: its samples lie in `file`, relative to the drill's folder. */
export interface ProbeEvidence {
  readonly name: string;
  /**
   * `content`: users find the rows that the drill is about. `canary`: numbered writes into the very rows that are
   * destroyed, made before the fault and read back from what was recovered; it has no regular samples.
   */
  readonly kind: 'health-fresh' | 'health-kept-alive' | 'write' | 'sql' | 'content' | 'canary';
  /** The service it asks; absent for the database itself. */
  readonly service?: string;
  readonly intervalMs: number;
  readonly deadlineMs: number;
  readonly slowMs: number;
  readonly file: string;
  /** The write ledger, for `write`. */
  readonly ledger?: string;
  /** False when only the status was checked: the report warns. */
  readonly bodyChecked: boolean;
}

/** The writes of one probe's ledger, read back after all had settled. */
export interface ReadBackEvidence {
  readonly probe: string;
  /** `undefined` present: it could not be read, and data loss is unknown. */
  readonly present?: readonly number[];
  readonly why?: string;
}

/** One procedure or automatic recovery that was awaited. */
export interface RecoveryEvidence {
  readonly kind: 'automatic' | 'manual';
  readonly name: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly recovered: boolean;
  readonly detail?: string;
}

/** One step of a manual procedure, in the runbook's order. */
export interface StepEvidence {
  readonly name: { readonly en: string; readonly ja: string };
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly outcome: 'done' | 'failed' | 'skipped';
  /** What it came to, with values. */
  readonly detail: string;
}

/** One rule that keeps a drill from doing harm. */
export interface GuardRailEvidence {
  /** Its name: `maintenance-window`, `alarms-quiet` … */
  readonly rule: string;
  readonly outcome: 'held' | 'waived' | 'not-applicable';
  /** What was seen, with values; the reason of the person who waived it. */
  readonly seen: string;
}

/** The most that can be lost by the schedule of backups, whatever this run lost. */
export interface Exposure {
  readonly ms: number;
  /** How it comes about: "the log is archived every 5 min". */
  readonly rule: string;
}

/** A file beside the evidence with the whole of something that the evidence sums up. */
export interface Attachment {
  readonly file: string;
  readonly title: { readonly en: string; readonly ja: string };
}

/**
 * Everything measured in one drill, on disk before it is judged (evidence.json; the samples and
 * ledgers lie beside it). All instants: ms on the run's monotonic clock; `clock` ties it to the wall.
 */
export interface DrillEvidence {
  readonly schemaVersion: 1;
  readonly drillId: string;
  readonly title: { readonly en: string; readonly ja: string };
  /** Scenario ids of the system description whose objectives it is judged by. */
  readonly scenarios: readonly string[];
  /** True for the control: any bad answer is a miss. */
  readonly expectsNoOutage: boolean;
  /**
   * True when nothing is broken and a procedure is practised beside the running system: its recovery time is that of
   * the procedure, and its users must see no outage.
   */
  readonly exercise?: true;
  readonly stage: { readonly kind: string; readonly provenance: 'rehearsal' | 'evidence' };
  readonly clock: {
    readonly startedAtMs: number;
    readonly wallStartedAt: string;
    readonly endedAtMs: number;
    readonly wallEndedAt: string;
    /** How far the wall clock was stepped during the drill, in ms (0 when it was not). */
    readonly wallStepMs: number;
  };
  readonly fault: {
    readonly name: string;
    readonly blastRadius: string;
    readonly injectedAtMs?: number;
    readonly injectAnsweredAtMs?: number;
    /** `proved` only on positive evidence; `why` says what was or was not seen. */
    readonly proof: 'proved' | 'not-observed' | 'not-injected';
    readonly why: string;
    /** The service whose task it hurts, and nothing else: only that one's writes can show that none was lost. */
    readonly service?: string;
  };
  readonly phases: readonly PhaseEvidence[];
  readonly timeline: readonly TimelineEntry[];
  readonly probes: readonly ProbeEvidence[];
  readonly stableAnswers: number;
  readonly readBack: readonly ReadBackEvidence[];
  readonly recoveries: readonly RecoveryEvidence[];
  /** The steps of the manual procedure, when one was carried out. */
  readonly steps?: readonly StepEvidence[];
  readonly exposure?: Exposure;
  readonly attachments?: readonly Attachment[];
  /**
   * The stage dated what had happened before an instant this much earlier, so that there is a history to restore
   * from. Figures named in `restsOn` rest on it.
   */
  readonly clockOffset?: { readonly ms: number; readonly restsOn: readonly string[] };
  readonly checks: readonly Check[];
  /** The system's own functions, asked again after recovery. */
  readonly functions: readonly {
    readonly service: string;
    readonly name: string;
    readonly outcome: 'good' | 'bad';
    readonly seen: string;
  }[];
  readonly warnings: readonly string[];
  /** The guard rails that were looked at before anything was touched, with what was seen. */
  readonly guardRails?: readonly GuardRailEvidence[];
  /** What ended the drill early, of the conditions that were set for it: it is never met then. */
  readonly stopped?: { readonly by: string; readonly atMs: number };
  /** The experiment of AWS Fault Injection Service that caused the fault. */
  readonly experiment?: ExperimentSeen;
  /** The calls of the AWS API that may have changed something, with their request ids; all lie beside it in calls.jsonl. */
  readonly calls?: readonly ApiCall[];
  /** The stage's clock less the harness's, in ms, as its answers told. */
  readonly stageClockSkewMs?: { readonly min: number; readonly max: number };
  /** Why the drill was not run, when it was not. */
  readonly notRun?: string;
  /** Why no objective can be judged, when the drill was ended early by the harness. */
  readonly undecided?: string;
  /** What broke in the harness itself (then `undecided` is set as well, and the run exits with 3). */
  readonly harnessFailed?: string;
  /** What stays changed on purpose (roles swapped by a failover …). */
  readonly residual: readonly string[];
  /** What the twin itself logged; twin only. */
  readonly truth?: Truth;
}

export interface Truth {
  /** From the kill of the database to its first accepted write; absent when it was not killed. */
  readonly databaseRecoveryMs?: number | null;
  /** How long no task behind the balancer could write, as tasks and balancer saw it. */
  readonly serviceDowntimeMs?: number | null;
  readonly postmasterStartTimeChanged?: boolean;
  readonly azSwapped?: boolean;
  /** How often each kind of rough weather struck; absent in fair weather. */
  readonly weather?: { readonly [kind: string]: number };
}

export interface RunEvidence {
  readonly schemaVersion: 1;
  readonly runId: string;
  readonly toolVersion: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly stage: { readonly kind: string; readonly provenance: 'rehearsal' | 'evidence' };
  readonly seed: number;
  /** Ids of the drills that the run was to make, where that was known: one that left nothing is not passed over. */
  readonly chosen?: readonly string[];
  readonly spoiled: boolean;
  readonly calibration: Calibration;
  readonly host: { readonly node: string; readonly platform: string; readonly postgres?: string };
}

/** The harness measuring an outage of known length that it made itself. */
export interface Calibration {
  readonly trueMs: number;
  readonly measured: RangeMs;
  readonly holds: boolean;
}
