/**
 * One probe that was sent. All instants are milliseconds on the run's monotonic clock.
 *
 * `good`: the answer came within the deadline and was right. `slow`: it was right and within the
 * deadline, but later than the probe's `slowMs`. `bad`: anything else, with a reason such as
 * `connect ECONNREFUSED`, `deadline`, `HTTP 503`, `redirect 302`, `body`, `tls …`, `stale read`.
 */
export interface Sample {
  /** The number of the probe: it was due at t0 + k · interval. */
  readonly k: number;
  readonly dueAtMs: number;
  readonly sentAtMs: number;
  /** When it was answered, or given up. */
  readonly answeredAtMs: number;
  readonly outcome: 'good' | 'slow' | 'bad';
  readonly reason?: string;
}

/** A probe that was due and could not be sent (too many in flight, or the prober was stalled). */
export interface MissedSlot {
  readonly k: number;
  readonly dueAtMs: number;
  readonly missed: true;
}

/** A length of time known only within bounds. `msMax` is `null` while its end was not seen. */
export interface RangeMs {
  readonly msMin: number;
  readonly msMax: number | null;
}
