import type { Verdict } from './result.ts';
import type { DrillRecord, RunDocument } from './run-document.ts';
import { worstVerdict } from './verdict.ts';

/**
 * The verdict on a whole run: the worst of its drills'. A drill's own verdict stands when the harness failed
 * after it was measured (an undo that did not end), but a run that may have left something broken is not met.
 */
export function overallVerdict({ drills }: RunDocument): Verdict {
  const failed = drills.filter(({ evidence }) => evidence.harnessFailed !== undefined);
  return worstVerdict([...drills.map(({ result }) => result.verdict), ...failed.map(() => 'unknown' as const)]);
}

/** A drill's reason, and what broke in the harness itself where that is another one. */
export function reasonOf({ evidence, result }: DrillRecord): string {
  const { harnessFailed } = evidence;
  return harnessFailed === undefined || harnessFailed === result.why
    ? result.why
    : `${result.why}; the harness failed: ${harnessFailed}`;
}
