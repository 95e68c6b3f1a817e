import { dueAtMs, type Pace } from './pacer.ts';
import type { MissedSlot, Sample } from './sample.ts';

export type Slot = Sample | MissedSlot;

/** How well a window of time was watched by one probe. */
export interface Coverage {
  /** Probes that the schedule has in the window, whether or not anything was recorded of them. */
  readonly due: number;
  readonly sent: number;
  /** Sent, but so late that they stand for another moment; part of `sent`. */
  readonly late: number;
  /** Due and not sent, or not recorded because the prober was gone. */
  readonly missed: number;
  /** Sent in time / due; 0 when nothing was due, so that an empty window is never covered. */
  readonly ratio: number;
  /** The longest time in the window in which nothing was sent. */
  readonly longestGapMs: number;
}

/** Five times the timer's own granularity: the lag that the pacer promises for 99 % of its probes. */
const LATE_AFTER_MS_MIN = 5;

/**
 * Counts the probes due in `[fromMs, toMs)`. The schedule is the pace's, not the record's: a prober
 * that died leaves missed slots, not a shorter window.
 */
export function coverage(slots: readonly Slot[], pace: Pace, fromMs: number, toMs: number): Coverage {
  const lateAfterMs = Math.max(pace.intervalMs, LATE_AFTER_MS_MIN);
  const firstK = Math.max(0, Math.ceil((fromMs - pace.t0Ms) / pace.intervalMs));
  const due = Math.max(0, Math.ceil((toMs - pace.t0Ms) / pace.intervalMs) - firstK);
  let sent = 0;
  let late = 0;
  let gapFromMs = fromMs;
  let longestGapMs = 0;
  for (const slot of slots) {
    if (slot.k < firstK || slot.k >= firstK + due || 'missed' in slot) continue;
    sent += 1;
    if (slot.sentAtMs - slot.dueAtMs > lateAfterMs) late += 1;
    longestGapMs = Math.max(longestGapMs, slot.sentAtMs - gapFromMs);
    gapFromMs = Math.max(gapFromMs, slot.sentAtMs);
  }
  longestGapMs = Math.max(longestGapMs, toMs - gapFromMs);
  return { due, sent, late, missed: due - sent, ratio: due === 0 ? 0 : (sent - late) / due, longestGapMs };
}

/** The pace of a recorded series; `undefined` when nothing was recorded. */
export function paceOf(slots: readonly Slot[], intervalMs: number): Pace | undefined {
  const first = slots[0];
  return first === undefined
    ? undefined
    : { t0Ms: first.dueAtMs - dueAtMs({ t0Ms: 0, intervalMs }, first.k), intervalMs };
}
