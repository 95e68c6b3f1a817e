import { quoteColumns, quoteTable } from '../../../probes/catalogue/quote.ts';
import { KunrenError } from '../../../probes/core/error.ts';
import { differingKeys } from './comparison.ts';
import { type Listed, refuseCount } from './missing-list.ts';
import {
  type KeyText,
  keyedRows,
  keyLiterals,
  keyNames,
  LEFT,
  type RowTable,
  relation,
  rowDigest,
  selected,
  writableColumns,
} from './row-table.ts';
import { KEYS_AT_ONCE } from './scan.ts';
import type { Sessions } from './sessions.ts';

/**
 * Rows that one COPY inserts; their keys are held in memory meanwhile, some 30 MB. Within one statement rows may refer to
 * each other in any order.
 */
export const ROWS_AT_ONCE = 100_000;

/**
 * Inserts the listed rows of one table and compares each with its original, all inside the transaction. COPY keeps the
 * values of identity columns, fires no rules, and sends the text of each value from server to server as it is.
 */
export async function insertRows(sessions: Sessions, { row }: Listed): Promise<number> {
  const { work } = sessions.target;
  const names = keyNames(row).join(', ');
  await work.query(`DECLARE kunren_keys NO SCROLL CURSOR FOR SELECT ${names} FROM ${row.list} WHERE ${LEFT} IS NULL`);
  let inserted = 0;
  const originals: Checksum = { rows: 0, sum: 0n };
  for (;;) {
    const keys = (await work.texts(`FETCH ${ROWS_AT_ONCE} FROM kunren_keys`)) as KeyText[];
    if (keys.length === 0) break;
    const target = `${quoteTable(row.production)} (${quoteColumns(writableColumns(row))})`;
    const count = await work.copyIn(target, contents(sessions, row, keys));
    refuseCount(row, count, keys.length);
    inserted += count;
    for (const batch of batchesOf(keys)) {
      if (row.key === undefined) await addChecksum(sessions, row, batch, originals);
      else refuseAltered(row, await differingKeys(sessions, row, batch));
    }
  }
  await work.query('CLOSE kunren_keys');
  if (row.key === undefined) await refuseOtherChecksum(sessions, row, originals);
  return inserted;
}

function* batchesOf(keys: readonly KeyText[]): Generator<readonly KeyText[]> {
  for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) yield keys.slice(at, at + KEYS_AT_ONCE);
}

async function* contents({ source }: Sessions, row: RowTable, keys: readonly KeyText[]): AsyncGenerator<Buffer> {
  for (const batch of batchesOf(keys)) {
    const rows = keyedRows(row, row.restored, keyLiterals(row, batch));
    yield* source.rows.copyOut(`SELECT ${selected('t', writableColumns(row))} FROM ${rows}`);
  }
}

function refuseAltered({ label, key }: RowTable, differing: readonly KeyText[]): void {
  const [first] = differing;
  if (first === undefined) return;
  throw new KunrenError(
    'rows-altered',
    `Production would not hold rows of ${label} as they were: ${differing.length} differ, the first with ${key!.columns.join(', ')} = ${first.join(', ')}. Nothing was changed.`,
    'compare the two definitions of the table: a generated column or a type may compute something else now.',
  );
}

/** A sum over rows that does not depend on their order. */
interface Checksum {
  rows: number;
  sum: bigint;
}

/** The first 64 bits of each row's digest. */
const sumOf = (row: RowTable): string =>
  `SELECT count(*)::text, coalesce(sum(('x' || left(${rowDigest(row, 't')}, 16))::bit(64)::bigint), 0)::text`;

async function addChecksum(
  { source }: Sessions,
  row: RowTable,
  keys: readonly KeyText[],
  into: Checksum,
): Promise<void> {
  const [found] = await source.rows.texts(`${sumOf(row)} FROM ${keyedRows(row, row.restored, keyLiterals(row, keys))}`);
  into.rows += Number(found![0]);
  into.sum += BigInt(found![1]!);
}

/** Rows without a key are known by the transaction that wrote them. */
async function refuseOtherChecksum({ target }: Sessions, row: RowTable, originals: Checksum): Promise<void> {
  const [found] = await target.work.texts(
    `${sumOf(row)} FROM ${relation(row.production)} t WHERE xmin = pg_current_xact_id()::xid`,
  );
  if (Number(found![0]) === originals.rows && BigInt(found![1]!) === originals.sum) return;
  throw new KunrenError(
    'rows-altered',
    `Production would not hold the rows of ${row.label} as they were. Nothing was changed.`,
    'compare the two definitions of the table: a generated column or a type may compute something else now.',
  );
}
