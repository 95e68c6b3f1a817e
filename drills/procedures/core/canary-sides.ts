import type { LedgerEntry } from '../../../probes/core/ledger.ts';

/** Canaries on both sides of the state that was restored. */
export interface CanarySides {
  /** Acknowledged before that instant: they must be there. */
  readonly before: readonly number[];
  /** Not even sent at that instant: they must not be there. */
  readonly after: readonly number[];
}

/**
 * Sorts numbered writes by the instant that was restored to (ms, on the clock of the ledger). A write that was under
 * way at that instant may be there or not.
 *
 *     sent──ack    sent──┼─ack     sent──ack
 *      before       either           after
 *                        restored to
 */
export function canarySides(ledger: readonly LedgerEntry[], restoredToMs: number): CanarySides {
  const before = ledger.filter((line) => line.state === 'acknowledged' && line.atMs <= restoredToMs);
  const after = ledger.filter((line) => line.state === 'intended' && line.atMs > restoredToMs);
  return { before: before.map(({ n }) => n), after: after.map(({ n }) => n) };
}

/** What is wrong with the canaries found; undecided when one side had none to look at. */
export function judgeSides(
  { before, after }: CanarySides,
  present: readonly number[],
): { readonly outcome: 'yes' | 'no' | 'unknown'; readonly seen: string } {
  const found = new Set(present);
  const missing = before.filter((n) => !found.has(n));
  const tooNew = after.filter((n) => found.has(n));
  const seen =
    `${before.length - missing.length} of ${before.length} canaries from before the restore time are there` +
    `, ${tooNew.length} of ${after.length} from after it`;
  if (missing.length > 0 || tooNew.length > 0) return { outcome: 'no', seen };
  if (before.length === 0 || after.length === 0) return { outcome: 'unknown', seen: `${seen}: one side shows nothing` };
  return { outcome: 'yes', seen };
}
