import type { Field } from '../../fixtures/core/fault.ts';
import type { Stage } from '../../fixtures/core/stage.ts';
import type { System } from '../../fixtures/core/system.ts';
import type { Prober } from '../../probes/prober.ts';
import type { Book } from '../procedures/book.ts';
import type { Journal } from './journal.ts';
import type { PlannedProbe } from './probing.ts';
import type { DrillNotes, Progress, Step } from './record.ts';
import type { DrillSpec } from './spec.ts';

/** What a drill needs to run. */
export interface DrillContext {
  readonly drillId: string;
  readonly runId: string;
  /** The drill's own folder for its evidence; made when missing. */
  readonly directory: string;
  readonly system: System;
  /** Of what is chosen at random: the victim, and the instant of the fault within an interval. */
  readonly seed: number;
  /** The instant that an operator wants restored, where a drill restores to one. */
  readonly restoreTo?: Date;
  readonly stage: Stage;
  /** Faults that can go through AWS Fault Injection Service do. */
  readonly via?: 'fis';
  /** Of stage aws: the account that the operator means. */
  readonly account?: string;
  /** Why it may run outside the maintenance windows. */
  readonly outsideWindow?: string;
  readonly journal: Journal;
  readonly progress: Progress;
  readonly step: Step;
  /** Fires on an interrupt, a time-out, or when the stage dies (with its reason). */
  readonly signal: AbortSignal;
}

/** A drill at work: its parts share these. */
export interface Running {
  readonly spec: DrillSpec;
  readonly context: DrillContext;
  readonly field: Field;
  readonly record: DrillNotes;
  readonly book: Book;
  readonly prober: Prober;
  readonly planned: readonly PlannedProbe[];
  readonly stableAnswers: number;
  /** Ends the drill, with the reason: it is undone then. */
  endEarly(reason: unknown): void;
}
