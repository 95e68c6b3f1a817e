import { KunrenError } from './error.ts';
import type { LedgerEntry } from './ledger.ts';
import type { RangeMs } from './sample.ts';

/** What became of the numbered writes of one ledger. Numbers are listed in ascending order. */
export interface DataLoss {
  readonly intended: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Given up without an answer, or nothing recorded after the intent. Never lost, never extra. */
  readonly indeterminate: number;
  /** Acknowledged and absent. */
  readonly lost: readonly number[];
  /** Indeterminate, and found to exist. */
  readonly indeterminatePresent: readonly number[];
  /** Refused by the service, yet present. */
  readonly refusedPresent: readonly number[];
  /** Present and never intended. */
  readonly neverIntended: readonly number[];
  /**
   * Loss in time: from the oldest lost acknowledged write to the fault. `{0, 0}` when nothing was
   * lost; `null` when no write was acknowledged before the fault, so that nothing could be lost.
   */
  readonly lossMs: RangeMs | null;
}

interface Write {
  readonly n: number;
  outcome?: Exclude<LedgerEntry, { state: 'intended' }>;
}

/**
 * Compares the ledger with the numbers read back from the writer after it has settled.
 *
 *     acknowledged:  ..1..2..3..4..        2 is the last that survived, 3 the oldest that is lost
 *     present:         1  2            fault
 *                            <-------->        msMin = fault − acknowledged(3)
 *                         <----------->        msMax = fault − acknowledged(2)
 *
 * `faultAtMs` is when the fault was injected. It may strike later: where a lost write was
 * acknowledged after that instant, the loss is measured to the newest of the lost ones.
 */
export function dataLoss(ledger: readonly LedgerEntry[], present: readonly number[], faultAtMs: number): DataLoss {
  const writes = readWrites(ledger);
  const found = new Set(present);
  const inState = (state: string) =>
    [...writes.values()].filter((w) => (w.outcome?.state ?? 'indeterminate') === state);
  const numbers = (list: readonly Write[]) => list.map((w) => w.n).sort((a, b) => a - b);
  const isPresent = (w: Write) => found.has(w.n);
  const acknowledged = inState('acknowledged');
  const refused = inState('refused');
  const indeterminate = inState('indeterminate');
  return {
    intended: writes.size,
    acknowledged: acknowledged.length,
    refused: refused.length,
    indeterminate: indeterminate.length,
    lost: numbers(acknowledged.filter((w) => !isPresent(w))),
    indeterminatePresent: numbers(indeterminate.filter(isPresent)),
    refusedPresent: numbers(refused.filter(isPresent)),
    neverIntended: [...found].filter((n) => !writes.has(n)).sort((a, b) => a - b),
    lossMs: lossInTime(acknowledged, isPresent, faultAtMs),
  };
}

function lossInTime(
  acknowledged: readonly Write[],
  isPresent: (w: Write) => boolean,
  faultAtMs: number,
): RangeMs | null {
  const atMs = (w: Write) => w.outcome!.atMs;
  const lostAtMs = acknowledged.filter((w) => !isPresent(w)).map(atMs);
  if (lostAtMs.length === 0) return acknowledged.some((w) => atMs(w) <= faultAtMs) ? { msMin: 0, msMax: 0 } : null;
  const oldestLostAtMs = lostAtMs.reduce((a, b) => Math.min(a, b));
  const endAtMs = lostAtMs.reduce((a, b) => Math.max(a, b), faultAtMs);
  const survivedAtMs = acknowledged
    .filter((w) => isPresent(w) && atMs(w) < oldestLostAtMs)
    .map(atMs)
    .reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return {
    msMin: endAtMs - oldestLostAtMs,
    msMax: Number.isFinite(survivedAtMs) ? endAtMs - survivedAtMs : null,
  };
}

function readWrites(ledger: readonly LedgerEntry[]): Map<number, Write> {
  const writes = new Map<number, Write>();
  for (const entry of ledger) {
    const write = writes.get(entry.n);
    if (entry.state === 'intended' ? write !== undefined : write === undefined || write.outcome !== undefined) {
      throw new KunrenError(
        'ledger-damaged',
        `The ledger's line "${entry.state}" for write ${entry.n} contradicts an earlier one or has no intent before it.`,
        'Do not judge this run by its ledger: run the drill again.',
      );
    }
    if (entry.state === 'intended') writes.set(entry.n, { n: entry.n });
    else write!.outcome = entry;
  }
  return writes;
}
