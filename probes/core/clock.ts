/**
 * The one clock of a run. Milliseconds on the machine's monotonic clock, the same in every process
 * of this machine (CLOCK_MONOTONIC through `process.hrtime`), so the prober, the twin and the tasks
 * can be compared. Never wall time: that can step.
 */
export interface Clock {
  nowMs(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. The only way to wait. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
