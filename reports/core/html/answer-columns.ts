import type { Series } from '../probe-finding.ts';

/** The answers of one probe that were due in one column of the picture. */
export interface AnswerColumn {
  readonly index: number;
  readonly good: number;
  readonly slow: number;
  readonly bad: number;
  readonly missed: number;
}

/** Sorts answers into `count` columns of equal time between two instants. Columns without any are left out. */
export function answerColumns(
  { samples, missed }: Series,
  fromMs: number,
  toMs: number,
  count: number,
): AnswerColumn[] {
  const columns = new Map<number, { good: number; slow: number; bad: number; missed: number }>();
  const add = (dueAtMs: number, what: 'good' | 'slow' | 'bad' | 'missed') => {
    if (dueAtMs < fromMs || dueAtMs > toMs) return;
    const index = Math.min(count - 1, Math.floor(((dueAtMs - fromMs) / (toMs - fromMs)) * count));
    const column = columns.get(index) ?? { good: 0, slow: 0, bad: 0, missed: 0 };
    column[what] += 1;
    columns.set(index, column);
  };
  for (const sample of samples) add(sample.dueAtMs, sample.outcome);
  for (const slot of missed) add(slot.dueAtMs, 'missed');
  return [...columns].sort(([a], [b]) => a - b).map(([index, column]) => ({ index, ...column }));
}
