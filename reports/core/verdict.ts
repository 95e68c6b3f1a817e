import type { RangeMs } from '../../probes/core/sample.ts';
import { durationText, rangeText } from './duration-text.ts';
import type { Verdict } from './result.ts';

/** A verdict with its one-line reason. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly why: string;
}

/** From the worst to the best. What was not seen never stands as a pass. */
const WORST_FIRST: readonly Verdict[] = ['missed', 'unknown', 'not-run', 'met'];

/**
 * Judges what was measured (ms) against what was promised (ms), on the worst bound.
 * `what` names the figure, e.g. `recovery time`.
 */
export function judgeRange(what: string, measured: RangeMs | null, limitMs: number): Judgement {
  if (measured === null || !isRange(measured)) return { verdict: 'unknown', why: `${what} was not measured` };
  const limit = durationText(limitMs);
  const seen = `${what} ${rangeText(measured)}`;
  if (measured.msMin > limitMs) return { verdict: 'missed', why: `${seen}, over the objective of ${limit}` };
  if (measured.msMax === null)
    return { verdict: 'unknown', why: `${what} was not seen to end (${rangeText(measured)})` };
  if (measured.msMax <= limitMs) return { verdict: 'met', why: `${seen}, within ${limit}` };
  return { verdict: 'unknown', why: `${seen} straddles the objective of ${limit}: probe more often` };
}

/** NaN compares false with everything and would slip past both bounds; what took less than no time was not measured. */
function isRange(range: RangeMs): boolean {
  return Number.isFinite(range.msMin) && range.msMin >= 0 && (range.msMax === null || range.msMax >= range.msMin);
}

/** The worst of several; of none, `unknown`: nothing was judged. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return 'unknown';
  return WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'unknown';
}

/**
 * What the command ends with by its verdicts alone: 0 at least one drill was judged and all are met, 1
 * something missed, 2 something unknown, not run (unless its id is allowed) or nothing judged.
 */
export function exitCode(
  results: readonly { readonly id: string; readonly verdict: Verdict }[],
  options: { readonly allowNotRun: readonly string[] },
): 0 | 1 | 2 {
  if (results.some((result) => result.verdict === 'missed')) return 1;
  const counted = results.filter(({ id, verdict }) => verdict !== 'not-run' || !options.allowNotRun.includes(id));
  const allMet = counted.length > 0 && counted.every((result) => result.verdict === 'met');
  return allMet ? 0 : 2;
}
