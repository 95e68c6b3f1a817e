import type { ObjectiveResult } from './result.ts';
import type { Judgement } from './verdict.ts';

/**
 * The objectives of a drill that a stop condition has ended: what was surely over its limit by then is missed; all else
 * was not watched to its end, however good it looks.
 */
export const stoppedObjectives = (objectives: readonly ObjectiveResult[], by: string): ObjectiveResult[] =>
  objectives.map((one) => (one.verdict === 'missed' ? one : { ...one, verdict: 'unknown', why: `stopped by ${by}` }));

/** Never met: nobody knows what would have come. */
export function stoppedVerdict(objectives: readonly ObjectiveResult[], by: string): Judgement {
  const missed = objectives.filter(({ verdict }) => verdict === 'missed').map(({ why }) => why);
  if (missed.length === 0) return { verdict: 'unknown', why: `stopped by ${by}` };
  return { verdict: 'missed', why: `${[...new Set(missed)].join('; ')}; stopped by ${by}` };
}
