import { type Table, tableLabel } from '../catalogue/catalogue.ts';
import { type RowHash, rowsOf } from './row-hash.ts';
import { ask, type Side } from './side.ts';

/** The whole content of a table in two numbers, whatever the order of its rows. */
export interface Fingerprint {
  readonly rows: bigint;
  /** The sum of the hashes of all rows, as a decimal number: too big for 64 bits. */
  readonly sum: string;
}

const SUMS = (hash: string): string => `count(*)::text AS rows, coalesce(sum(${hash}::numeric), 0)::text AS sum`;

/**
 * Reads every row once. That tables of different content have equal fingerprints is one chance in some 2^32 under typed
 * equality, in 2^64 under that of text: no proof against somebody who forges rows on purpose.
 */
export async function fingerprint(side: Side, table: Table, { row }: RowHash): Promise<Fingerprint> {
  const rows = await ask<{ rows: string; sum: string }>(
    side,
    tableLabel(table),
    `SELECT ${SUMS(row)} FROM ${rowsOf(table)}`,
  );
  return { rows: BigInt(rows[0]!.rows), sum: rows[0]!.sum };
}

export const sameFingerprint = (a: Fingerprint, b: Fingerprint): boolean => a.rows === b.rows && a.sum === b.sum;

/** The fingerprint of each part of the rows, by the part's number. `part` is an int in SQL, of rows that go by `t`. */
export async function fingerprintsByPart(
  side: Side,
  table: Table,
  { row }: RowHash,
  part: string,
): Promise<Map<number, Fingerprint>> {
  const rows = await ask<{ part: number; rows: string; sum: string }>(
    side,
    tableLabel(table),
    `SELECT ${part} AS part, ${SUMS(row)} FROM ${rowsOf(table)} GROUP BY 1`,
  );
  return new Map(rows.map(({ part: number, rows: count, sum }) => [number, { rows: BigInt(count), sum }]));
}
