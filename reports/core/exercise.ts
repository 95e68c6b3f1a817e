import { durationText } from './duration-text.ts';
import type { DrillEvidence } from './evidence.ts';

/** True when there is no fault to prove: for the control, and where a procedure is practised beside the running system. */
export function breaksNothing({ expectsNoOutage, exercise }: Pick<DrillEvidence, 'expectsNoOutage' | 'exercise'>) {
  return expectsNoOutage || exercise === true;
}

/** True when only a procedure is practised; the control stays one whatever else is said of it. */
export function isExercise({ expectsNoOutage, exercise }: Pick<DrillEvidence, 'expectsNoOutage' | 'exercise'>) {
  return exercise === true && !expectsNoOutage;
}

/** True when rows are restored, beside the running system or into it, so that only canaries among them tell of a loss. */
export function restoresRows(evidence: DrillEvidence): boolean {
  return isExercise(evidence) || evidence.probes.some(({ kind }) => kind === 'content' || kind === 'canary');
}

/** The instant that a drill's times are counted from: its fault or, in an exercise, the start of what is practised. */
export function zeroAtMs(evidence: DrillEvidence): number {
  const { fault, clock } = evidence;
  if (isExercise(evidence)) return procedureStartMs(evidence) ?? clock.startedAtMs;
  return fault.injectedAtMs ?? clock.startedAtMs;
}

/**
 * The instant up to which data should be there. In an exercise the running system loses nothing at all, so its own
 * writes count to the end; what was restored should reach to the instant that it was restored to, or else to the
 * start of the procedure.
 */
export function dataDueAtMs(evidence: DrillEvidence, kind: 'write' | 'canary'): number {
  const { fault, clock } = evidence;
  if (!isExercise(evidence)) return fault.injectedAtMs ?? clock.endedAtMs;
  return kind === 'write' ? clock.endedAtMs : (fault.injectedAtMs ?? procedureStartMs(evidence) ?? clock.endedAtMs);
}

function procedureStartMs({ recoveries }: DrillEvidence): number | undefined {
  const starts = recoveries.filter(({ kind }) => kind === 'manual').map(({ startedAtMs }) => startedAtMs);
  return starts.length === 0 ? undefined : Math.min(...starts);
}

/** Stands beside a figure or a check, by its id, that rests on a history which the stage has only declared. */
export function offsetNote({ clockOffset }: Pick<DrillEvidence, 'clockOffset'>, id: string): string {
  if (!clockOffset?.restsOn.includes(id)) return '';
  return ` (rests on a declared clock offset of ${durationText(clockOffset.ms)})`;
}
