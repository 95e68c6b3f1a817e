import type { StageKind, StageNote } from '../../fixtures/core/stage.ts';

/** What a run's main process hands to the workers that run its drills. Plain data. */
export interface RunContext {
  readonly runId: string;
  readonly runDirectory: string;
  readonly configPath: string;
  readonly seed: number;
  /** Whether the prober measured an outage of known length rightly. */
  readonly calibrationHolds: boolean;
  readonly stage: StageNote;
  /** As in RunOptions. */
  readonly restoreTo?: string;
  readonly via?: 'fis';
  readonly outsideWindow?: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    kunren: RunContext;
  }
}

/** What a run is asked to do. Read from the environment by a bare `vitest run --project drill`. */
export interface RunOptions {
  /** The config file; default kunren.config.ts. */
  readonly config?: string;
  readonly stage: StageKind;
  /** The drills that were asked for: one that leaves no evidence is told of. Unknown to a bare vitest. */
  readonly drills?: readonly string[];
  /** The twin's spoil, passed through unread. */
  readonly spoil?: string;
  /** The twin's weather: `fair` (default) or `rough`. */
  readonly weather?: string;
  /** Of stage localstack. */
  readonly endpoint?: string;
  /** Of stage aws: the account that the operator means, and the system's name, said once more. */
  readonly account?: string;
  readonly confirm?: string;
  /** Why a drill may run outside the maintenance windows. */
  readonly outsideWindow?: string;
  /** Faults that can go through AWS Fault Injection Service do. */
  readonly via?: 'fis';
  readonly seed: number;
  /** The instant that drills restore to, where they restore to one (ISO 8601 with an offset). */
  readonly restoreTo?: string;
}

/** The variable that carries RunOptions (as JSON) to a vitest that is not started by `kunren rehearse`. */
export const OPTIONS_VARIABLE = 'KUNREN_OPTIONS';

/** The variable that carries an opened run's context (as JSON) to vitest's global set-up. */
export const CONTEXT_VARIABLE = 'KUNREN_CONTEXT';
