/** When a series of probes is due: probe k at t0 + k · interval, whether or not others have answered. */
export interface Pace {
  /** Due time of probe 0, in ms on the run's monotonic clock. */
  readonly t0Ms: number;
  readonly intervalMs: number;
}

/** What to do now, and from which probe to go on. */
export interface Turn {
  /** To be sent now. */
  readonly due: readonly number[];
  /** Too late to be sent: their moment has passed unobserved. */
  readonly missed: readonly number[];
  readonly nextK: number;
  readonly nextDueAtMs: number;
}

/** In ms on the run's monotonic clock. */
export function dueAtMs(pace: Pace, k: number): number {
  return pace.t0Ms + k * pace.intervalMs;
}

/**
 * How late a probe may be sent and still stand for its slot, in ms. Short stalls (collection of
 * garbage, a busy core) are caught up; after a longer one the slots are missed, because a burst
 * of old probes says nothing about the time they were meant for. 100 ms: assumed, about ten
 * times the pauses seen in the prober's thread on two busy cores.
 */
export function sendableForMs(intervalMs: number): number {
  return Math.max(intervalMs, 100);
}

/** Every probe from `nextK` on whose due time has come, told apart into those to send and those missed. */
export function takeTurn(pace: Pace, nextK: number, nowMs: number): Turn {
  const oldestDueAtMs = nowMs - sendableForMs(pace.intervalMs);
  const due: number[] = [];
  const missed: number[] = [];
  let k = nextK;
  for (; dueAtMs(pace, k) <= nowMs; k += 1) (dueAtMs(pace, k) < oldestDueAtMs ? missed : due).push(k);
  return { due, missed, nextK: k, nextDueAtMs: dueAtMs(pace, k) };
}

/**
 * How many probes of a series may be in flight. Each ends by its deadline, so more than this many
 * means that they do not, and sending yet more would only hide it.
 */
export function inFlightLimit(deadlineMs: number, intervalMs: number): number {
  return Math.ceil((deadlineMs + sendableForMs(intervalMs)) / intervalMs) + 2;
}
