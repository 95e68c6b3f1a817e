import type { Field } from '../../fixtures/core/fault.ts';
import type { LedgerEntry } from '../../probes/core/ledger.ts';
import { readLedgerFile } from '../../probes/samples-file.ts';
import type { Check } from '../../reports/core/evidence.ts';
import type { Book } from '../procedures/book.ts';
import type { Canaries } from '../procedures/canaries.ts';
import { canarySides, judgeSides } from '../procedures/core/canary-sides.ts';
import type { CheckMaker } from './spec.ts';

/** Sets the numbers of later canaries apart from those of earlier ones. */
const LATER = 1_000_000;

/**
 * The restored database holds what was written just before the instant that was restored, and nothing of what was
 * written just after it, as a task that runs on it answers. A restore that "succeeded" shows neither.
 */
export const canariesAreOnBothSides: CheckMaker = ({ field, book }): Check => {
  const id = 'canaries-on-both-sides';
  const claim = {
    en: 'what was written just before the restored instant is there, and what was written just after it is not',
    ja: '復元時点の直前に書いたデータはあり、直後に書いたデータはない',
  };
  const present = [...numbers(book.canariesRestored), ...numbers(book.laterCanariesRestored, LATER)];
  const unread = [book.canariesRestored, book.laterCanariesRestored].find((one) => one && 'why' in one);
  if (book.restoredState === undefined || book.canariesRestored === undefined || unread !== undefined) {
    const why = unread && 'why' in unread ? unread.why : 'the restored database was not asked';
    return { id, claim, outcome: 'unknown', seen: why };
  }
  const sides = canarySides(ledgerOf(book), onMonotonicClock(field, book.restoredState));
  return { id, claim, ...judgeSides(sides, present) };
};

const numbers = (read: Book['canariesRestored'], offset = 0): number[] =>
  read !== undefined && 'present' in read ? read.present.map((n) => n + offset) : [];

const ledgerOf = ({ canaries, laterCanaries }: Book): LedgerEntry[] => [
  ...linesOf(canaries),
  ...linesOf(laterCanaries).map((line) => ({ ...line, n: line.n + LATER })),
];

const linesOf = (canaries: Canaries | undefined): readonly LedgerEntry[] =>
  canaries === undefined ? [] : readLedgerFile(canaries.ledgerPath).entries;

const onMonotonicClock = ({ clock }: Field, wall: Date): number => clock.nowMs() - (Date.now() - wall.getTime());
