/** The wall clock and the monotonic clock, read together. */
export interface ClockAnchor {
  readonly monoMs: number;
  readonly wallMs: number;
}

/** Reading two clocks one after the other, with a rounded wall clock. Assumed. */
const READING_MS = 10;
/** A clock that is being disciplined may run off by 500 ppm (the kernel's limit, adjtimex(2)). */
const SLEW = 0.0005;

/**
 * How far the wall clock was stepped after the first anchor, in ms: the largest difference seen, so
 * that a step back and forth is not hidden. 0 when it only drifted. Durations never use the wall
 * clock; this is for the note in the report.
 */
export function wallStepMs(anchors: readonly ClockAnchor[]): number {
  const [first, ...later] = anchors;
  let stepMs = 0;
  if (first === undefined) return stepMs;
  for (const anchor of later) {
    const elapsedMs = anchor.monoMs - first.monoMs;
    const offMs = anchor.wallMs - first.wallMs - elapsedMs;
    if (Math.abs(offMs) > READING_MS + SLEW * elapsedMs && Math.abs(offMs) > Math.abs(stepMs)) stepMs = offMs;
  }
  return stepMs;
}
