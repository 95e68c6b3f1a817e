import type { Table } from '../catalogue/catalogue.ts';
import { type RowHash, rowsOf } from './row-hash.ts';
import type { Side } from './side.ts';

/** The whole content of a table in two numbers, whatever the order of its rows. */
export interface Fingerprint {
  readonly rows: bigint;
  /** The sum of the hashes of all rows, as a decimal number: too big for 64 bits. */
  readonly sum: string;
}

/**
 * Reads every row once. Two tables with equal fingerprints hold the same rows, but for one chance in some 2^63: the
 * hashes are not proof against somebody who forges rows on purpose.
 */
export async function fingerprint({ client }: Side, table: Table, { row }: RowHash): Promise<Fingerprint> {
  const { rows } = await client.query<{ rows: string; sum: string }>(
    `SELECT count(*)::text AS rows, coalesce(sum(${row}::numeric), 0)::text AS sum FROM ${rowsOf(table)}`,
  );
  return { rows: BigInt(rows[0]!.rows), sum: rows[0]!.sum };
}

export const sameFingerprint = (a: Fingerprint, b: Fingerprint): boolean => a.rows === b.rows && a.sum === b.sum;
