/** Which rows to bring back. The tables are named as in SQL. */
export interface RowsRequest {
  /** URL of the database that still has them. Only read. */
  readonly from: string;
  /** URL of production. */
  readonly to: string;
  readonly tables: readonly string[];
  /** A condition in SQL on the rows of `from`, for each of the tables. */
  readonly where?: string;
  /** How long the whole may take. */
  readonly limitMs?: number;
  /** Ends it early: rolled back. */
  readonly signal?: AbortSignal;
}

/** What bringing rows back would do, or why it is refused. Plain data, as evidence is. */
export interface RowsPlan {
  readonly from: DatabaseLabel;
  readonly to: DatabaseLabel;
  readonly where?: string;
  /** In the order in which they are filled: parents first. */
  readonly tables: readonly TablePlan[];
  /** Foreign keys that Postgres checks at the end of the transaction only: those of cycles. */
  readonly deferred: readonly DeferredKey[];
  /** Beside those that every insert takes. */
  readonly locks: readonly TableLock[];
  readonly sequences: readonly SequenceMove[];
  /** Not empty: nothing is written. */
  readonly refusals: readonly Refusal[];
}

export interface DatabaseLabel {
  readonly database: string;
  /** Host and port of the URL. */
  readonly address: string;
}

export interface TablePlan {
  readonly table: string;
  /** Columns by which a row is found again; none: by its whole content. */
  readonly key: readonly string[];
  /** Rows of the restored database that fulfil the condition. */
  readonly rowsRestored: number;
  readonly rowsProduction: number;
  /** Rows of the restored database that production holds with the same content. */
  readonly same: number;
  /** Rows that production lacks: to be inserted, or left alone with a reason. */
  readonly missing: number;
  readonly toInsert: number;
  /** Rows left alone since production holds other content under a key of theirs. */
  readonly conflicts: number;
  /** Rows left alone since a row that they refer to is neither in production nor brought back. */
  readonly orphans: number;
  /** The first of those left alone. */
  readonly leftAlone: readonly LeftAlone[];
  /** What is done about triggers, rules and columns of one side only. */
  readonly notes: readonly string[];
}

/** Columns and their values as text, long ones cut. */
export interface RowText {
  readonly [column: string]: string | null;
}

export interface LeftAlone {
  readonly why: 'same-key' | 'other-unique' | 'other-table' | 'no-parent';
  /** In words, with the constraint, and for `no-parent` the table to ask for as well. */
  readonly reason: string;
  readonly restored: RowText;
  /** The row of production that is in the way. */
  readonly production?: RowText;
}

export interface DeferredKey {
  readonly table: string;
  readonly constraint: string;
  /** It is NOT DEFERRABLE: altered inside the transaction and back again. */
  readonly altered: boolean;
}

export interface TableLock {
  readonly table: string;
  readonly mode: string;
  readonly why: string;
}

export interface SequenceMove {
  readonly sequence: string;
  /** As text: it may be beyond what a number holds. */
  readonly from: string;
  readonly to: string;
}

export interface Refusal {
  /** Stable, e.g. `schema-drift`. */
  readonly code: string;
  readonly table?: string;
  readonly problem: string;
  readonly remedy: string;
}

/** What was done. */
export interface RowsOutcome {
  /** As it was made inside the transaction. */
  readonly plan: RowsPlan;
  /** Committed, or there was nothing to insert. False: refused, and nothing was written. */
  readonly applied: boolean;
  readonly inserted: readonly { readonly table: string; readonly rows: number }[];
}
