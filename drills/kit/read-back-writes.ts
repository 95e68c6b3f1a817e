import { type ReadBack, readBack } from '../../probes/read-back.ts';
import type { ReadBackEvidence } from '../../reports/core/evidence.ts';
import type { Canaries } from '../procedures/canaries.ts';
import type { Running } from './running.ts';

/** How long the writes may take to be read back, in milliseconds. Assumed: several answers' time. */
const READ_BACK_LIMIT_MS = 15_000;

/** Reads every write probe's references back through the service, once nothing is being written. */
export async function readBackWrites(running: Running): Promise<ReadBackEvidence[]> {
  const found: ReadBackEvidence[] = [];
  for (const { spec } of running.planned) {
    if (spec.kind !== 'write') continue;
    const answer = await readBack(spec, READ_BACK_LIMIT_MS, running.field.signal);
    found.push({ probe: spec.name, ...answer });
  }
  const canaries = running.book.canaries;
  if (canaries === undefined) return found;
  return [...found, { probe: canaries.evidence.name, ...(await canariesFound(running, canaries)) }];
}

/** Destroyed canaries are looked for in production; in an exercise, in what was restored beside it. */
async function canariesFound({ spec, field, book }: Running, canaries: Canaries): Promise<ReadBack> {
  if (!spec.exercise) return await readBack(canaries.spec, READ_BACK_LIMIT_MS, field.signal);
  return book.canariesRestored ?? { why: 'the restored database was not asked' };
}
