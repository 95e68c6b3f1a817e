/**
 * One line of a write ledger (JSON lines, append only). `intended` is on disk before the request
 * is sent; exactly one of the others follows when it is answered or given up.
 */
export type LedgerEntry =
  | { readonly n: number; readonly reference: string; readonly state: 'intended'; readonly atMs: number }
  | {
      readonly n: number;
      readonly state: 'acknowledged' | 'refused' | 'indeterminate';
      readonly atMs: number;
      readonly reason?: string;
    };
