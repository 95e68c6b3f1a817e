import { KunrenError } from '../../../../probes/core/error.ts';

/** What the driver throws: the server's own fields, or a socket's code. */
interface DriverError {
  readonly message: string;
  /** SQLSTATE, or as `ECONNRESET`. */
  readonly code?: string;
  readonly detail?: string;
}

export type Side = 'restored' | 'production';

const AGAIN = 'run the same command again: it plans anew, and --plan shows what there is to do.';

/** By SQLSTATE, the whole or its class: a stable code and what to do. Names as in Postgres' appendix A. */
const KNOWN: readonly (readonly [state: RegExp, code: string, remedy: string])[] = [
  [/^53100$/, 'disk-full', `free space there, then ${AGAIN}`],
  [
    /^(53200|54000)$/,
    'row-too-large',
    'bring that row back by pg_dump --format=custom of its table, and leave it out by --where.',
  ],
  [
    /^57014$/,
    'statement-timeout',
    `raise statement_timeout for this role, or ask for fewer rows by --where, then ${AGAIN}`,
  ],
  [
    /^55P03$/,
    'lock-not-granted',
    `wait for the transaction that holds the table (pg_stat_activity shows it), then ${AGAIN}`,
  ],
  [/^40/, 'target-changed', AGAIN],
  [
    /^(23505|23P01|23503)$/,
    'target-changed',
    `if production changed meanwhile, ${AGAIN} If it ends like this once more, leave that row out by --where.`,
  ],
  [
    /^23/,
    'row-not-accepted',
    'a restored row breaks a rule that production has now: leave it out by --where, or change the rule.',
  ],
  [/^(42501|28)/, 'missing-right', 'connect as the owner of the tables, or grant that right.'],
  [/^(08|57P|E[A-Z]+$)/, 'connection-lost', `check that both databases answer, then ${AGAIN}`],
];

const LOST = /^Connection terminated|connection error|timeout expired|socket hang up/i;
const TOO_LARGE = /invalid memory alloc request size|out of memory|string buffer exceeds/i;

/**
 * A server's or a connection's error in one line: what it was, that nothing was changed, and what to do. Call it once the
 * transaction is over: a server rolls back whatever was not committed.
 */
export function wordServerError(error: unknown, side: Side): KunrenError {
  if (error instanceof KunrenError) return error;
  const { code = '', detail, message: text } = error as DriverError;
  // A host of several addresses, none of which answers, is an error without words.
  const message = text === '' ? code : text;
  const state = TOO_LARGE.test(message) ? '54000' : LOST.test(message) ? '08006' : code;
  const known = KNOWN.find(([pattern]) => pattern.test(state));
  const said = [message, detail].filter(Boolean).join(': ').replaceAll(/\s+/g, ' ').replace(/\.$/, '');
  const whose = side === 'restored' ? 'The restored database' : 'Production';
  return new KunrenError(
    known?.[1] ?? 'server-refused',
    `${whose}: ${said}. Nothing was changed.`,
    known?.[2] ?? `look at what the server says, then ${AGAIN}`,
    { cause: error },
  );
}

/** The connection ended between COMMIT and its answer. */
export const unknownCommit = (cause: unknown): KunrenError =>
  new KunrenError(
    'outcome-unknown',
    'The connection to production was lost during COMMIT: all rows are back, or none is.',
    'run it with --plan: rows that came back are counted as the same.',
    { cause },
  );
