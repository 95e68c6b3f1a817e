import type { Clock } from '../../probes/core/clock.ts';
import type {
  DrillEvidence,
  GuardRailEvidence,
  Phase,
  PhaseEvidence,
  RecoveryEvidence,
  TimelineEntry,
} from '../../reports/core/evidence.ts';
import type { StepOutcome } from './spec.ts';

/** Tells whoever watches that a drill moved on. */
export type Progress = (line: string) => void;

/** Shows a phase as a step of whatever report wants steps. */
export type Step = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Gathers a drill's evidence while it runs. */
export class DrillNotes {
  readonly phases: PhaseEvidence[] = [];
  readonly timeline: TimelineEntry[] = [];
  readonly recoveries: RecoveryEvidence[] = [];
  readonly steps: StepOutcome[] = [];
  readonly warnings: string[] = [];
  readonly guardRails: GuardRailEvidence[] = [];
  /** When the drill began, on the monotonic clock. */
  readonly beganAtMs: number;
  fault: DrillEvidence['fault'];
  readBack: DrillEvidence['readBack'] = [];
  checks: DrillEvidence['checks'] = [];
  functions: DrillEvidence['functions'] = [];
  residual: string[] = [];
  truth: DrillEvidence['truth'];
  experiment: DrillEvidence['experiment'];
  stopped: DrillEvidence['stopped'];
  notRun: string | undefined;
  undecided: string | undefined;
  harnessFailed: string | undefined;
  readonly #clock: Clock;
  readonly #progress: Progress;
  readonly #step: Step;

  constructor(clock: Clock, progress: Progress, step: Step, faultName: string) {
    this.#clock = clock;
    this.beganAtMs = clock.nowMs();
    this.#progress = progress;
    this.#step = step;
    this.fault = { name: faultName, blastRadius: 'nothing yet', proof: 'not-injected', why: 'no fault was injected' };
  }

  note(source: string, text: string, atMs = this.#clock.nowMs()): void {
    this.timeline.push({ atMs, source, text });
  }

  /** Says what broke in the harness itself, beside what broke before. */
  fail(why: string): void {
    this.harnessFailed = this.harnessFailed === undefined ? why : `${this.harnessFailed}; ${why}`;
  }

  /** Runs one phase and records when it began and how it ended. A failure goes on to the caller. */
  async phase<T>(phase: Phase, work: () => Promise<T>, detailOf: (answer: T) => string = () => ''): Promise<T> {
    const startedAtMs = this.#clock.nowMs();
    this.#progress(`${phase} …`);
    try {
      const answer = await this.#step(phase, work);
      const detail = detailOf(answer);
      this.phases.push({
        phase,
        startedAtMs,
        endedAtMs: this.#clock.nowMs(),
        outcome: 'done',
        ...(detail && { detail }),
      });
      this.#progress(`${phase}: ${detail || 'done'}`);
      return answer;
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.phases.push({ phase, startedAtMs, endedAtMs: this.#clock.nowMs(), outcome: 'failed', detail });
      this.#progress(`${phase}: ${detail}`);
      throw error;
    }
  }
}
