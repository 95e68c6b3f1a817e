import { apiMissingIn } from '../../fixtures/core/missing-api.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { DrillNotes } from './record.ts';

/** Ends that are no failure of the harness: the system was not fit to be drilled, or the drill was ended. */
const EXPECTED_ENDS = new Set([
  'steady-state-not-held',
  'system-not-whole',
  'not-arranged',
  'drill-time-out',
  'interrupted',
  'vantage',
  'alarms-unseen',
]);

/**
 * Records an early end. What was refused, or what the stage lacks, was not run; a stop condition is on record already,
 * and judged by what was measured; an interrupt and a system that does not allow a drill decide nothing; all else is the
 * harness failing.
 */
export function giveUp(record: DrillNotes, error: unknown, signal: AbortSignal): void {
  const reason = signal.aborted ? signal.reason : error;
  const notRun = reasonNotRun(record, reason);
  if (notRun !== undefined) {
    record.notRun = notRun;
    return;
  }
  const code = reason instanceof KunrenError ? reason.code : undefined;
  if (code === 'stop-condition' && record.stopped !== undefined) return;
  const text = reason instanceof Error ? reason.message : String(reason);
  record.undecided = text;
  const expected = apiMissingIn(reason) !== undefined || (code !== undefined && EXPECTED_ENDS.has(code));
  // Beside what undoing may have left behind.
  if (!expected) record.fail(text);
  record.note('kunren', `ended early: ${text}`);
}

/** Nothing was broken, and why. */
function reasonNotRun({ fault }: DrillNotes, reason: unknown): string | undefined {
  if (fault.proof !== 'not-injected') return undefined;
  const code = reason instanceof KunrenError ? reason.code : undefined;
  if (code === 'refused' || code === 'not-offered') {
    const { problem, remedy } = reason as KunrenError;
    return `${problem} Remedy: ${remedy}`;
  }
  return apiMissingIn(reason)?.problem;
}
